# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/net/stat/nf_conntrack: what connection tracking did (nf_conntrack_standalone.c, ct_cpu_seq_show)."""

from __future__ import annotations

from .._common.errors import MalformedInput


def parse_stat(text: str) -> dict[str, int]:
    """The counts of all processors together, by name. A line of names, then one of hexadecimal counts for each.

    >>> parse_stat("entries drop\\n0000000a 00000001\\n0000000a 00000002\\n")["drop"]
    3

    `entries` is the same in each line, being that of the namespace; here it is a sum, too. Raises MalformedInput naming
    the line.
    """
    names, *rows = [line.split() for line in text.splitlines()] or [[]]
    counts = dict.fromkeys(names, 0)
    for number, row in enumerate(rows, start=2):
        try:
            if len(row) != len(names):
                raise ValueError("names and counts differ in number")
            for name, count in zip(names, row):
                counts[name] += int(count, 16)
        except ValueError:
            raise MalformedInput(
                f"line {number} of a /proc/net/stat file is not its counts: {' '.join(row)!r}"
            ) from None
    return counts
