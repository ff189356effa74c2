# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of one kernel parameter: the shape of a catalogue row."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterator, NamedTuple

from .._common.errors import MalformedInput

NETNS = "network namespace"
IPCNS = "IPC namespace"
MACHINE = "machine"

_VERSION = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)


class Parameter(NamedTuple):
    """One sysctl(8) parameter.

    name: canonical name, dots between its parts.
    kind: `int` (one number), `vector` (`count` numbers), `ports` (a set such as `80,8000-8100`), `word`, `words`.
    low, high: inclusive bounds of each number, the widest that a supported kernel enforces; None where none does.
    tightened: (first kernel, low, high) where newer kernels enforce narrower bounds; None where they do not.
    scope: what one value belongs to: NETNS, IPCNS or MACHINE (MACHINE also where a child namespace shows the key).
    default: the kernel's own value where it is the same on every machine and version in use; else None.
    removed: the first kernel without it, such as `4.12`, or `0` where no kernel ever had it; empty while it lives.
    renamed_to: the name to use instead; empty where there is none.
    alias_of: the other living name of the very same value; empty where there is none.
    module: the kernel module without which the key does not exist; empty where it is always there.
    raise_only: lowering it below the running value takes room away from what runs (hazard `floor_lowered`).
    rounds: the kernel may store a neighbour of the number it was given.
    writable: False where the kernel only shows it, or where it is a trigger and holds no value.
    secret: its value must not be shown.
    note: one sentence said when the key is skipped or its value doubted; empty where there is nothing to say.
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
    tightened: tuple[str, int, int] | None = None
    alias_of: str = ""
    rounds: bool = False
    secret: bool = False

    def on(self, release: str) -> Parameter:
        """The row with the bounds that the kernel `release`, such as `6.18.0-13-amd64`, is known to enforce."""
        if self.tightened is None or _version(release) < _version(self.tightened[0]):
            return self
        return self._replace(low=self.tightened[1], high=self.tightened[2])


def _version(release: str) -> tuple[int, int]:
    found = _VERSION.match(release)
    return (int(found.group(1)), int(found.group(2) or 0)) if found else (0, 0)


# The text form of the catalogue: a row a line, so that hosts read the rows they need and compile none.
#
#     net.ipv4.tcp_max_reordering   int  300  low=1  | a sentence
#
# is a name, its shape, its default (`-` where it is not the same everywhere; commas part the numbers of a vector), what
# differs from the shape, and a note. A shape is the way the kernel reads the numbers: a handler of kernel/sysctl.c and
# its bounds, the widest of Linux 4.18 and later, for a value that some kernel takes must not be refused.

_INT_MIN, _INT_MAX = -(2**31), 2**31 - 1
_UINT_MAX, _ULONG_MAX = 2**32 - 1, 2**64 - 1
# |value| <= INT_MAX / HZ, which is widest at HZ=100. Negative numbers are stored.
_SECONDS_MAX = _INT_MAX // 100

SHAPES: dict[str, dict[str, Any]] = {
    "int": {"kind": "int", "low": _INT_MIN, "high": _INT_MAX},
    "switch": {"kind": "int", "low": 0, "high": 1},
    # proc_dou8vec_minmax() since 5.13, when these shrank from int to u8.
    "byte": {"kind": "int", "low": _INT_MIN, "high": _INT_MAX, "tightened": ("5.13", 0, 255)},
    "unsigned": {"kind": "int", "low": 0, "high": _UINT_MAX},
    "long": {"kind": "int", "low": 0, "high": _ULONG_MAX},
    "seconds": {"kind": "int", "low": -_SECONDS_MAX, "high": _SECONDS_MAX},
    # proc_dointvec_ms_jiffies(): kept in ticks, so that 1001 reads 1004 at HZ=250.
    "milliseconds": {"kind": "int", "low": 0, "high": _INT_MAX, "rounds": True},
    "vector": {"kind": "vector", "low": _INT_MIN, "high": _INT_MAX},
    "ports": {"kind": "ports", "low": 0, "high": 65535},
    "word": {"kind": "word"},
    "words": {"kind": "words"},
}
_FLAGS: dict[str, dict[str, Any]] = {
    "machine": {"scope": MACHINE},
    "ipc": {"scope": IPCNS},
    "raise_only": {"raise_only": True},
    "rounds": {"rounds": True},
    "read_only": {"writable": False},
    "secret": {"secret": True},
}


def _tightened(text: str) -> Any:
    """`5.3:0:1`: the first kernel with the narrower bounds, and these."""
    since, low, high = text.split(":")
    return (since, int(low), int(high))


_FIELDS: dict[str, Callable[[str], Any]] = {
    "low": int,
    "high": int,
    "count": int,
    "removed": str,
    "renamed_to": str,
    "alias_of": str,
    "module": str,
    "tightened": _tightened,
}


def lines(table: str) -> Iterator[tuple[str, str]]:
    """(name, row) of each row of a table; what is indented belongs to the row above it."""
    for row in table.strip().replace("\n ", " ").split("\n"):
        yield row.split(None, 1)[0], row


def parse(line: str) -> Parameter:
    """The row that a line of the catalogue stands for. Raises MalformedInput naming the line and the word in it."""
    row, _bar, note = line.partition("|")
    try:
        name, shape, default, *words = row.split()
        facts: dict[str, Any] = dict(SHAPES[shape])
        for word in words:
            facts.update(_fact(word))
    except (KeyError, ValueError) as error:
        raise MalformedInput(f"the catalogue's row {line.strip()!r} is malformed: {error}") from error
    return Parameter(name, default=_default(default, facts), note=" ".join(note.split()), **facts)


def _default(text: str, facts: dict[str, Any]) -> str | None:
    if text == "-":
        return None
    if text == '""':
        return ""
    return text.replace(",", " ") if facts["kind"] == "vector" else text


def _fact(word: str) -> dict[str, Any]:
    field, equals, text = word.partition("=")
    return {field: _FIELDS[field](text)} if equals else _FLAGS[word]
