# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of limits.conf(5) about nofile, and what pam_limits(8) makes of them for one account.

As modules/pam_limits/pam_limits.c reads them: /etc/security/limits.conf, then *.conf of limits.d in byte order of the
names. A line for the user (or a range of uids) beats one for a group, which beats `*`; among equals the later one wins.
`domain -` alone, without item and value, ends the reading: that account gets no limit from any later line.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple

from .rlimit import INFINITY

# How Debian's pam_limits (Ubuntu's as well) differs from everybody else's, by the version of its package.
#
# Lines for groups and `*` do not cover root (pam_limits_explicit_root). Before 1.7.0 a session starts from the limits
# of PID 1, soft at most FD_SETSIZE, and not from what it inherits (027_pam_limits_better_init_allow_explicit_root and
# pam-limits-nofile-fd-setsize-cap; dropped with Debian bug 995236).

STATUS = "/var/lib/dpkg/status"
FD_SETSIZE = 1024
_PACKAGE = re.compile(r"^Package: libpam-modules\n(?:.+\n)*?Version: (?:\d+:)?(\d+)\.(\d+)", re.MULTILINE)
_FIRST_TO_INHERIT = (1, 7)


def version(status: str) -> tuple[int, int] | None:
    """The version of libpam-modules in the text of dpkg's status file; None where it is not installed.

    >>> version("Package: libpam-modules\\nStatus: install ok installed\\nVersion: 1.5.2-6+deb12u2\\n")
    (1, 5)
    """
    match = _PACKAGE.search(status)
    return (int(match[1]), int(match[2])) if match else None


def resets(found: tuple[int, int]) -> bool:
    """Whether sessions start from the limits of PID 1."""
    return found < _FIRST_TO_INHERIT


DIRECTORY = "/etc/security/limits.d"
MAIN = "/etc/security/limits.conf"
# A distribution may ship its own below /usr/etc; a file of /etc masks the one of the same name (pam_limits(8),
# VENDORDIR).
VENDOR_DIRECTORY, VENDOR_MAIN = "/usr/etc/security/limits.d", "/usr/etc/security/limits.conf"

SOFT, HARD, BOTH = "soft", "hard", "-"
_ENDLESS = ("-1", "-", "unlimited", "infinity")
_USER, _GROUP, _DEFAULT = 0, 1, 4
_RANGE = re.compile(r"(?P<low>[0-9]*):(?P<high>[0-9]*)\Z")


class Entry(NamedTuple):
    """One line.

    type: SOFT, HARD or BOTH. value: descriptors, INFINITY where it has none; None for a line that ends the reading.
    """

    path: str
    line: int
    domain: str
    type: str
    value: int | None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Account(NamedTuple):
    """A user as pam_limits knows one. groups: gid by name, the primary one among them."""

    name: str
    uid: int
    gid: int
    groups: dict[str, int]


class Session(NamedTuple):
    """What the lines give a login: the entry that wins each part, or None.

    ended_by: the line after which none was read.
    """

    soft: Entry | None = None
    hard: Entry | None = None
    ended_by: Entry | None = None


def files_in_order(paths: Iterable[str]) -> list[str]:
    """Those of `paths` that pam_limits reads, in its order."""
    present = set(paths)
    place: dict[str, str] = {}
    for directory in (DIRECTORY, VENDOR_DIRECTORY):
        for path in present:
            folder, name = path.rsplit("/", 1)
            if folder == directory and name.endswith(".conf") and not name.startswith("."):
                place.setdefault(name, path)
    main = [path for path in (MAIN, VENDOR_MAIN) if path in present][:1]
    return main + [place[name] for name in sorted(place, key=lambda name: name.encode("utf-8", "surrogateescape"))]


def entries(path: str, text: str) -> list[Entry]:
    """The lines of a file's text that set nofile or end the reading, in their order.

    pam_limits skips bad lines; so does this.
    """
    found = (_entry(path, number, raw) for number, raw in enumerate(text.split("\n"), start=1))
    return [entry for entry in found if entry is not None]


def session(lines: Iterable[Entry], account: Account | None, *, wildcards: bool = True) -> Session:
    """What a login of `account` gets from the lines, in their order; None stands for whoever only `*` covers.

    wildcards: whether lines for groups and `*` count. Debian's PAM does not apply them to root, others do.
    """
    ranks = {SOFT: _DEFAULT + 1, HARD: _DEFAULT + 1}
    winners: dict[str, Entry | None] = {SOFT: None, HARD: None}
    for entry in lines:
        rank = _rank(entry.domain, account)
        if rank is None or (rank > _USER and not wildcards):
            continue
        if entry.value is None:
            if entry.domain != "*":
                return Session(ended_by=entry)
            continue
        for part in (SOFT, HARD) if entry.type == BOTH else (entry.type,):
            if ranks[part] < rank:
                break  # of a line for both, pam_limits then leaves the hard part too
            ranks[part], winners[part] = rank, entry
    return Session(winners[SOFT], winners[HARD])


def value(entry: Entry, *, nr_open: int) -> int:
    """The number a line sets; pam_limits takes fs.nr_open where the line says there is no limit."""
    return nr_open if entry.value is None or entry.value >= INFINITY else entry.value


def _entry(path: str, number: int, raw: str) -> Entry | None:
    fields = raw.lstrip().partition("#")[0].split(None, 3)
    if len(fields) == 2 and fields[1].startswith("-"):
        return Entry(path, number, fields[0], BOTH, None)
    if len(fields) != 4 or fields[2].lower() != "nofile" or fields[1].lower() not in (SOFT, HARD, BOTH):
        return None
    amount = _amount(fields[3].strip().lower())
    return None if amount is None else Entry(path, number, fields[0], fields[1].lower(), amount)


def _amount(text: str) -> int | None:
    """The value as strtoull(3) reads it: leading digits count, what follows them does not."""
    if text in _ENDLESS:
        return INFINITY
    digits = re.match(r"\+?([0-9]+)", text)
    return min(int(digits[1]), INFINITY) if digits else None


def _rank(domain: str, account: Account | None) -> int | None:
    """The class in which a line's domain covers the account, the lower the stronger; None where it does not."""
    if domain == "*":
        return _DEFAULT
    if account is None or domain.startswith("%"):
        return None
    if domain == account.name:
        return _USER
    if domain.startswith("@"):
        return _GROUP if _in_group(domain[1:], account) else None
    bounds = _bounds(domain)
    return _USER if bounds and bounds[0] <= account.uid <= bounds[1] else None


def _in_group(group: str, account: Account) -> bool:
    if ":" not in group:
        return group in account.groups
    bounds = _bounds(group)
    if bounds is None:
        return False
    members = _gids(account) if group.startswith(":") else frozenset([account.gid])
    return any(bounds[0] <= gid <= bounds[1] for gid in members)


def _gids(account: Account) -> frozenset[int]:
    return frozenset([account.gid, *account.groups.values()])


def _bounds(text: str) -> tuple[int, int] | None:
    """The ids a range names: `500:600`, `500:` (and above), `:500` (that one alone); None where it is none."""
    match = _RANGE.match(text)
    if match is None or text == ":":
        return None
    low, high = match["low"], match["high"]
    if not low:
        return int(high), int(high)
    return int(low), int(high) if high else INFINITY
