# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the roles, as roles/*/meta/argument_specs.yml defines them."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Iterable, Mapping, NamedTuple

from ansible.module_utils.common.yaml import yaml_load
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption

from .convert import Type

_ROLES = Path(__file__).resolve().parents[3] / "roles"


class Variable(NamedTuple):
    """default: a value, or None if the role has no default for it."""

    name: str
    type: Type
    default: Any = None


@functools.lru_cache(maxsize=None)
def of(role: str) -> Mapping[str, Variable]:
    """Return the variables of all entry points of a role, by name. Raises InvalidOption for an unknown role."""
    path = _ROLES / role / "meta" / "argument_specs.yml"
    try:
        specs = yaml_load(path.read_text(encoding="utf-8"))["argument_specs"]
    except FileNotFoundError:
        raise InvalidOption(f"roles: this collection has no role {role!r}") from None
    # The entry point main is the one that users know, so its defaults come first.
    entries = sorted(specs, key=lambda name: name != "main")
    found: dict[str, Variable] = {}
    for entry in entries:
        for name, spec in specs[entry].get("options", {}).items():
            found.setdefault(name, Variable(name, _type(spec), spec.get("default")))
    return found


def of_all(roles: Iterable[str]) -> dict[str, Variable]:
    """Return the variables of several roles."""
    return {name: variable for role in roles for name, variable in of(role).items()}


@functools.lru_cache(maxsize=None)
def names() -> frozenset[str]:
    """Return the names of the variables of all roles of the collection."""
    return frozenset(name for path in _ROLES.iterdir() if path.is_dir() for name in of(path.name))


def _type(spec: Mapping[str, Any]) -> Type:
    kind = spec.get("type", "str")
    # Ansible checks the type of a role's variables before any task runs, and says "cannot convert Infinity to integer".
    if kind == "raw" and isinstance(spec.get("default"), int):
        kind = "int"
    low = 0 if kind in ("int", "float") else None
    return Type(kind, spec.get("elements", "str"), tuple(spec.get("choices", ())), low)
