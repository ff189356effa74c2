# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the types of a JSON value: a document may have been edited by hand, and every value of it is used somewhere."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from .text import shown

_LARGEST = (1 << 64) - 1


class Each(NamedTuple):
    """The shape of all values of an object, whose keys can be any text."""

    of: Any


class Maybe(NamedTuple):
    """The shape of a value that can also be null."""

    of: Any


class Whole(NamedTuple):
    """The shape of an object that has each of these fields, except for those that can be null."""

    of: Mapping[str, Any]


class Fixed(NamedTuple):
    """The shape of a list of so many values."""

    of: Any
    length: int


def check(value: Any, shape: Any, name: str = "it") -> None:
    """Raise TypeError if a value of JSON does not have a shape. name: of the value, for the message.

    shape: a type, [shape] for a list, {field: shape} for an object, or one of the classes above. A field that the
    shape does not name is not checked, nor is a missing one except by Whole. A number is from 0 to 2**64 - 1.
    """
    if isinstance(shape, Maybe):
        if value is not None:
            check(value, shape.of, name)
        return
    kind = list if isinstance(shape, Fixed) else dict if isinstance(shape, (Each, Whole)) else type(shape)
    if isinstance(shape, type):
        kind = shape
    is_number = kind in (int, float) and not isinstance(value, bool) and isinstance(value, (int, kind))
    if not (is_number and 0 <= value <= _LARGEST if kind in (int, float) else isinstance(value, kind)):
        raise TypeError(f"{name} is {shown(value)}")
    if isinstance(shape, Fixed) and len(value) != shape.length:
        raise TypeError(f"{name} has {len(value)} values, not {shape.length}")
    if isinstance(shape, Whole):
        missing = [field for field, of in shape.of.items() if field not in value and not isinstance(of, Maybe)]
        if missing:
            raise TypeError(f"{name} has no {', '.join(missing)}")
    for inner, of, place in _inside(value, shape, name):
        check(inner, of, place)


def _inside(value: Any, shape: Any, name: str) -> list[tuple[Any, Any, str]]:
    if isinstance(shape, Each):
        return [(inner, shape.of, str(key)) for key, inner in value.items()]
    if isinstance(shape, Whole):
        return _inside(value, dict(shape.of), name)
    if isinstance(shape, dict):
        return [(value[field], of, field) for field, of in shape.items() if field in value]
    if isinstance(shape, (list, Fixed)):
        of = shape.of if isinstance(shape, Fixed) else shape[0]
        return [(inner, of, name) for inner in value]
    return []
