# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings in YAML and JSON: variables of our roles, tasks, container manifests.

    net.core.somaxconn: 4096
    net.core.somaxconn: {at_least: 4096, reason: bursts}
    - {name: net.core.somaxconn, value: 4096}
    - net.core.somaxconn=4096
    - sysctl -w net.core.somaxconn=4096

and a file with any of these as a block of text inside YAML.
"""

from __future__ import annotations

import re
from typing import Any, Iterator

import yaml
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import HOW

from . import keys, shell
from . import text as text_reader
from .row import COMMAND, VALUE, YAML, Setting

# A longer text is not a file of variables. libyaml would be faster, but crashes on deep nesting.
_LONGEST = 200_000
_LIKELY = re.compile(r"^\s*(?:-\s+)?[{\[\"']*[\w./-]+[\"']?\s*:(?:\s|$)|^\s*(?:[{\[]|-\s)", re.MULTILINE)
_NAMES, _VALUE = ("name", "key", "sysctl", "parameter"), "value"
_PAIR = re.compile(r"\s*(?P<key>[A-Za-z][\w./*:@-]*)\s*=(?!=)\s*(?P<value>.*)", re.ASCII | re.DOTALL)
_WORDS = re.compile(r"\bname=[\"']?(?P<key>[\w./-]+)[\"']?\s+value=(?P<value>\"[^\"]*\"|'[^']*'|\S+)", re.ASCII)


def settings(text: str) -> list[Setting]:
    """Return the settings of a text in YAML; an empty list if it is not YAML or has no settings."""
    if len(text) > _LONGEST or not _LIKELY.search(text):
        return []
    try:
        walk = _Walk()
        return [one for document in yaml.compose_all(text, Loader=yaml.SafeLoader) for one in walk.through(document, 0)]
    except (yaml.YAMLError, RecursionError, ValueError):
        return []


def of_mapping(given: dict[str, Any]) -> list[Setting]:
    """Return the settings of a dictionary of plain types. The line of a setting is its position, from 1."""
    found = []
    for place, (key, value) in enumerate(given.items(), start=1):
        document = yaml.compose(yaml.safe_dump({key: value}, allow_unicode=True), Loader=yaml.SafeLoader)
        found += [one._replace(line=place, block=0) for one in _Walk().through(document, 0)]
    return found


class _Walk:
    """Walks once through the nodes of a document."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._blocks = 0

    def through(self, node: yaml.Node | None, block: int, *, listed: bool = False) -> Iterator[Setting]:
        """Yield the settings below a node. block: of those directly in it. listed: whether it is an item of a list."""
        if node is None or id(node) in self._seen:
            return
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield from self._in_text(node, block, listed=listed)
        elif isinstance(node, yaml.SequenceNode):
            own = self._block()
            for item in node.value:
                yield from self.through(item, own, listed=True)
        elif isinstance(node, yaml.MappingNode):
            yield from self._in_mapping(node, block)

    def _block(self) -> int:
        self._blocks += 1
        return self._blocks

    def _in_mapping(self, node: yaml.MappingNode, block: int) -> Iterator[Setting]:
        named = _named(node)
        if named is not None:
            yield _setting(named[0].value, named[0], named[1], block)
            return
        own = self._block()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and keys.has_root(key.value) and _is_value(value):
                yield _setting(key.value, key, value, own)
            else:
                yield from self.through(value, own)

    def _in_text(self, node: yaml.ScalarNode, block: int, *, listed: bool) -> Iterator[Setting]:
        line = node.start_mark.line + 1
        if node.style == "|":
            inside = list(text_reader.settings(node.value))
            first = self._blocks + 1
            self._blocks = first + max((one.block for one in inside), default=0)
            yield from (one._replace(line=line + one.line, block=first + one.block) for one in inside)
            return
        pair = _WORDS.search(node.value) or (_PAIR.fullmatch(node.value) if listed else None)
        if pair is not None and keys.has_root(pair["key"]):
            yield _to_setting(pair["key"], pair["value"].strip("\"' \n"), line, block)
            return
        for made in shell.settings(node.value):
            yield Setting(line, made.key, made.value, COMMAND, VALUE, block, made.flaw)


def _named(node: yaml.MappingNode) -> tuple[yaml.ScalarNode, yaml.Node] | None:
    """Return the name and the value of a mapping that has a field for each, or None."""
    fields = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    names = (fields.get(field) for field in _NAMES)
    name = next((one for one in names if isinstance(one, yaml.ScalarNode) and keys.has_root(one.value)), None)
    value = fields.get(_VALUE)
    return None if name is None or value is None else (name, value)


def _is_value(node: yaml.Node) -> bool:
    """Return whether a node is the value of a setting, or a request such as {at_least: 1}."""
    if isinstance(node, yaml.MappingNode):
        return any(isinstance(key, yaml.ScalarNode) and key.value in HOW for key, _value in node.value)
    return isinstance(node, yaml.ScalarNode) or all(isinstance(item, yaml.ScalarNode) for item in node.value)


def _setting(key: str, place: yaml.Node, value: yaml.Node, block: int) -> Setting:
    how = VALUE
    if isinstance(value, yaml.MappingNode):
        bounds = ((name.value, bound) for name, bound in value.value if name.value in HOW)
        how, value = next(bounds, (VALUE, value))
    return _to_setting(key, _text(key, value), place.start_mark.line + 1, block, how=how)


def _text(key: str, value: yaml.Node) -> str:
    if not isinstance(value, yaml.SequenceNode):
        return " ".join(str(value.value).split()) if isinstance(value, yaml.ScalarNode) else ""
    known = catalogue.find(keys.canonical(key))
    separator = "," if known is not None and known.kind == "ports" else " "
    return separator.join(str(item.value) for item in value.value if isinstance(item, yaml.ScalarNode))


def _to_setting(key: str, value: str, line: int, block: int, *, how: str = VALUE) -> Setting:
    return Setting(line, keys.canonical(key), " ".join(value.split()), YAML, how, block)
