# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as JSON knows them, out of whatever a template engine wraps its own in."""

from __future__ import annotations

from typing import Any, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput


def plain(value: Any) -> Any:
    """`value` with exactly the types of JSON, all the way down.

    ansible-core hands out subclasses of str, int, dict and list that remember where they are from, and containers that
    are filled when they are looked into; libraries that compare types take none of them for what it is. Raises
    MalformedInput for what JSON has no type for, such as an undefined variable.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Mapping):
        return {str.__str__(str(key)): plain(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(held) for held in value]
    raise MalformedInput(f"a value of type {type(value).__name__} is neither text, number, list nor dictionary")
