# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the variables of a run come from: -e, the play, or the inventory with its group_vars and host_vars.

Facts, registered results and the fact cache are left out. No other file of the options reads a private attribute of
Ansible.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple

from ansible import context
from ansible.parsing.splitter import split_args
from ansible.utils.vars import load_extra_vars


class Origins(NamedTuple):
    """Variables as written, templates included. extra: from -e. play: from the play. hosts: inventory, by host."""

    extra: Mapping[str, Any]
    play: Mapping[str, Any]
    hosts: Mapping[str, Mapping[str, Any]]


class CutOff(NamedTuple):
    """A value of -e that was cut off at a space.

    name: of the variable, empty if unknown. value: what is left of it. rest: the first word that was cut off.
    """

    name: str
    value: str
    rest: str


def read(task_vars: Mapping[str, Any], loader: Any, hosts: Iterable[str]) -> Origins:
    """Return the variables of a task and of these hosts by origin.

    `hosts` need not include the host of the task. About 0.3 ms a host.
    """
    hostvars, host = task_vars["hostvars"], task_vars["inventory_hostname"]
    given = of_command_line(loader)
    inventory = {str(each): _of_inventory(hostvars, each, given) for each in hosts}
    raw = hostvars.raw_get(host)
    own = {
        name: value
        for name, value in task_vars.items()
        if name not in given and (name not in raw or raw[name] is not value and raw[name] != value)
    }
    return Origins(given, own, inventory)


def of_command_line(loader: Any) -> dict[str, Any]:
    """Return the variables given with -e."""
    return {str(name): value for name, value in load_extra_vars(loader).items() if name != "_raw_params"}


def cut_off() -> list[CutOff]:
    """Return the values given with -e that were cut off because -e separates variables at spaces."""
    return [found for text in context.CLIARGS.get("extra_vars", ()) if (found := _cut_off(str(text)))]


def _of_inventory(hostvars: Any, host: str, extra: Mapping[str, Any]) -> dict[str, Any]:
    raw = hostvars.raw_get(host)
    facts, registered = raw.get("ansible_facts", {}), _registered(hostvars, host)
    if registered is None:
        return {}
    return {
        name: value for name, value in raw.items() if name not in facts and name not in registered and name not in extra
    }


def _registered(hostvars: Any, host: str) -> Mapping[str, Any] | None:
    """Return the facts and registered results of a host, or None if this version of Ansible does not tell."""
    manager = getattr(hostvars, "_variable_manager", None)
    cache = getattr(manager, "_nonpersistent_fact_cache", None)
    return None if cache is None else cache.get(host, {})


def _cut_off(text: str) -> CutOff | None:
    if text[:1] in ("", "@", "[", "{"):
        return None
    before, value = "", ""
    for word in split_args(text):
        name, equals, given = word.partition("=")
        if not equals or not name.replace("-", "_").isidentifier():
            return CutOff(before, value, word)
        before, value = name, given
    return None
