# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources of Puppet and Chef: sysctl {...}, augeas {... set ...}, and sysctl '...' do."""

from __future__ import annotations

import bisect
import re
from typing import Iterator

from . import keys
from .row import FILE, VALUE, Setting

_LIKELY = re.compile(r"^\s*@?(?:sysctl(?:::\w+)*|augeas)\s*\{|^\s*sysctl(?:_param)?\s+['\"].*\bdo\s*$", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*#.*$|(?<=\s)#[^'\"\n]*$", re.MULTILINE)
_RESOURCE = re.compile(r"(?:^|(?<=[\s{}]))@?(?P<kind>sysctl(?:::\w+)*|augeas)\s*\{", re.ASCII)
_KEY = r"[\"'](?P<key>-?[A-Za-z][\w./*:@%+-]*)[\"']"
_TITLE = re.compile(rf"(?P<keys>{_KEY}|\[[^\]]*\]|[\"'][^\"'\n]*[\"'])\s*:(?!:)", re.ASCII)
_VALUE = re.compile(r"\b(?:value|val)\s*=>\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s,;}]+)", re.ASCII)
_NAMED = re.compile(rf"\b(?:name|key)\s*=>\s*{_KEY}", re.ASCII)
_ABSENT = re.compile(r"\bensure\s*=>\s*[\"']?absent")
_SET = re.compile(
    r"\bset\s+[\"']?(?:/files)?(?:/etc/sysctl\.(?:conf|d/[^/\s]+)/)?(?P<key>[a-z]+[./][\w./*:@%+-]+)[\"']?\s+"
    r"(?P<value>\\?\"[^\"]*\"|'[^']*'|[^\s\"',\]]+)",
    re.ASCII,
)
_BLOCK = re.compile(
    rf"^\s*sysctl(?:_param)?\s+{_KEY}\s+do\b(?P<body>.*?)^\s*end\b", re.ASCII | re.DOTALL | re.MULTILINE
)
_CHEF_VALUE = re.compile(r"^\s*value\s+(?P<value>\[[^\]]*\]|\"[^\"]*\"|'[^']*'|\S+)", re.ASCII | re.MULTILINE)
_CHEF_KEY = re.compile(rf"^\s*key\s+{_KEY}", re.ASCII | re.MULTILINE)


def settings(text: str) -> list[Setting]:
    """Return the settings of the resources in a text."""
    if not _LIKELY.search(text):
        return []
    text = _COMMENT.sub(lambda one: " " * len(one[0]), text)
    # Where each line begins.
    breaks = [0, *(one.end() for one in re.finditer("\n", text))]
    return [*_of_puppet(text, breaks), *_of_chef(text, breaks)]


def _of_puppet(text: str, breaks: list[int]) -> Iterator[Setting]:
    for resource in _RESOURCE.finditer(text):
        begin = resource.end()
        end = _end(text, begin)
        body = text[begin:end]
        if resource["kind"] == "augeas":
            for one in _SET.finditer(body):
                yield from _setting(breaks, one["key"], one["value"], begin + one.start(), begin + one.end())
            continue
        titles = list(_TITLE.finditer(body))
        stops = [*(title.start() for title in titles[1:]), len(body)]
        for title, stop in zip(titles, stops):
            at = title.end()
            attributes = body[at:stop]
            value, named = _VALUE.search(attributes), _NAMED.search(attributes)
            if value is None or _ABSENT.search(attributes):
                continue
            found = [named["key"]] if named else re.findall(r"[\"']([^\"']+)[\"']", title["keys"])
            for key in found:
                yield from _setting(breaks, key, value["value"], begin + title.start(), begin + stop)


def _of_chef(text: str, breaks: list[int]) -> Iterator[Setting]:
    for block in _BLOCK.finditer(text):
        value, named = _CHEF_VALUE.search(block["body"]), _CHEF_KEY.search(block["body"])
        removed = re.search(r"\baction\s+:(?:remove|nothing)\b", block["body"])
        if value is not None and not removed:
            words = re.sub(r"[\[\],]", " ", value["value"])
            at = block.start() + len(block[0]) - len(block[0].lstrip())
            yield from _setting(breaks, named["key"] if named else block["key"], words, at, block.end())


def _end(text: str, begin: int) -> int:
    """Return where the braces that were opened before `begin` are closed."""
    depth = 1
    for brace in re.finditer(r"[{}]", text[begin : begin + 20_000]):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return begin + brace.start()
    return min(len(text), begin + 20_000)


def _setting(breaks: list[int], key: str, value: str, start: int, end: int) -> Iterator[Setting]:
    if keys.has_root(key):
        line, last = bisect.bisect_right(breaks, start), bisect.bisect_right(breaks, end)
        plain = " ".join(value.replace("\\", "").strip("\"' ").split())
        yield Setting(line, keys.canonical(key), plain, FILE, VALUE, 0, last=last)
