# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of role variables on a host, converted to their types."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption

from .convert import convert, is_unset
from .names import BASE
from .role_variables import Variable
from .templates import Templates, is_template

_EMPTY: dict[str, Any] = {"list": [], "dict": {}, "int": 0}


def converted(
    variables: Iterable[Variable], task_vars: Mapping[str, Any], loader: Any
) -> tuple[dict[str, Any], list[str]]:
    """Return the value of each variable, and a sentence for each value that is not allowed.

    Variables without a value get their default; those without a default are left out.
    """
    # Templates may refer to other variables, which have to be converted before: the settings of a role add up lists.
    current = dict(task_vars)
    found: dict[str, Any] = {}
    errors: list[str] = []
    for variable in sorted(variables, key=lambda each: _turn(each, task_vars.get(each.name))):
        name = variable.name
        try:
            value = Templates(current, loader)(name, current.get(name))
            value = variable.default if is_unset(value) else convert(name, value, variable.type)
        except InvalidOption as error:
            errors.append(str(error))
            # Templates that refer to it would fail too, and say the same.
            current[name] = _EMPTY.get(variable.type.kind) if variable.default is None else variable.default
            continue
        if value is not None:
            found[name] = current[name] = value
    return found, errors


def _turn(variable: Variable, value: Any) -> tuple[int, bool]:
    """Return a sort key: plain values first, then templates, and templates in dictionaries last.

    The variables of the role `tuning` may refer to those of the role that calls it.
    """
    return is_template(value) * (2 if variable.type.kind == "dict" else 1), variable.name.startswith(BASE)
