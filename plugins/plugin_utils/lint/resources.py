# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources of Puppet and Chef: sysctl {...}, augeas {... set ...}, and sysctl '...' do."""

from __future__ import annotations

import bisect
import re
from typing import Iterator

from . import keys
from .row import FILE, VALUE, Setting

_LIKELY = re.compile(
    r"^[ \t]*@?(?:sysctl(?:::\w+)*|augeas)\s*\{|^[ \t]*\w*sysctl\w*[ \t]+['\"].*\bdo[ \t\r]*$", re.MULTILINE
)
_COMMENT = re.compile(r"^[ \t]*#.*$|(?<=\s)#[^'\"\n]*$", re.MULTILINE)
_RESOURCE = re.compile(r"(?:^|(?<=[\s{}]))@?(?P<kind>sysctl(?:::\w+)*|augeas)\s*\{", re.ASCII)
_BRACE = re.compile(r"[{}]")
_KEY = r"[\"'](?P<key>-?[A-Za-z][\w./*:@%+-]*)[\"']"
_TITLE = re.compile(rf"(?P<keys>{_KEY}|\[[^\]]*\]|[\"'][^\"'\n]*[\"'])\s*:(?!:)", re.ASCII)
_VALUE = re.compile(r"\b(?:value|val)\s*=>\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s,;}]+)", re.ASCII)
_NAMED = re.compile(rf"\b(?:name|key)\s*=>\s*{_KEY}", re.ASCII)
_ABSENT = re.compile(r"\bensure\s*=>\s*[\"']?absent")
# A value that is calculated: lookup('backlog'), node['backlog'].
_EXPRESSION = re.compile(r"^[ \t]*[a-z_][\w.:]*[(\[]")
_SET = re.compile(
    r"\bset\s+[\"']?(?:/files)?(?:/etc/sysctl\.(?:conf|d/[^/\s]+)/)?(?P<key>[a-z]+[./][\w./*:@%+-]+)[\"']?\s+"
    r"(?P<value>\\?\"[^\"]*\"|'[^']*'|[^\s\"',\]]+)",
    re.ASCII,
)
_BLOCK = re.compile(rf"^[ \t]*\w*sysctl\w*[ \t]+{_KEY}[ \t]+do\b", re.ASCII | re.MULTILINE)
_BLOCK_END = re.compile(r"^[ \t]*end\b", re.ASCII | re.MULTILINE)
_CHEF_VALUE = re.compile(
    r"^[ \t]*value[ \t]+(?P<value>\[[^\]]*\]|\"[^\"]*\"|'[^']*'|[^\n#]*\S)", re.ASCII | re.MULTILINE
)
_CHEF_KEY = re.compile(rf"^[ \t]*key[ \t]+{_KEY}", re.ASCII | re.MULTILINE)


def settings(text: str) -> list[Setting]:
    """Return the settings of the resources in a text."""
    if not _LIKELY.search(text):
        return []
    text = _COMMENT.sub(lambda one: " " * len(one[0]), text)
    # Where each line begins.
    breaks = [0, *(one.end() for one in re.finditer("\n", text))]
    return [*_of_puppet(text, breaks), *_of_chef(text, breaks)]


def _of_puppet(text: str, breaks: list[int]) -> Iterator[Setting]:
    resources = list(_RESOURCE.finditer(text))
    for resource, following in zip(resources, [*(one.start() for one in resources[1:]), len(text)]):
        begin = resource.end()
        end = _end(text, begin, following)
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
    blocks = list(_BLOCK.finditer(text))
    for block, following in zip(blocks, [*(one.start() for one in blocks[1:]), len(text)]):
        end = _BLOCK_END.search(text, block.end(), following)
        body = text[block.end() : end.start()] if end else ""
        value, named = _CHEF_VALUE.search(body), _CHEF_KEY.search(body)
        removed = re.search(r"\baction\s+:(?:remove|nothing)\b", body)
        if end is not None and value is not None and not removed:
            given = value["value"]
            words = re.sub(r"[\[\],\"']", " ", given) if given.startswith("[") else given
            yield from _setting(breaks, named["key"] if named else block["key"], words, block.start(), end.end())


def _end(text: str, begin: int, limit: int) -> int:
    """Return where the braces that were opened before `begin` are closed, at most `limit`."""
    depth = 1
    for brace in _BRACE.finditer(text, begin, limit):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    return limit


def _setting(breaks: list[int], key: str, value: str, start: int, end: int) -> Iterator[Setting]:
    if keys.has_root(key):
        line, last = bisect.bisect_right(breaks, start), bisect.bisect_right(breaks, end)
        plain = " ".join(re.sub(r"\\[tn]", " ", value).replace("\\", "").strip("\"' ").split())
        if _EXPRESSION.search(value):
            plain = f"${{{plain}}}"
        yield Setting(line, keys.canonical(key), plain, FILE, VALUE, 0, last=last)
