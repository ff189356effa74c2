# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Code in any language that writes a literal value to a file below /proc/sys.

os.WriteFile("/proc/sys/net/core/somaxconn", []byte("4096"), 0644)
with open("/proc/sys/net/core/somaxconn", "w") as f:
    f.write("4096")

Code that only reads or compares a value sets nothing.
"""

from __future__ import annotations

import re
from typing import Iterator, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.value import NUMERIC

from . import keys
from .row import FILE, VALUE, Setting

# The value may be in a file that is opened so many lines before.
_LINES = 8
_LONGEST = 2000
_COMMENT = re.compile(r"\s*(?:#|//|/\*|\*|--\s)")
_PATH = re.compile(r"""(?P<quote>["'])>?\s*/proc/sys/(?P<path>[\w./*:@%+-]+)(?P=quote)""", re.ASCII)
_WRITER = (
    r"(?<![A-Za-z])(?:[A-Za-z]+_)?(?:write|put|puts|print|printf|fprintf|fputs|fwrite|echo|set|store|update)"
    r"(?:_?(?:all|bytes|file|int|line|lines|str|string|sysctl|sys|text|to|value|proc|sync|knob))*"
)
_ASKS = re.compile(r"(?:get|read|check|assert|expect|verif|test|compare|mock)", re.IGNORECASE)
_LITERAL = (
    r"(?:\"%\w+(?:\\n)?\"\s*,\s*)?(?:[\w.:]*[(\[{\]]+)*"
    r"(?:b?(?P<q>[\"'])(?P<text>-?\d[\d\t -]*|[a-z][a-z0-9_]*)(?:\\n)?(?P=q)|(?P<number>-?\d+)(?![\w.\"']))"
)
# f("/proc/sys/…", "1"): the name of a function that writes, before the path.
_CALLED = re.compile(_WRITER + r"[!?]?[ (](?:[\w.:]+\()*$", re.ASCII | re.IGNORECASE)
_SECOND = re.compile(r"\)*\s*,\s*" + _LITERAL, re.ASCII)
# An item of a table: ("/proc/sys/…", "1") or "/proc/sys/…": "1".
_BEGINS = re.compile(r"^\s*$|(?<!\w)[{(\[]\s*$")
_PAIRED = re.compile(r"\s*(?:,|:|=>)\s*" + _LITERAL, re.ASCII)
# …write("1"), after the path or without the name of the file.
_THEN = re.compile(_WRITER + r"[!?]?[ (]\s*(?:\$\w+,?\s+)?" + _LITERAL, re.ASCII | re.IGNORECASE)
_STREAM = re.compile(r"\)?\s*<<\s*" + _LITERAL, re.ASCII)
_AT_ONCE = re.compile(r"[)?!]*\s*\.")
_OPENS = re.compile(r"open|ofstream|FileWriter|OutputStream|create|Create", re.ASCII)
_FOR_WRITING = re.compile(
    r"""[("'\s,|]\+?[wa]b?\+?["']|O_WRONLY|O_RDWR|["']\+?>|ofstream|FileWriter|OutputStream|create|write\(true\)"""
)
_VARIABLE = (
    re.compile(r"\bas\s+(\w+)\s*:"),
    re.compile(r"(\w+)\s*(?:,\s*\w+\s*)?:?=\s*[\w.:&!(]*(?:open|Open|create|Create)"),
    re.compile(r"open\w*\s*\(?\s*(?:my\s+)?\$?(\w+)\s*,"),
    re.compile(r"ofstream\s+(\w+)"),
    re.compile(r"\|\s*(\w+)\s*\|"),
)


def settings(raw: Sequence[str]) -> list[Setting]:
    """Return the settings that code makes by writing to files. raw: the lines of the text."""
    return [one for at, line in enumerate(raw) if "/proc/sys/" in line for one in _settings(raw, at)]


def _settings(raw: Sequence[str], at: int) -> Iterator[Setting]:
    line = raw[at]
    for found in _PATH.finditer(line) if len(line) <= _LONGEST and not _COMMENT.match(line) else ():
        last, value = _value(raw, at, found)
        key = keys.canonical(found["path"])
        if value is not None and (value[-1:].isdigit() or _is_word(key)):
            # Lines between the two may have settings of their own.
            yield Setting(at + 1, key, value, FILE, VALUE, 0, last=last + 1 if last == at + 1 else 0)


def _is_word(key: str) -> bool:
    """Return whether a word may be the value of a parameter."""
    known = catalogue.find(key)
    return known is not None and known.kind not in NUMERIC


def _value(raw: Sequence[str], at: int, found: re.Match[str]) -> tuple[int, str | None]:
    """Return (line, value) of what is written to the path that was found; the value is None if that is not clear."""
    line = raw[at]
    begin, end = found.span()
    before, after = line[:begin], line[end:]
    called = _CALLED.search(before)
    if called and not _ASKS.search(called[0]):
        return at, _literal(_SECOND.match(after))
    if _BEGINS.search(before) and (before.strip() or not after.startswith(",")):
        return at, _literal(_PAIRED.match(after))
    opened = _OPENS.search(before) and _FOR_WRITING.search(line)
    direct = _STREAM.match(after) or (_THEN.search(after) if opened or _AT_ONCE.match(after) else None)
    if direct or not opened:
        return at, _literal(direct)
    name = next((one[1] for one in (form.search(line) for form in _VARIABLE) if one), "")
    mention = re.compile(rf"\{{?\$?(?<!\w){name}(?!\w)\}}?,?\s*")
    for following in range(at + 1, min(at + _LINES, len(raw))) if name else ():
        used = mention.sub("", raw[following]) if len(raw[following]) <= _LONGEST else raw[following]
        value = _literal(_THEN.search(used) or _STREAM.match(used.strip())) if used != raw[following] else None
        if value is not None:
            return following, value
    return at, None


def _literal(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    return found["number"] if found["number"] else " ".join(found["text"].split())
