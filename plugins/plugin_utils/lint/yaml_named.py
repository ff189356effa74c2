# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML mappings with a field for the parameter and one for its value, and loops over such fields.

- ansible.posix.sysctl: {name: "{{ item }}", value: 0}      net.core.somaxconn:
  loop: [net.ipv4.tcp_sack, net.ipv4.tcp_dsack]               sysctl.present:
- {key: net.core.somaxconn, val: 4096}                          - value: 4096
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import yaml

from . import keys
from .row import Setting

_NAMES = ("name", "key", "sysctl", "parameter", "param", "variable", "sysctl_key", "k", "setting", "option", "item")
_VALUES = ("value", "val", "v", "sysctl_value", "setting_value", "data", "content")
_LOOPS = ("loop", "with_items", "with_list", "with_flattened")
# Fields with text for people, and expressions: what they mention is not set.
_NO_EFFECT = {
    *(
        "name",
        "msg",
        "fail_msg",
        "success_msg",
        "description",
        "comment",
        "reason",
        "notes",
        "title",
        "summary",
        "when",
    ),
    *("regexp", "regex", "search_string", "insertafter", "insertbefore", "after", "before", "changed_when", "note"),
    *(
        "failed_when",
        "register",
        "tags",
        "until",
        "that",
        "creates",
        "removes",
        "unless",
        "onlyif",
        "pattern",
        "message",
    ),
    *("assert", "fail", "debug", "ansible.builtin.assert", "ansible.builtin.fail", "ansible.builtin.debug", "backrefs"),
}
_FLAT = re.compile(r"sysctls?|sysctl_?config", re.IGNORECASE)
_BOOLEANS = {
    **dict.fromkeys(("yes", "on", "true", "y", "t"), "1"),
    **dict.fromkeys(("no", "off", "false", "n", "f"), "0"),
}
_GONE = {"absent", "removed"}
_ITEM = re.compile(r"\{\{\s*item\s*\}\}")
_VALUE_TEXT = re.compile(r"-?\d[\d ,.-]*|\{\{.*\}\}|\$\{?\w+\}?|[a-z_]{2,20}")
_ENCODED = re.compile(r"b64|base64|!!binary")

Named = "tuple[str, yaml.Node, yaml.Node]"


def fields(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    """Return the fields of a mapping by name."""
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def takes_effect(field: str) -> bool:
    """Return whether the text of a field can make a setting, rather than mention it."""
    return field.lower() not in _NO_EFFECT


def is_absent(node: yaml.MappingNode) -> bool:
    """Return whether a mapping says that what it describes must not be there."""
    given = fields(node)
    states = (given.get(name) for name in ("state", "ensure"))
    return any(isinstance(one, yaml.ScalarNode) and one.value in _GONE for one in states)


def is_path(node: yaml.Node | None) -> bool:
    """Return whether a node is the path of a file."""
    return isinstance(node, yaml.ScalarNode) and "/" in node.value and " " not in node.value


def is_encoded(node: yaml.MappingNode) -> bool:
    """Return whether a mapping has a text in base 64, as files of cloud-init may."""
    given = fields(node)
    encoding, content = given.get("encoding"), given.get("content")
    both = isinstance(encoding, yaml.ScalarNode) and isinstance(content, yaml.ScalarNode)
    return both and _ENCODED.fullmatch(encoding.value.lower()) is not None


def is_value_text(text: str) -> bool:
    """Return whether a text may be the value of a parameter."""
    return _VALUE_TEXT.fullmatch(text) is not None and not keys.has_root(text)


def settings(node: yaml.MappingNode) -> list[Named] | None:
    """Return (name, place, value) for each setting that a mapping describes; None if it describes none."""
    given = fields(node)
    looped = _of_loop(given)
    if looped:
        return looped
    found = _name_and_value(given)
    return None if found is None else [(found[0].value, found[0], found[1])]


def _name_and_value(given: Mapping[str, yaml.Node]) -> tuple[yaml.ScalarNode, yaml.Node] | None:
    """Return the nodes of the name and of the value."""
    given = {field.lower(): node for field, node in given.items()}
    value = next((given[field] for field in _VALUES if field in given), None)
    ordered = [*(given[field] for field in _NAMES if field in given), *given.values()]
    names = (one for one in ordered if isinstance(one, yaml.ScalarNode) and keys.is_name(one.value))
    name = next(names, None)
    return None if name is None or value is None or name is value else (name, value)


def is_task(key: yaml.Node, arguments: yaml.Node) -> bool:
    """Return whether this is a task for Ansible's module sysctl, which turns booleans into 1 and 0."""
    module = key.value.rpartition(".")[2] if isinstance(key, yaml.ScalarNode) else ""
    named = isinstance(arguments, yaml.MappingNode) and {"name", "key"} & set(fields(arguments))
    return module == "sysctl" and bool(named)


def has_task(node: yaml.MappingNode) -> bool:
    """Return whether such a task is among the fields of a mapping."""
    return any(is_task(key, value) for key, value in node.value)


def with_number(setting: Setting) -> Setting:
    """Return a setting with 1 or 0 instead of a boolean."""
    return setting._replace(value=_BOOLEANS.get(setting.value.lower(), setting.value))


def is_flat(key: yaml.Node) -> bool:
    """Return whether the field below may name parameters as cloud providers do: sysctls: {netCoreSomaxconn: 8192}."""
    return isinstance(key, yaml.ScalarNode) and _FLAT.fullmatch(key.value) is not None


def of_flat(node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node, str]]:
    """Yield (parameter, place, value) for each setting of such a field."""
    places = {key.value: key for key, value in node.value if isinstance(value, yaml.ScalarNode)}
    values = {key.value: value.value for key, value in node.value if key.value in places}
    for key, names, text in keys.of_flat(values):
        yield key, places[names[0]], text


def of_salt(key: yaml.Node, states: yaml.Node) -> Named | None:
    """Return the setting of a state such as `net.core.somaxconn: {sysctl.present: [{value: 4096}]}`, or None."""
    declared = fields(states) if isinstance(states, yaml.MappingNode) else {}
    arguments = declared.get("sysctl.present", declared.get("sysctl"))
    if "sysctl.present" not in declared and not _has_word(arguments, "present"):
        return None
    if not isinstance(arguments, (yaml.SequenceNode, yaml.MappingNode)):
        return None
    given: dict[str, yaml.Node] = {}
    for one in arguments.value if isinstance(arguments, yaml.SequenceNode) else [arguments]:
        given.update(fields(one) if isinstance(one, yaml.MappingNode) else {})
    name, value = given.get("name", key), given.get("value")
    if not isinstance(name, yaml.ScalarNode) or value is None or not keys.is_name(name.value):
        return None
    return name.value, name, value


def _has_word(node: yaml.Node | None, word: str) -> bool:
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    return any(isinstance(one, yaml.ScalarNode) and one.value == word for one in items)


def _of_loop(given: Mapping[str, yaml.Node]) -> list[Named]:
    """Return the settings of a task that is repeated for each item of a list of words."""
    loop = next((given[field] for field in _LOOPS if field in given), None)
    words = (
        [one for one in loop.value if isinstance(one, yaml.ScalarNode)] if isinstance(loop, yaml.SequenceNode) else []
    )
    found: list[Named] = []
    for arguments in given.values() if words else ():
        inner = fields(arguments) if isinstance(arguments, yaml.MappingNode) else {}
        name, value = inner.get("name", inner.get("key")), inner.get("value")
        if not isinstance(name, yaml.ScalarNode) or value is None or is_absent(arguments):
            continue
        if _ITEM.search(name.value):
            named = [(_ITEM.sub(lambda _one, word=word: word.value, name.value), word, value) for word in words]
            found += [one for one in named if keys.is_name(one[0])]
    return found
