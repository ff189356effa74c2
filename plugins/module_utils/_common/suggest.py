# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Suggestions for misspelt words: "did you mean …?"."""

from __future__ import annotations

from typing import Iterable


def closest(word: object, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the known word that is most like `word`, or None if none is similar enough.

    cutoff: how similar it must be, from 0 (anything) to 1 (equal).

    >>> closest("at_leest", ["at_least", "at_most"])
    'at_least'
    """
    import difflib  # slow to import on a managed host, and needed after a mistake only

    return next(iter(difflib.get_close_matches(str(word), list(known), n=1, cutoff=cutoff)), None)


def is_slip(word: str, known: str) -> bool:
    """Return whether two words are equal but for separators, capitals, or one letter: lost, added, wrong or swapped.

    >>> is_slip("net.ipv4.tcp_tw_recyle", "net.ipv4.tcp_tw_recycle"), is_slip("tcp_rto_min_us", "tcp_rto_max_ms")
    (True, False)
    """
    one, other = ("".join(filter(str.isalnum, text.lower())) for text in (word, known))
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


def did_you_mean(near: str | None) -> str:
    """Return the end of a message that suggests `near`; empty if there is nothing to suggest.

    >>> did_you_mean("at_least")
    '; did you mean at_least?'
    """
    return f"; did you mean {near}?" if near else ""
