# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sed -i and perl -pi write into a file: the replacement of s///, and the text of a, i and c."""

from __future__ import annotations

import re
from typing import Iterator, Sequence

# s, y and the like with any delimiter; an escaped delimiter does not end a part.
_SUBSTITUTE = re.compile(
    r"s(?P<d>[/|#,@!~:%_])(?P<old>(?:\\.|(?!(?P=d)).)*)(?P=d)(?P<new>(?:\\.|(?!(?P=d)).)*)(?P=d)[gIiempM0-9]*",
    re.DOTALL,
)
_TEXT = re.compile(r"(?:^|[\s/$\d}{;])[aic](?:\\\s*|\s+)(?P<text>[^\n]+)", re.DOTALL)
_GROUP = re.compile(r"\\?\((?P<text>.*?)\\?\)")
# What a regular expression has besides the letters that it matches.
_EXPRESSION = re.compile(r"\\s|\[[^\]]*\]|\\[?+]|[\^$*+?#]|\.\*|\\[bB<>]")


def replacements(words: Sequence[str], *, redirected: bool) -> Iterator[str]:
    """Yield the lines that a sed or perl command writes; nothing unless it changes a file.

    words: of the command. redirected: whether its output is written to a file.
    """
    options = [word for word in words[1:] if word.startswith("-")]
    in_place = any(re.match(r"-[a-zA-Z]*i|--in-place", option) for option in options)
    if not (in_place or redirected):
        return
    for script in words[1:]:
        found = False
        for one in _SUBSTITUTE.finditer(script):
            found = True
            yield _expanded(one["new"], one["old"], one["d"])
        for one in () if found else _TEXT.finditer(script):
            yield one["text"]


def _expanded(new: str, old: str, delimiter: str) -> str:
    """Return the replacement with the groups of the expression that it repeats."""
    groups = [_plain(one["text"]) for one in _GROUP.finditer(old)]
    new = new.replace(f"\\{delimiter}", delimiter)
    new = re.sub(r"[\\$](\d)", lambda one: groups[int(one[1]) - 1] if 0 < int(one[1]) <= len(groups) else "", new)
    new = re.sub(r"(?<!\\)&", lambda _one: _plain(old), new)
    return re.sub(r"\\([.\[\]*^$=-])", r"\1", new)


def _plain(expression: str) -> str:
    plain = re.sub(r"\\([.\-=/])", r"\1", _EXPRESSION.sub("", expression))
    return plain.replace(".*", "")
