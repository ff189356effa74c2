# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings in YAML and JSON: variables of roles, tasks, cloud-init, manifests of containers, Salt states.

    net.core.somaxconn: 4096
    net.core.somaxconn: {at_least: 4096, reason: bursts}
    - {name: net.core.somaxconn, value: 4096}
    - net.core.somaxconn=4096
    - sysctl -w net.core.somaxconn=4096

and any document inside it as a block of text. yaml_named.py reads mappings with a field for the name.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import textwrap
import urllib.parse
from collections.abc import Mapping
from typing import Any, Callable, Iterator

import yaml
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import shown
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import HOW

from . import keys, shell, template, yaml_named, yaml_pieces
from .row import COMMAND, FILE, VALUE, YAML, Setting

# A longer text is read in pieces, if it is YAML; longer JSON is refused.
_LONGEST, _LONGEST_JSON = 200_000, 2_000_000
# libyaml is faster, but crashes on deep nesting: so many brackets, or spaces and dashes before a word, are none.
_MOST_BRACKETS = 5000
_DEEP = re.compile(r"^[ \t?-]{1000}", re.MULTILINE)
_MOST_BITS = 400
_INDENT = re.compile(r"(?:[ \t]*(?:#.*)?\n)*([ \t]*)")
# The number of a document's own block.
_OUTERMOST = 1
_LIKELY = re.compile(r"^[ \t]*(?:-[ \t]+)?[{\[\"']*[\w./-]+[\"']?[ \t]*:(?:\s|$)|^[ \t]*(?:[{\[]|-\s)", re.MULTILINE)
_PAIR = re.compile(r"\s*(?P<key>[A-Za-z][\w./*:@%{} -]*?)\s*=(?!=)\s*(?P<value>.*)", re.ASCII | re.DOTALL)
# Another pair after the first one in the same text.
_MORE = re.compile(r"[\s,;](?:sysctl\.)?(?:net|fs|kernel|vm)[./][\w./-]+=", re.ASCII)
# Arguments of Ansible's short form.
_LINE = re.compile(r"\b(?:line|replace|block|content)=([\"'])(?P<text>.*?)\1", re.DOTALL)
_COMMANDS = {"cmd.run", "cmd.wait", "cmd.script"}
_WORDS = re.compile(r"\bname=[\"']?(?P<key>[\w./-]+)[\"']?\s+value=(?P<value>\"[^\"]*\"|'[^']*'|\S+)", re.ASCII)
_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Read = Callable[[str, str], "list[Setting]"]


def settings(text: str, read: Read | None = None) -> list[Setting]:
    """Return the settings of a text in YAML; an empty list if it is not YAML or has no settings."""
    return parsed(text, read) or []


def parsed(text: str, read: Read | None = None) -> list[Setting] | None:
    """Return the settings of a text in YAML; None if it is not YAML. read: reads a text inside, by its name."""
    if not _LIKELY.search(text):
        return None
    if len(text) > _LONGEST:
        json_text = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
        return _of_json(text, read) if json_text else _in_pieces(text, read)
    return _parsed(text, read, yaml.SafeLoader)


def _of_json(text: str, read: Read | None) -> list[Setting] | None:
    """Return the settings of a large text in JSON; None if it is none, or nested too deeply for libyaml."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    if len(text) > _LONGEST_JSON:
        size, most = len(text) / 10**6, _LONGEST_JSON / 10**6
        raise InvalidOption(f"the JSON has {size:.1f} MB; at most {most:g} MB can be checked")
    return _parsed(text, read, _FAST)


def _in_pieces(text: str, read: Read | None) -> list[Setting] | None:
    """Return the settings of a large text; None if less than half of its pieces is YAML."""
    raw, found, refused, count = text.split("\n"), [], 0, 0
    # Where pieces of the same mapping or list begin, and what the next of them would begin with.
    whole, following = 0, (0, "")
    for begin, end in yaml_pieces.pieces(raw, _LONGEST // 4):
        piece = "\n".join(raw[begin:end])
        count += 1
        indent = _INDENT.match(piece)[1]
        whole = whole if (begin, indent) == following else begin
        following = end, indent
        deep = piece.count("[") + piece.count("{") > _MOST_BRACKETS or _DEEP.search(piece)
        if yaml_pieces.is_text(raw, begin):
            own = (read or _read_nothing)(textwrap.dedent(piece), "")
        else:
            own = _parsed(piece, read, yaml.SafeLoader if deep else _FAST) if len(piece) <= _LONGEST else None
        refused += own is None
        if 2 * refused > max(count, 4):
            return None
        for one in own or ():
            last = one.last + begin if one.last else 0
            block = one.block + (whole if one.block == _OUTERMOST else begin)
            found.append(one._replace(line=one.line + begin, last=last, block=block))
    return None if 2 * refused > count else found


def _parsed(text: str, read: Read | None, loader: Any) -> list[Setting] | None:
    found: list[Setting] = []
    if "{" in text:
        found += template.settings(text)
        text = template.as_yaml(text)
    try:
        walk = _Walk(read or _read_nothing)
        for document in yaml.compose_all(text, Loader=loader):
            found += walk.document(document)
        return found
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def of_mapping(given: dict[str, Any], read: Read | None = None) -> list[Setting]:
    """Return the settings of a dictionary of plain types. The line of a setting is its position, from 1."""
    found = []
    for place, (key, value) in enumerate(given.items(), start=1):
        if keys.has_root(str(key)) and _is_no_value(value):
            found.append(Setting(place, keys.canonical(str(key)), shown(value), YAML))
            continue
        document = yaml.compose(yaml.safe_dump({key: value}, allow_unicode=True), Loader=yaml.SafeLoader)
        walk = _Walk(read or _read_nothing)
        found += [one._replace(line=place, block=0, last=0) for one in walk.through(document, 0)]
    return found


def _read_nothing(_text: str, _name: str) -> list[Setting]:
    return []


def _is_no_value(given: Any) -> bool:
    """Return whether no reader of a setting accepts this: a list in a list, or a number with hundreds of digits."""
    if isinstance(given, Mapping):
        return any(_is_no_value(given[how]) for how in HOW if how in given)
    if isinstance(given, (list, tuple)):
        return any(isinstance(item, (list, tuple, Mapping)) or _is_no_value(item) for item in given)
    return isinstance(given, int) and given.bit_length() > _MOST_BITS


class _Walk:
    """Walks once through the nodes of a document."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._seen: set[int] = set()
        self._blocks = 0

    def document(self, node: yaml.Node | None) -> Iterator[Setting]:
        """Yield the settings of a document; the nodes of the one before are gone, and their ids may return."""
        self._seen.clear()
        yield from self.through(node, 0)

    def through(
        self, node: yaml.Node | None, block: int, *, listed: bool = False, name: str = "", prefix: str = ""
    ) -> Iterator[Setting]:
        """Yield the settings below a node.

        block: of those directly in it. listed: whether it is an item of a list. name: of the file that a text becomes.
        prefix: the keys above, if these are parts of a parameter's name.
        """
        if node is None or id(node) in self._seen:
            return
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield from self._in_text(node, block, listed=listed, name=name)
        elif isinstance(node, yaml.SequenceNode):
            yield from self._in_list(node)
        elif isinstance(node, yaml.MappingNode):
            yield from self._in_mapping(node, block, prefix)

    def _block(self) -> int:
        self._blocks += 1
        return self._blocks

    def _in_list(self, node: yaml.SequenceNode) -> Iterator[Setting]:
        own = self._block()
        words = [item.value for item in node.value if isinstance(item, yaml.ScalarNode)]
        block = any(isinstance(item, yaml.ScalarNode) and item.style in ("|", ">") for item in node.value)
        if len(words) == len(node.value) == 2 and keys.is_name(words[0]) and yaml_named.is_value_text(words[1]):
            yield _to_setting(words[0], words[1], node.start_mark.line + 1, own)
            return
        if (
            words[:1]
            and words[0].rpartition("/")[2] in ("sysctl", "sh", "bash", "echo")
            and len(words) > 1
            and not block
        ):
            line = node.start_mark.line + 1
            quoted = " ".join(word if re.fullmatch(r"[\w./=>|-]+", word) else _quote(word) for word in words)
            yield from (_made(one, line, own) for one in shell.settings(quoted))
            return
        for item in node.value:
            yield from self.through(item, own, listed=True)

    def _in_mapping(self, node: yaml.MappingNode, block: int, prefix: str) -> Iterator[Setting]:
        if yaml_named.is_absent(node):
            return
        named = yaml_named.settings(node)
        if named is not None:
            for key, place, value in named:
                one = _setting(key, place, value, block, last=_last(node))
                yield yaml_named.with_number(one) if yaml_named.has_task(node) else one
            return
        own = self._block()
        fields = yaml_named.fields(node)
        name = next((fields[one].value for one in ("path", "dest", "name") if yaml_named.is_path(fields.get(one))), "")
        if yaml_named.is_encoded(node):
            yield from self._encoded(fields["content"], own, name)
            return
        for key, value in node.value:
            if isinstance(value, yaml.MappingNode) and yaml_named.is_flat(key):
                for one, place, text in yaml_named.of_flat(value):
                    yield _to_setting(one, text, place.start_mark.line + 1, own)
            present = yaml_named.of_salt(key, value)
            if present is not None:
                yield _setting(*present, own, last=_last(value))
                continue
            if isinstance(key, yaml.ScalarNode) and key.value in _COMMANDS:
                yield from self._commands(value, own)
                continue
            joined = keys.of_container(f"{prefix}{key.value}") if isinstance(key, yaml.ScalarNode) else ""
            rooted = keys.has_root(joined) or "{{" in joined and keys.has_root(joined.replace("{{ ", "{{"))
            known = not prefix or catalogue.find(keys.canonical(joined)) is not None
            if joined and rooted and known and _is_value(value) and not _is_document(value):
                yield _setting(joined, key, value, own)
            elif joined and yaml_named.takes_effect(key.value):
                below = f"{joined}." if keys.is_part(joined) and isinstance(value, yaml.MappingNode) else ""
                found = self.through(value, own, name=name, prefix=below)
                yield from map(yaml_named.with_number, found) if yaml_named.is_task(key, value) else found
            elif not isinstance(value, yaml.ScalarNode):
                yield from self.through(value, own)

    def _commands(self, node: yaml.Node, block: int) -> Iterator[Setting]:
        """Yield the settings of Salt's commands, which are in the field `name`."""
        for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            given = yaml_named.fields(item).get("name") if isinstance(item, yaml.MappingNode) else None
            if isinstance(given, yaml.ScalarNode):
                yield from self._in_text(given, block, listed=False, name="")

    def _in_text(self, node: yaml.ScalarNode, block: int, *, listed: bool, name: str) -> Iterator[Setting]:
        line = node.start_mark.line + 1
        if node.value.startswith("data:"):
            yield from self._document(_of_url(node.value), node, name)
            return
        if node.style in ("|", ">") or "\n" in node.value.strip():
            yield from self._document(node.value, node, name)
            return
        written = _LINE.search(node.value)
        if written is not None and " state=absent" not in node.value:
            yield from (_made(one, line, block) for one in shell.written_lines(written["text"]))
            return
        pair = _WORDS.search(node.value) or _PAIR.fullmatch(node.value)
        key = keys.of_container(pair["key"]) if pair is not None else ""
        if pair is not None and keys.is_name(key) and not _MORE.search(pair["value"]):
            found = _to_setting(key, pair["value"].strip("\"' \n"), line, block)
            yield found if listed or _WORDS.search(node.value) else found._replace(form=FILE)
            return
        commands = shell.settings(node.value)
        yield from (_made(one, line, block) for one in commands)
        if not commands and ("{{" in node.value or _MORE.search(node.value)):
            inside = template.in_text(node.value)
            yield from (one._replace(line=line, block=block, last=_last(node)) for one in inside)

    def _document(self, text: str, node: yaml.ScalarNode, name: str) -> Iterator[Setting]:
        """Yield the settings of a document inside this one."""
        line, last = node.start_mark.line + 1, _last(node)
        inside = self._read(text, name)
        first = self._blocks + 1
        self._blocks = first + max((one.block for one in inside), default=0)
        shift = 0 if node.style == "|" else -1
        for one in inside:
            literal = node.style in ("|", None)
            at = min(line + one.line + shift, last) if literal else line
            # Lines that are folded into one, or written with escapes, belong to every setting in them.
            yield one._replace(line=at, block=first + one.block, last=0 if literal else last)

    def _encoded(self, node: yaml.Node, block: int, name: str) -> Iterator[Setting]:
        try:
            text = base64.b64decode(re.sub(r"\s", "", str(node.value))).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return
        yield from (one._replace(line=node.start_mark.line + 1, block=block, last=0) for one in self._read(text, name))


def _of_url(url: str) -> str:
    """Return the text of a data: URL, such as Ignition has."""
    kind, _comma, data = url.partition(",")
    try:
        if kind.endswith(";base64"):
            return base64.b64decode(data).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
    return urllib.parse.unquote(data)


def _quote(word: str) -> str:
    return "'" + word.replace("'", "") + "'"


def _last(node: yaml.Node) -> int:
    return node.end_mark.line + (1 if node.end_mark.column else 0)


def _made(one: shell.Assignment, line: int, block: int) -> Setting:
    return Setting(line, one.key, " ".join(one.value.split()), FILE if one.in_file else COMMAND, VALUE, block, one.flaw)


def _is_value(node: yaml.Node) -> bool:
    """Return whether a node is the value of a setting, or a request such as {at_least: 1}."""
    if isinstance(node, yaml.MappingNode):
        if yaml_named.is_absent(node):
            return False
        return any(isinstance(key, yaml.ScalarNode) and key.value in HOW for key, _value in node.value)
    return isinstance(node, yaml.ScalarNode) or all(isinstance(item, yaml.ScalarNode) for item in node.value)


def _is_document(node: yaml.Node) -> bool:
    """Return whether a node is a text of several lines, such as a script, rather than a value."""
    return isinstance(node, yaml.ScalarNode) and "\n" in node.value.strip()


def _setting(key: str, place: yaml.Node, value: yaml.Node, block: int, *, last: int = 0) -> Setting:
    how = VALUE
    if isinstance(value, yaml.MappingNode):
        bounds = ((name.value, bound) for name, bound in value.value if name.value in HOW)
        how, value = next(bounds, (VALUE, value))
    line = place.start_mark.line + 1
    return _to_setting(key, _text(key, value), line, block, how=how, last=max(last, _last(value)))


def _text(key: str, value: yaml.Node) -> str:
    if not isinstance(value, yaml.SequenceNode):
        return " ".join(str(value.value).split()) if isinstance(value, yaml.ScalarNode) else ""
    known = catalogue.find(keys.canonical(key))
    separator = "," if known is not None and known.kind == "ports" else " "
    return separator.join(str(item.value) for item in value.value if isinstance(item, yaml.ScalarNode))


def _to_setting(key: str, value: str, line: int, block: int, *, how: str = VALUE, last: int = 0) -> Setting:
    return Setting(line, keys.canonical(key), " ".join(value.split()), YAML, how, block, last=last)
