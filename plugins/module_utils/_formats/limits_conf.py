# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""limits.conf(5): the lines about nofile, and which of them pam_limits(8) applies to an account.

As in modules/pam_limits/pam_limits.c: it reads /etc/security/limits.conf, then *.conf in limits.d in byte order of the
names. A line for the user (or a range of uids) takes precedence over one for a group, and that over `*`; of equals the
later one wins. A line `domain -`, without item and value, exempts the account from all limits.

Since 1.6.0 fields are separated by blanks and tabs only, so `unlimited` is invalid with a carriage return or more words
behind it; see as_scanned() for earlier releases.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple, Tuple

from . import drop_ins
from .rlimit import INFINITY, bounded_number

# A file in /etc masks the one of the same name in the distribution's directory (pam_limits(8), VENDORDIR): that of
# openSUSE, the default of Linux-PAM since 1.7.0, or that of Fedora.
PLACES = ("/etc/security", "/usr/etc/security", "/usr/share/pam/security", "/usr/share/security")
DIRECTORIES = tuple(f"{place}/limits.d" for place in PLACES)
MAINS = tuple(f"{place}/limits.conf" for place in PLACES)
DIRECTORY, MAIN = DIRECTORIES[0], MAINS[0]

# The pam_limits of Debian and Ubuntu differs. Lines for groups and `*` do not apply to root (pam_limits_explicit_root).
# A limit that cannot be set does not end the session (032_pam_limits_EPERM_NOT_FATAL); elsewhere pam_limits fails.
# Before 1.7.0, a session starts from the limits of PID 1, with a soft limit of at most FD_SETSIZE, and not from what it
# inherits (027_pam_limits_better_init_allow_explicit_root and pam-limits-nofile-fd-setsize-cap; Debian bug 995236).
DPKG_STATUS = "/var/lib/dpkg/status"
Version = Tuple[int, ...]
FD_SETSIZE = 1024
_PACKAGE = re.compile(r"^Package: libpam-modules\n(?:.+\n)*?Version: (?:\d+:)?(\d+)\.(\d+)(?:\.(\d+))?", re.MULTILINE)
_FIRST_TO_INHERIT = (1, 7)
# Earlier releases read a line with sscanf(3).
_FIRST_TO_SPLIT = (1, 6)
# Earlier releases fail without MAIN, and set no limits.
_FIRST_WITHOUT_MAIN = (1, 5, 3)
# Upstream 1.5.2 is the first release that replaces unlimited by fs.nr_open. Debian and Ubuntu have no other 1.5 before.
_FIRST_WITH_UNLIMITED = (1, 5)

SOFT, HARD, BOTH = "soft", "hard", "-"
_UNLIMITED = ("-1", "-", "unlimited", "infinity")
_USER, _GROUP, _DEFAULT = range(3)
_IDS = 1 << 32
# LOGIN_NAME_MAX and a sign: a longer domain matches no account.
_LONGEST_NAME, _LONGEST_SHOWN = 257, 60
_BLANKS = re.compile(r"[ \t]+")
# isspace(3), which does not know the no-break space of text that was copied from a web page.
_SPACE = " \t\n\v\f\r"
_RANGE = re.compile(r"(?P<low>[0-9]*):(?P<high>[0-9]*)\Z")
_NUMBER = re.compile(r"\s*(?P<sign>[+-]?)(?P<digits>[0-9]+)", re.ASCII)


class Entry(NamedTuple):
    """One line.

    type: SOFT, HARD or BOTH. value: INFINITY for unlimited, None for a line that exempts the domain from all limits.
    written: the value as the line has it.
    """

    path: str
    line: int
    domain: str
    type: str
    value: int | None
    written: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def described(self) -> str:
        """The place of the line, with its value if that is no number."""
        return f"{self} says {self.written}" if self.value == INFINITY else str(self)


class Account(NamedTuple):
    """A user account. groups: gid by name, including the primary group."""

    name: str
    uid: int
    gid: int
    groups: dict[str, int]


class Session(NamedTuple):
    """The lines that apply to a login, None for no line. ended_by: the line that exempts it from all limits."""

    soft: Entry | None = None
    hard: Entry | None = None
    ended_by: Entry | None = None


def files_in_order(paths: Iterable[str]) -> list[str]:
    """Return those of `paths` that pam_limits reads, in its order."""
    present = set(paths)
    main = [path for path in MAINS if path in present][:1]
    return main + drop_ins.in_order(DIRECTORIES, present)


def entries(path: str, text: str) -> list[Entry]:
    """Return the lines of a file that set nofile or exempt a domain. Skips malformed lines, as pam_limits does."""
    found = (_entry(path, number, raw) for number, raw in enumerate(text.split("\n"), start=1))
    return [entry for entry in found if entry is not None]


def session(lines: Iterable[Entry], account: Account | None, *, wildcards: bool = True) -> Session:
    """Return the lines that apply to a login of `account`, or of a user that only `*` covers if it is None.

    wildcards: whether limits for groups and `*` apply, which on Debian they do not to root; exemptions of groups do.
    """
    ranks = {SOFT: _DEFAULT, HARD: _DEFAULT}
    winners: dict[str, Entry | None] = {SOFT: None, HARD: None}
    for entry in lines:
        rank = _rank(entry.domain, account)
        if rank is None:
            continue
        if entry.value is None:
            if entry.domain != "*":
                return Session(ended_by=entry)
            continue
        if rank > _USER and not wildcards:
            continue
        for part in (SOFT, HARD) if entry.type == BOTH else (entry.type,):
            if ranks[part] < rank:
                break  # for a line for both, pam_limits then skips the hard part too
            ranks[part], winners[part] = rank, entry
    return Session(winners[SOFT], winners[HARD])


def value(entry: Entry, *, unlimited: int) -> int:
    """Return the limit that a line sets. unlimited: what pam_limits sets for this word."""
    return unlimited if entry.value is None or entry.value >= INFINITY else entry.value


def unlimited_fails(debian: Version | None) -> bool:
    """Return whether pam_limits tries to set INFINITY for `unlimited`, which always fails, instead of fs.nr_open.

    debian: the version of libpam-modules, None on other distributions.
    """
    return debian is not None and debian < _FIRST_WITH_UNLIMITED


def debian_version(dpkg_status: str) -> Version | None:
    """Return the version of libpam-modules in dpkg's status file, or None if it is not installed.

    >>> debian_version("Package: libpam-modules\\nStatus: install ok installed\\nVersion: 1.5.2-6+deb12u2\\n")
    (1, 5, 2)
    """
    match = _PACKAGE.search(dpkg_status)
    return tuple(int(number) for number in match.groups("0")) if match else None


def needs_main(debian: Version | None) -> bool:
    """Return whether pam_limits fails without MAIN. debian: the version of libpam-modules, None elsewhere."""
    return debian is not None and debian < _FIRST_WITHOUT_MAIN


def starts_from_init(debian: Version) -> bool:
    """Return whether sessions start from the limits of PID 1. debian: the version of libpam-modules."""
    return debian < _FIRST_TO_INHERIT


def as_scanned(text: str, debian: Version | None) -> str:
    """Return the text of a file as the given version of libpam-modules reads it, for entries().

    >>> as_scanned("* - nofile unlimited and more\\r\\n", (1, 5))
    '* - nofile unlimited\\n'
    """
    if debian is None or debian >= _FIRST_TO_SPLIT:
        return text
    return "\n".join(" ".join(re.findall(r"\S+", line, re.ASCII)[:4]) for line in text.split("\n"))


def _entry(path: str, number: int, raw: str) -> Entry | None:
    fields = _BLANKS.split(raw.lstrip(_SPACE).partition("#")[0].strip(" \t"), maxsplit=3)
    if len(fields[0]) > _LONGEST_NAME:
        return None
    if len(fields) == 2 and fields[1].startswith("-"):
        return Entry(path, number, fields[0], BOTH, None)
    if len(fields) != 4 or fields[2].lower() != "nofile" or fields[1].lower() not in (SOFT, HARD, BOTH):
        return None
    amount = _amount(fields[3].lower())
    return (
        None
        if amount is None
        else Entry(path, number, fields[0], fields[1].lower(), amount, fields[3][:_LONGEST_SHOWN])
    )


def _amount(text: str) -> int | None:
    """Parse a value like strtoull(3), which ignores anything after the leading digits, and wraps a negative number."""
    if text in _UNLIMITED:
        return INFINITY
    match = _NUMBER.match(text)
    if match is None:
        return None
    amount = bounded_number(match["digits"])
    return -amount % (INFINITY + 1) if match["sign"] == "-" and amount < INFINITY else amount


def _rank(domain: str, account: Account | None) -> int | None:
    """Return the precedence of a domain for the account, lower is stronger; None if it does not apply."""
    if domain == "*":
        return _DEFAULT
    if account is None:
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
    return frozenset({account.gid, *account.groups.values()})


def _bounds(text: str) -> tuple[int, int] | None:
    """Parse a range of ids: `500:600`, `500:` (and above), `:500` (only that one). Returns None if it is not one.

    An id has 32 bits, and pam_limits drops those above: `1000:9999999999` ends at 1410065407.
    """
    match = _RANGE.match(text)
    if match is None or text == ":":
        return None
    low, high = (bounded_number(match[part]) for part in ("low", "high"))
    if INFINITY in (low, high):
        return None
    low, high = low % _IDS, high % _IDS
    return low if match["low"] else high, high if match["high"] else _IDS
