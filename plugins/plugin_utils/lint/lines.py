# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of any text, cleaned of what blogs, browsers and terminals put around and into settings."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

# A longer line is no setting; what is behind this does not count.
_LONGEST = 10_000
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD])
_BLANKS = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
# Letters, digits and the signs of a setting; commas and full stops of that width end a value instead.
_WIDE = {0xFEE0 + ord(sign): sign for sign in "=:./_-\"'0123456789" + "abcdefghijklmnopqrstuvwxyz"}
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212, 0xFF5E), "-")
_QUOTES = {**dict.fromkeys((0x201C, 0x201D, 0x201E), '"'), **dict.fromkeys((0x2018, 0x2019, 0x201A), "'")}
_PLAIN = {**_INVISIBLE, **_BLANKS, **_WIDE, **_DASHES, **_QUOTES}
_FOREIGN = {**_INVISIBLE, **_BLANKS, **_WIDE, **_DASHES}
_TAG = re.compile(r"</?(?:br|p|code|pre|li|ul|td|tr|div|span|strong|b|em)\b[^<>]{0,200}>", re.IGNORECASE)
_MARKER = re.compile(r"\s*(?:(?:[-*+•·]|\d{1,3}[.)、])\s+|>\s?|[|*`\"']+\s*|\+(?=[a-z]))+")
_PROMPT = re.compile(
    r"\s*(?:\[[^\[\]]{1,80}\]\s*[#$%]|[\w.-]{1,40}@[\w.-]{1,60}[^#$%\s]{0,80}\s?[^#$%\s]{0,80}[#$%]|[$%#])\s+", re.ASCII
)
_COMMENT = re.compile(r"\s*(?:#|;|//|<!--)")


class Line(NamedTuple):
    """text: cleaned. number: from 1. foreign: a character of it that looks like a plain one and is none, or nothing.

    prompt: what stood before it as a shell's prompt; comment: whether it is one, unless a command follows a `# `.
    """

    number: int
    text: str
    foreign: str = ""
    prompt: str = ""
    comment: bool = False


def lines(text: str) -> list[Line]:
    """The lines of a text; LF, CR LF and CR end them."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [_line(number, one[:_LONGEST]) for number, one in enumerate(raw, start=1)]


def _line(number: int, raw: str) -> Line:
    raw = raw.lstrip("\ufeff")
    shown = html.unescape(raw) if "&" in raw else raw
    plain = _TAG.sub(" ", shown.replace("\\_", "_")).translate(_PLAIN).rstrip()
    prompt = _PROMPT.match(plain)
    rest = plain[prompt.end() :] if prompt else plain
    comment = bool(_COMMENT.match(plain))
    if not prompt:
        rest = rest if comment else _MARKER.sub("", rest, count=1) if _MARKER.match(rest) else rest
    return Line(number, rest.strip(), foreign_in(raw), prompt.group().strip() if prompt else "", comment)


def foreign_in(text: str) -> str:
    """The first character of the text's setting that only looks like a plain one; empty for none."""
    setting = re.split(r"[，。；、（）#]", text, maxsplit=1)[0]
    return next((sign for sign in setting.strip("\ufeff\r\n\t ") if ord(sign) in _FOREIGN and sign != "\t"), "")
