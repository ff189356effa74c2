# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert values of variables to their types. -e NAME=VALUE and INI inventories give text for everything."""

from __future__ import annotations

import json
import re
from typing import Any, Mapping, NamedTuple, Sequence

from ansible.module_utils.common.yaml import yaml_load
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._common.suggest import closest, did_you_mean
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import printable
from yaml import YAMLError

_TRUE, _FALSE = ("true", "yes", "on", "1", "y", "t"), ("false", "no", "off", "0", "n", "f")
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?", re.ASCII | re.IGNORECASE)
_LONGEST = 60
_LONGEST_NUMBER, _HIGHEST = 40, 1e300


class Type(NamedTuple):
    """kind: str, bool, int, float, list, dict or raw. The other fields are those of rows.Row."""

    kind: str
    elements: str = "str"
    choices: Sequence[str] = ()
    low: float | None = None
    high: float | None = None


def convert(name: str, value: Any, wanted: Type) -> Any:
    """Return the value in its type. Raises InvalidOption: a sentence with the name, the value and what is allowed."""
    if wanted.kind == "list":
        return [_element(name, each, wanted) for each in _items(name, value)]
    found = _SCALARS[wanted.kind](name, value)
    if wanted.kind in ("int", "float"):
        _check_range(name, found, wanted)
    if wanted.choices and found not in wanted.choices:
        raise InvalidOption(f"{name} is {shown(value)}{_allowed(found, wanted.choices)}")
    return found


def is_unset(value: Any) -> bool:
    """Return whether a value stands for the default: null, as in `name:` without a value in YAML, or empty text."""
    return value is None or value == ""


def shown(value: Any) -> str:
    """Return a value for a message: text in quotes, other values as JSON, shortened."""
    if isinstance(value, int) and abs(value) >= _HIGHEST:
        return "a number with hundreds of digits"
    text = (
        f"'{printable(value[: _LONGEST + 1])}'"
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, default=str)
    )
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _bool(name: str, value: Any) -> bool:
    if isinstance(value, (bool, int)) and value in (0, 1):
        return bool(value)
    word = value.strip().lower() if isinstance(value, str) else None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise InvalidOption(f"{name} is {shown(value)}; it must be true or false.")


def _int(name: str, value: Any) -> int:
    number = _number(value)
    if number is None or number != int(number):
        raise InvalidOption(f"{name} is {shown(value)}; it must be a whole number.")
    return int(number)


def _float(name: str, value: Any) -> float:
    number = _number(value)
    if number is None:
        raise InvalidOption(f"{name} is {shown(value)}; it must be a number.")
    return float(number)


def _number(value: Any) -> float | int | None:
    """Return the number that a value is or spells, or None."""
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and _NUMBER.fullmatch(value.strip()):
        value = int(value) if _INTEGER.fullmatch(value.strip()) else float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # A float cannot hold a whole number beyond this.
    return value if abs(value) < _HIGHEST else None


def _str(name: str, value: Any) -> str:
    if isinstance(value, bool):
        raise InvalidOption(f"{name} is {shown(value)}; it must be text: write '{shown(value)}' in quotes.")
    if isinstance(value, (int, float)):
        return str(value)
    if not isinstance(value, str):
        raise InvalidOption(f"{name} is {shown(value)}; it must be text.")
    return value


def _dict(name: str, value: Any) -> dict[str, Any]:
    found = _in_braces(value) if isinstance(value, str) else value
    if not isinstance(found, Mapping):
        raise InvalidOption(f"{name} is {shown(value)}; it must be a dictionary, for example {{name: value}}.")
    return dict(found)


def _items(name: str, value: Any) -> Sequence[Any]:
    """Return the elements of a list, which may be text in brackets, text with commas or a single value."""
    found = _in_braces(value) if isinstance(value, str) and value.lstrip()[:1] in ("[", "{") else value
    if isinstance(found, str):
        return [part.strip() for part in found.split(",") if part.strip()]
    if isinstance(found, (list, tuple)):
        return found
    if isinstance(found, Mapping) or found is None:
        raise InvalidOption(f"{name} is {shown(value)}; it must be a list, or values separated by commas.")
    return [found]


def _element(name: str, value: Any, wanted: Type) -> Any:
    if wanted.elements == "raw":
        is_number = isinstance(value, str) and len(value) <= _LONGEST_NUMBER and _INTEGER.fullmatch(value)
        return int(value) if is_number else value
    try:
        found = _SCALARS[wanted.elements](name, value)
    except InvalidOption:
        raise InvalidOption(
            f"{name} contains {shown(value)}; each element must be {_CALLED[wanted.elements]}."
        ) from None
    if wanted.choices and found not in wanted.choices:
        raise InvalidOption(f"{name} contains {shown(value)}{_allowed(found, wanted.choices)}")
    return found


def _allowed(value: Any, choices: Sequence[str]) -> str:
    """Return the end of a sentence about a value that is not among the choices."""
    names = [choice for choice in choices if choice]
    near = closest(str(value).lower(), names)
    if len(names) == 1:
        return did_you_mean(near) or f"; it must be {names[0]}."
    # Exclusions would double the list.
    listed = [name for name in names if not name.startswith("!")]
    allowed = f"llowed are {', '.join(listed)}{'; !NAME excludes one' if listed != names else ''}."
    return f"{did_you_mean(near)} A{allowed}" if near else f"; a{allowed}"


def _check_range(name: str, value: float, wanted: Type) -> None:
    low, high = wanted.low, wanted.high
    if (low is None or value >= low) and (high is None or value <= high):
        return
    given = f"{value:g}" if value % 1 else shown(int(value))  # :g rounds to six digits
    if high is None:
        raise InvalidOption(f"{name} is {given}; it must be {low:g} or more.")
    raise InvalidOption(f"{name} is {given}; it must be between {low:g} and {high:g}.")


def _in_braces(text: str) -> Any:
    """Return a list or dictionary in JSON, or in YAML within brackets or braces; None for other text."""
    try:
        return yaml_load(text) if text.lstrip()[:1] in ("[", "{") else None
    except (YAMLError, ValueError, RecursionError):
        return None


_SCALARS = {
    "bool": _bool,
    "int": _int,
    "float": _float,
    "str": _str,
    "path": _str,
    "dict": _dict,
    "raw": lambda _name, value: value,
}
_CALLED = {"str": "text", "int": "a whole number", "float": "a number", "dict": "a dictionary"}
