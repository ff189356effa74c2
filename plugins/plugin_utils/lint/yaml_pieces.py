# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces of a large text in YAML that can be read one after the other, so that memory holds only one of them.

A piece begins where the indentation is the smallest. If one entry alone is too large, its children are divided.
"""

from __future__ import annotations

import re
from typing import Iterator, Sequence

# No file is nested deeper; dividing each level takes as long as reading the text.
_DEEPEST = 12
_BLANK = re.compile(r"\s*(?:#|$)")
_TEXT = re.compile(r":\s+[|>][-+\d]*\s*$")
_ITEM = re.compile(r"\s*-(?:\s|$)")


def pieces(raw: Sequence[str], largest: int) -> Iterator[tuple[int, int]]:
    """Yield (begin, end) of each piece of the lines of a text.

    largest: characters in a piece, if it can be divided. A block of text is not divided.
    """
    todo = [(0, len(raw), 0)]
    while todo:
        begin, end, depth = todo.pop()
        if depth > _DEEPEST or sum(len(one) + 1 for one in raw[begin:end]) <= largest:
            yield begin, end
            continue
        groups = list(_groups(raw, _entries(raw, begin, end), end, largest))
        if groups == [(begin, end)]:
            # One entry: its first line, and the lines below it.
            yield begin, begin + 1
            groups = [(begin + 1, end)] if end - begin > 1 else []
            if groups and is_text(raw, begin + 1):
                yield groups.pop()
        todo += [(first, last, depth + 1) for first, last in reversed(groups)]


def is_text(raw: Sequence[str], begin: int) -> bool:
    """Return whether a block of text begins there, which is no YAML itself."""
    above = begin - 1
    return begin > 0 and _TEXT.search(raw[above]) is not None


def _entries(raw: Sequence[str], begin: int, end: int) -> list[int]:
    """Return the lines with the smallest indentation; the first one includes what stands before it."""
    columns = [(len(raw[at]) - len(raw[at].lstrip(" ")), at) for at in range(begin, end) if not _BLANK.match(raw[at])]
    smallest = min(columns, default=(0, begin))[0]
    found = [at for column, at in columns if column == smallest]
    return [begin, *found[1:]]


def _groups(raw: Sequence[str], entries: Sequence[int], end: int, largest: int) -> Iterator[tuple[int, int]]:
    """Yield (begin, end) of entries that follow each other and together are not too large."""
    begin, size = entries[0], 0
    for at, following in zip(entries, [*entries[1:], end]):
        own = sum(len(one) + 1 for one in raw[at:following])
        # A mapping cannot go on after a list that began without its key.
        mixed = _ITEM.match(raw[begin]) and not _ITEM.match(raw[at])
        if at > begin and (size + own > largest or mixed):
            yield begin, at
            begin, size = at, 0
        size += own
    yield begin, end
