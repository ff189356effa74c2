# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of any text, without what blogs, browsers and terminals add, and where a value ends in such a line."""

from __future__ import annotations

import html
import re
from typing import Iterator, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.value import NUMERIC

# The rest of a longer line is ignored: it is not a setting.
_LONGEST = 10_000
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD])
_BLANKS = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
# Full-width letters, digits and signs of a setting; full-width commas and full stops end a value instead.
_WIDE = {0xFEE0 + ord(sign): sign for sign in "=:./_-\"'0123456789" + "abcdefghijklmnopqrstuvwxyz"}
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212, 0xFF5E), "-")
_QUOTES = {**dict.fromkeys((0x201C, 0x201D, 0x201E), '"'), **dict.fromkeys((0x2018, 0x2019, 0x201A), "'")}
_PLAIN = {**_INVISIBLE, **_BLANKS, **_WIDE, **_DASHES, **_QUOTES}
_FOREIGN = {**_INVISIBLE, **_BLANKS, **_WIDE, **_DASHES}
_TAG = re.compile(r"</?(?:br|p|code|pre|li|ul|td|tr|div|span|strong|b|em)\b[^<>]{0,200}>", re.IGNORECASE)
_MARKER = re.compile(r"\s*(?!(?:[\d*,/-]+ +){5})(?:(?:[-*+•·]|\d{1,3}[.)、])\s+|>\s?|[|*`\"']+\s*|\+(?=[a-z]))+")
_PROMPT = re.compile(
    r"\s*(?:\[[^\[\]]{1,80}\]\s*[#$%]|[\w.-]{1,40}@[\w.-]{1,60}[^#$%\s]{0,80}\s?[^#$%\s]{0,80}[#$%]|[$%#])\s+", re.ASCII
)

# Includes what was meant as a number: 16M, 30s, 1,048,576, 1024-65000.
_NUMBER = re.compile(r"[-+]?\.?\d[0-9A-Za-z.,%_:-]*", re.ASCII)
_NEXT = re.compile(r"(?:[ ,]+)([-+]?\d[0-9A-Fa-fx]*)(?=[ ,;\"'`\]\\)}<]|\.(?:\s|$)|$|[^\x00-\x7f])")
_PORTS = re.compile(r"\d[\d-]*(?:\s*,\s*\d[\d-]*)*,?", re.ASCII)
_BLANK_PORTS = re.compile(r"(?:\s+\d[\d-]*)+", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9_.+%/$-][A-Za-z0-9_.+%/:@,-]*", re.ASCII)
_TEMPLATE = re.compile(r"\{\{.*?\}\}|[$#]\{[^}]*\}|\$\([^)]*\)|\$\w+|<[\w .-]+>|%\w+%")
_END = re.compile(r"\s[#;]|\s//|[^\x00-\x7f]|[<`]")
_COMMENT = re.compile(r"\s*(?:#|;|//|<!--)")
_QUOTED = re.compile(r"([\"'])(.*?)\1")


class Line(NamedTuple):
    """One line.

    number: from 1. text: cleaned. foreign: a character that only looks like the plain one, or an empty text.
    prompt: the shell prompt before the text. comment: whether it looks like a comment; `# ` may also be root's prompt.
    """

    number: int
    text: str
    foreign: str = ""
    prompt: str = ""
    comment: bool = False


def after(text: str, match: re.Match[str]) -> str:
    """Return the text after a match."""
    end = match.end()
    return text[end:]


def raw(text: str) -> Iterator[str]:
    """Yield the lines of a text as written; LF, CR LF and CR end them."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    begin, end = 0, text.find("\n")
    while end >= 0:
        yield text[begin:end]
        begin = end + 1
        end = text.find("\n", begin)
    yield text[begin:]


def lines(text: str) -> Iterator[Line]:
    """Yield the cleaned lines of a text."""
    return (_line(number, one[:_LONGEST]) for number, one in enumerate(raw(text), start=1))


def _line(number: int, raw: str) -> Line:
    raw = raw.lstrip("\ufeff")
    plain = (html.unescape(raw) if "&" in raw else raw).replace("\\_", "_")
    if "<" in plain:
        plain = _TAG.sub(" ", plain)
    plain = (plain.replace("\t", " ") if plain.isascii() else plain.translate(_PLAIN)).rstrip()
    prompt = _PROMPT.match(plain)
    rest = after(plain, prompt) if prompt else plain
    comment = bool(_COMMENT.match(plain))
    if not prompt:
        rest = rest if comment else _MARKER.sub("", rest, count=1) if _MARKER.match(rest) else rest
    return Line(number, rest.strip(), _foreign_in(raw), prompt.group().strip() if prompt else "", comment)


def _foreign_in(text: str) -> str:
    """Return the first character of a setting that only looks like a plain one, or an empty text."""
    if text.isascii():
        return ""
    setting = re.split(r"[，。；、（）#]", text, maxsplit=1)[0]
    return next((sign for sign in setting.strip("\ufeff\r\n\t ") if ord(sign) in _FOREIGN and sign != "\t"), "")


class Words(NamedTuple):
    """A value and the rest of its line. quoted: whether the value was in quotes."""

    value: str
    rest: str
    quoted: bool = False

    @property
    def alone(self) -> bool:
        """Return whether nothing or only a comment follows the value."""
        return not self.rest.strip() or bool(_COMMENT.match(self.rest))

    @property
    def commented(self) -> bool:
        """Return whether a comment follows the value."""
        return bool(_COMMENT.match(self.rest))


def leading_value(text: str, parameter: Parameter | None) -> Words:
    """Return the value at the beginning of a text that follows a `=`.

    >>> leading_value("1024    65000 # wide", find("net.ipv4.ip_local_port_range"))
    Words(value='1024    65000', rest=' # wide', quoted=False)
    """
    text = text.lstrip()
    quoted = _QUOTED.match(text)
    if quoted:
        return Words(quoted.group(2).strip(), after(text, quoted), quoted=True)
    template = _TEMPLATE.match(text)
    end = template.end() if template else _length(text, parameter)
    return Words(text[:end].strip(), text[end:])


def is_template(value: str) -> bool:
    """Return whether the value is a placeholder that a shell, Jinja or a person replaces."""
    return _TEMPLATE.search(value) is not None


def _length(text: str, parameter: Parameter | None) -> int:
    if parameter is not None and parameter.kind == "ports":
        found = _PORTS.match(text)
        if found:
            return _ports(text, found.end())
    if parameter is None or parameter.kind in NUMERIC:
        number = _NUMBER.match(text)
        if number:
            return _numbers(text, number.end(), parameter)
    if parameter is None or parameter.kind == "words":
        end = _END.search(text)
        return end.start() if end else len(text)
    word = _WORD.match(text)
    return word.end() if word else 0


def _ports(text: str, end: int) -> int:
    """Return where a port set ends, with characters attached to it, and numbers after it if nothing else follows."""
    stuck = _WORD.match(text, end)
    following = _BLANK_PORTS.match(text, end)
    alone = following is not None and Words("", after(text, following)).alone
    return stuck.end() if stuck else following.end() if following and alone else end


def _numbers(text: str, end: int, parameter: Parameter | None) -> int:
    """Return where the last number ends. Surplus numbers only belong to the value if nothing else follows."""
    count = parameter.count if parameter else 1
    ends = [end]
    while len(ends) < 16:
        following = _NEXT.match(text, ends[-1])
        if following is None:
            break
        ends.append(following.end())
    surplus = len(ends) > count
    last = ends[-1]
    return ends[count - 1] if surplus and not Words("", text[last:]).alone else last
