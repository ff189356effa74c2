# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of variables on a host: templates evaluated, and those of roles converted to their types."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ansible.errors import AnsibleError
from ansible.template import Templar
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain

from .convert import convert, is_unset
from .names import BASE
from .role_variables import Variable

_EMPTY: dict[str, Any] = {"list": [], "dict": {}, "int": 0}


class Templates:
    """Evaluates with the variables of the task, or with those of another host."""

    def __init__(self, task_vars: Mapping[str, Any], loader: Any) -> None:
        self._hostvars = task_vars["hostvars"]
        self._loader = loader
        self._own = Templar(loader=loader, variables=task_vars)

    def __call__(self, name: str, value: Any, host: str | None = None) -> Any:
        """Return the value in plain JSON types. Raises InvalidOption naming the variable."""
        try:
            if not is_template(value):
                return plain(value)
            templar = self._own if host is None else self._of(host)
            return plain(templar.template(value))
        except (AnsibleError, NettuneError) as error:
            # A value that is no template may be encrypted.
            what = "template cannot be evaluated" if is_template(value) else "value cannot be read"
            raise InvalidOption(f"{name}: its {what}: {_first_line(error)}.") from None

    def _of(self, host: str) -> Templar:
        return Templar(loader=self._loader, variables={**self._hostvars.raw_get(host), "hostvars": self._hostvars})


def is_template(value: Any) -> bool:
    """Return whether any text in the value may be a template."""
    if isinstance(value, str):
        return "{{" in value or "{%" in value
    if isinstance(value, Mapping):
        return any(map(is_template, value.values())) or any(map(is_template, value))
    return isinstance(value, (list, tuple)) and any(map(is_template, value))


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", None) or error).strip().splitlines()[0].rstrip(".")


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
