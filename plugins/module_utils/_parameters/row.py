# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known about one kernel parameter, and the text form of a catalogue row.

A row is one line of a ROWS table in rows_*.py; indented lines continue it:

    net.ipv4.tcp_rto_max_ms  int  120000  low=1000 high=120000 since=6.15
        | A sentence for people, shown if the parameter is skipped or its value is doubtful.
        ! ..4999 hazard 5000: what these values do, although the kernel accepts them

It has a name, a shape, the kernel's default and any number of words. A shape (see SHAPES) says how the kernel reads the
numbers. The default is `-` if it depends on the machine or the kernel version; commas separate the numbers of a vector.
A word is a flag (see _FLAGS) or `field=value` for a field of Parameter. A `*` in a name stands for any one part.
The linter reads the values after `!` (see plugin_utils/lint/rules_values.py).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Callable, Iterator, NamedTuple

from .._common.errors import MalformedInput

NETNS = "network namespace"
IPCNS = "IPC namespace"
HOST_WIDE = "host-wide"
NEVER = "0"

_VERSION = re.compile(r"\d+(?:\.\d+){0,2}", re.ASCII)
# The bounds and defaults of the catalogue hold for this kernel and later ones.
_OLDEST_SUPPORTED = "4.18"

_INT_MIN, _INT_MAX = -(2**31), 2**31 - 1
_UINT_MAX, _ULONG_MAX = 2**32 - 1, 2**64 - 1
# The kernel checks |value| <= INT_MAX / HZ and stores negative numbers. Kernels are built with HZ from 100 to 1000.
_SECONDS_MAX, _SECONDS_SURE = _INT_MAX // 100, _INT_MAX // 1000
# Kernels of Red Hat, such as 4.18.0-553.el8_10, take over features of later kernels as well as fixes.
_FEATURES_BACKPORTED = re.compile(r"\.el\d", re.ASCII)

# A shape is a handler of kernel/sysctl.c with its bounds in Linux 4.18: what the kernel accepts may not be refused.
SHAPES: dict[str, dict[str, Any]] = {
    "int": {"kind": "int", "low": _INT_MIN, "high": _INT_MAX},
    "natural": {"kind": "int", "low": 0, "high": _INT_MAX},
    "switch": {"kind": "int", "low": 0, "high": 1},
    # Linux 5.13 changed these from int to u8 (proc_dou8vec_minmax()).
    "byte": {"kind": "int", "low": _INT_MIN, "high": _INT_MAX, "bounds_since": (("5.13", 0, 255),)},
    "unsigned": {"kind": "int", "low": 0, "high": _UINT_MAX},
    "long": {"kind": "int", "low": 0, "high": _ULONG_MAX},
    "seconds": {
        "kind": "int",
        "low": -_SECONDS_MAX,
        "high": _SECONDS_MAX,
        "sure": (-_SECONDS_SURE, _SECONDS_SURE),
    },
    # proc_dointvec_ms_jiffies() stores ticks, so 1001 reads back as 1004 at HZ=250.
    "milliseconds": {"kind": "int", "low": 0, "high": _INT_MAX, "rounds": True},
    "vector": {"kind": "vector", "low": _INT_MIN, "high": _INT_MAX},
    "ports": {"kind": "ports", "low": 0, "high": 65535},
    "word": {"kind": "word"},
    "words": {"kind": "words"},
}
_FLAGS: dict[str, dict[str, Any]] = {
    "host_wide": {"scope": HOST_WIDE},
    "ipc": {"scope": IPCNS},
    "raise_only": {"raise_only": True},
    "capacity": {"capacity": True},
    "rounds": {"rounds": True},
    "read_only": {"writable": False},
    "secret": {"secret": True},
    "at_most_varies": {"at_most_varies": True},
}


class Parameter(NamedTuple):
    """One sysctl(8) parameter. Versions are like `4.12`; an empty text means that the field does not apply.

    name: canonical name, with dots between its parts.
    kind: `int` (one number), `vector` (`count` numbers), `ports` (a set such as `80,8000-8100`), `word` or `words`.
    low, high: inclusive bounds of each number in Linux 4.18; None if there is none. No kernel accepts more.
    sure: narrower bounds, if some kernels of the same version accept no more than these; else None.
    bounds_since: (first kernel, low, high) of later upstream kernels, oldest first. See on().
    scope: what one value applies to: NETNS, IPCNS or HOST_WIDE (also if child namespaces show the key).
    default: the kernel's default if it is the same on every machine and supported kernel; else None.
    removed: the first kernel without it; NEVER if no kernel ever had it.
    renamed_to: the name to use instead.
    module: the kernel module that provides the key.
    raise_only: a value below the running one breaks running programs (hazard `floor_lowered`).
    writable: False if the kernel only shows it, or if it is a trigger that holds no value.
    note: one sentence, shown if the key is skipped or its value is doubtful.
    alias_of: the other name of the same value.
    rounds: the kernel may store a neighbour of the number that was written.
    secret: its value must not be shown.
    since: the first kernel with it, if later than 2.6.
    stable_since: the first kernel whose stable updates have it, if earlier than `since`.
    netns_since: the first kernel with one value for each network namespace; before it, the parameter is host-wide.
    idle_since: the first kernel that has it but ignores it.
    writable_since: the first kernel that allows writing it.
    default_since: (first kernel, default) pairs of upstream kernels, oldest first, if `default` alone does not tell.
    at_most: the parameter whose first number is an upper bound for the first number of this one (else EINVAL).
    at_most_varies: only some stable kernels enforce at_most.
    counterpart: the same setting in another unit; writing either sets the other to 0.
    hazard: the hazard of changing it (see _sysctl/hazards.py).
    capacity: a limit that is only ever raised on purpose; lowering it breaks nothing that runs.
    by_memory: (bytes of memory for each unit, highest default) if the kernel sizes the default by memory; else None.
    harmful: values that the kernel accepts but that do harm, as text.
    """

    name: str
    kind: str = "int"
    low: int | None = None
    high: int | None = None
    count: int = 1
    scope: str = NETNS
    default: str | None = None
    removed: str = ""
    renamed_to: str = ""
    module: str = ""
    raise_only: bool = False
    writable: bool = True
    note: str = ""
    sure: tuple[int, int] | None = None
    bounds_since: tuple[tuple[str, int, int], ...] = ()
    alias_of: str = ""
    rounds: bool = False
    secret: bool = False
    since: str = ""
    stable_since: str = ""
    netns_since: str = ""
    idle_since: str = ""
    writable_since: str = ""
    default_since: tuple[tuple[str, str], ...] = ()
    at_most: str = ""
    at_most_varies: bool = False
    counterpart: str = ""
    hazard: str = ""
    capacity: bool = False
    by_memory: tuple[int, int] | None = None
    harmful: tuple[str, ...] = ()

    def on(self, release: str) -> Parameter:
        """Return the row with the scope and the bounds that the kernel `release`, such as `6.18.0-13-amd64`, enforces.

        Stable kernels take over the narrower bounds of later ones: such a kernel enforces either low and high, or less
        than that, but always accepts what is within `sure`.
        """
        if not self.bounds_since and not self.netns_since:
            return self
        low, high, sure = self.low, self.high, self.sure
        backports = has(release, _OLDEST_SUPPORTED)
        for since, least, most in self.bounds_since:
            if has(release, since):
                low, high, sure = least, most, None
            elif backports:
                within = sure or (low, high)
                sure = max(within[0], least), min(within[1], most)
                if _FEATURES_BACKPORTED.search(release):
                    low, high = min(low, least), max(high, most)
        is_older = self.netns_since and _version(release) and not has(release, self.netns_since)
        scope = HOST_WIDE if is_older else self.scope
        return self._replace(low=low, high=high, sure=None if sure == (low, high) else sure, scope=scope)

    def is_sure(self, number: int) -> bool:
        """Return whether every kernel of the row's version accepts a number that is within its bounds."""
        return self.sure is None or self.sure[0] <= number <= self.sure[1]

    def default_on(self, release: str) -> str | None:
        """Return the default of the upstream kernel `release`; None if it depends on the machine or is not known."""
        known = [default for since, default in self.default_since if has(release, since)]
        return known[-1] if known else self.default if has(release, _OLDEST_SUPPORTED) else None

    def is_missing_on(self, release: str) -> bool:
        """Return whether the kernel `release` is older than the parameter; False for a release that is no version."""
        return bool(self.since and _version(release)) and not has(release, self.since)

    def is_in_stable(self, release: str) -> bool:
        """Return whether stable updates of the kernel `release` may have brought the parameter."""
        return bool(self.stable_since) and has(release, self.stable_since)


@lru_cache(maxsize=4096)
def has(release: str, since: str) -> bool:
    """Return whether a kernel includes what came (or went) with Linux `since`; False for a release that is no version.

    >>> has("6.1.0-18-amd64", "5.13")
    True
    """
    numbers = _version(since)
    return _version(release)[: len(numbers)] >= numbers


def is_newer(release: str, known: str) -> bool:
    """Return whether a kernel is newer than the version `known`, such as `7.3`, and its stable updates.

    >>> is_newer("7.4.0-rc1", "7.3"), is_newer("7.3.9", "7.3")
    (True, False)
    """
    numbers = _version(known)
    return _version(release)[: len(numbers)] > numbers


def lines(table: str) -> Iterator[tuple[str, str]]:
    """Yield (name, row) for each row of a table. An indented line continues the row above it."""
    for row in table.strip().replace("\n ", " ").split("\n"):
        yield row.split(None, 1)[0], row


def parse(line: str) -> Parameter:
    """Parse a row of the catalogue. Raises MalformedInput that names the row and the wrong word."""
    row, *harmful = line.split(" ! ")
    row, _bar, note = row.partition("|")
    try:
        name, shape, default, *words = row.split()
        fields: dict[str, Any] = dict(SHAPES[shape])
        for word in words:
            for field, given in _field(word).items():
                # A shape's bounds of later kernels are followed by those of the row.
                fields[field] = fields[field] + given if field == "bounds_since" and field in fields else given
    except (KeyError, ValueError) as error:
        raise MalformedInput(f"malformed catalogue row {line.strip()!r}: {error}") from error
    sentences = (" ".join(text.split()) for text in harmful)
    return Parameter(
        name, default=_default(default, fields), note=" ".join(note.split()), harmful=tuple(sentences), **fields
    )


def _default(text: str, fields: dict[str, Any]) -> str | None:
    if text == "-":
        return None
    if text == '""':
        return ""
    return text.replace(",", " ") if fields["kind"] == "vector" else text


def _field(word: str) -> dict[str, Any]:
    field, equals, text = word.partition("=")
    return {field: _READERS[field](text)} if equals else _FLAGS[word]


def _bounds_since(text: str) -> tuple[tuple[str, int, int], ...]:
    """Parse `6.18:0:;6.19:1:9`; without a number, the bound is that of an int."""
    found = (entry.split(":") for entry in text.split(";"))
    return tuple((since, int(low or _INT_MIN), int(high or _INT_MAX)) for since, low, high in found)


def _default_since(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair.split(":") for pair in text.split(";"))
    return tuple((since, default.replace(",", " ")) for since, default in pairs)


def _two_numbers(text: str) -> tuple[int, int]:
    one, other = text.split(":")
    return int(one), int(other)


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("low", "high", "count"), int),
    **dict.fromkeys(("since", "stable_since", "netns_since", "removed", "idle_since", "writable_since"), str),
    **dict.fromkeys(("renamed_to", "alias_of", "at_most", "counterpart", "module", "hazard"), str),
    "sure": _two_numbers,
    "bounds_since": _bounds_since,
    "default_since": _default_since,
    "by_memory": _two_numbers,
}


@lru_cache(maxsize=1024)
def _version(release: str) -> tuple[int, ...]:
    """Return the numbers of a release, such as (6, 1, 0); an empty tuple if it does not start with one."""
    found = _VERSION.match(release)
    return tuple(map(int, found.group().split("."))) if found else ()
