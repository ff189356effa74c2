# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the names of all variables, and find the value of each option of a playbook."""

from __future__ import annotations

from typing import Any, Callable, Collection, Iterable, Iterator, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._common.suggest import is_slip
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import host_names

from . import names, playbooks, role_variables, rows
from .convert import Type, convert, is_unset, shown
from .origins import CutOff, Origins
from .rows import Row

COMMAND, PLAY, INVENTORY = "-e", "the play", "the inventory"
# What a role passes to the base role.
_PASSED = ("tuning_profile", "tuning_role_")
# Evaluates the templates in the value of a variable. host: whose variables it may use; None for the host of the task.
# Raises InvalidOption.
Template = Callable[[str, Any, "str | None"], Any]


class Problems(NamedTuple):
    """Sentences for the user."""

    errors: list[str]
    warnings: list[str]


def check_names(given: Origins, *, known: Collection[str], roles: Iterable[str], allowed: Collection[str]) -> Problems:
    """Return what is wrong with the names of variables.

    known: the variables of all roles. roles: those that are applied. allowed: names that the user permits.
    """
    found = Problems([], [])
    prefixes = tuple(f"{role}_" for role in roles if role != "tuning")
    for name, place in _places(given):
        if name in allowed:
            continue
        bad = names.misspelt(name, known=known, prefixes=prefixes, from_command=place == COMMAND)
        if bad:
            (found.errors if bad.refused else found.warnings).append(f"{_where(place, given)}: {bad.message}")
    return found


def renamed(extra: Iterable[str], allowed: Collection[str]) -> list[str]:
    """Return a sentence for each option that -e gives by its old name."""
    return [message for name in extra if name not in allowed and (message := names.renamed(name))]


def set_by_role(extra: Iterable[str], role: str) -> list[str]:
    """Return a sentence for each variable of -e that would replace what a role passes to the base role."""
    own = ", ".join(role_variables.of(role)) if role else ""
    return [
        f"-e: {name} is set by the role {role} and cannot be changed; the variables of the role are {own}."
        for name in extra
        if role and name.startswith(_PASSED)
    ]


def cut_off(found: Iterable[CutOff]) -> list[str]:
    """Return a sentence for each value of -e that was cut off at a space."""
    return [_cut_off(each) for each in found]


def allowed_names(given: Origins, template: Template) -> set[str]:
    """Return the names that nettune_allow_variables permits, on any host. Raises InvalidOption."""
    found: set[str] = set()
    for host, variables in ((None, given.extra), (None, given.play), *given.hosts.items()):
        value = variables.get(rows.ALLOW)
        if not is_unset(value):
            found.update(convert(rows.ALLOW, template(rows.ALLOW, value, host), Type("list")))
    return found


def options(table: Sequence[Row], given: Origins, template: Template) -> tuple[dict[str, Any], list[str]]:
    """Return the value of each option by name, and a sentence for each value that is not allowed."""
    found: dict[str, Any] = {}
    errors = []
    for row in table:
        try:
            found[row.name] = _value(row, given, template)
        except InvalidOption as error:
            errors.append(str(error))
            found[row.name] = _default(row)
    return found, errors


def missing(table: Sequence[Row], found: Mapping[str, Any]) -> list[str]:
    """Return a sentence about the required options without a value, if there are any."""
    absent = [row for row in table if row.required and is_unset(found[row.name])]
    if not absent:
        return []
    listed = " and ".join(row.name for row in absent)
    example = " ".join(f"-e {row.name}={row.example}" for row in absent)
    return [f"{listed} {'is' if len(absent) == 1 else 'are'} required, for example {example}."]


def role_values(wanted: Iterable[str], given: Origins, template: Template) -> list[str]:
    """Return a sentence for each wrong value of a role's variable that a playbook itself reads, on any host."""
    types = role_variables.of("tuning")
    errors: dict[str, None] = {}
    for name in wanted:
        for host, variables in ((None, given.extra), (None, given.play), *given.hosts.items()):
            try:
                value = template(name, variables[name], host) if name in variables else None
                if not is_unset(value):
                    convert(name, value, types[name].type)
            except InvalidOption as error:
                errors[str(error)] = None
    return list(errors)


def tags(asked: Iterable[str], own: Collection[str]) -> list[str]:
    """Return a sentence for each misspelt tag of the roles. own: tags of the task, such as those of the play.

    Ansible accepts any tag, and runs nothing.
    """
    slips = [(tag, next((known for known in playbooks.TAGS if is_slip(tag, known)), "")) for tag in asked]
    return [
        f"--tags: no task has the tag {tag}; did you mean {near}? The tags are {', '.join(playbooks.TAGS)}."
        for tag, near in slips
        if near and tag != near and tag not in own
    ]


def idle(asked: Collection[str], own: Collection[str], known: Collection[str]) -> list[str]:
    """Return a sentence if no task of the playbook has one of the tags. own, known: tags of all tasks and of some.

    This is a warning: the tags may be meant for another play.
    """
    if not asked or {"all", "tagged", "untagged", *own, *known}.intersection(asked):
        return []
    return [f"--tags {','.join(asked)}: no task of this playbook has such a tag, so only its options were checked."]


def _value(row: Row, given: Origins, template: Template) -> Any:
    """Return the value of an option. Raises InvalidOption if it is not allowed, or not the same on all hosts."""
    for variables in (given.extra, given.play):
        if row.name in variables:
            return _converted(row, template(row.name, variables[row.name], None))
    if row.name == rows.ALLOW:
        return sorted(allowed_names(given, template))
    by_value: dict[str, list[str]] = {}
    value = None
    for host, variables in given.hosts.items():
        value = template(row.name, variables[row.name], host) if row.name in variables else None
        # Text and a number may be the same value.
        text = "not set" if is_unset(value) else shown(_converted(row, value))
        by_value.setdefault(text, []).append(host)
    if len(by_value) > 1:
        listed = "; ".join(f"{text} on {host_names.short(hosts)}" for text, hosts in by_value.items())
        raise InvalidOption(f"{row.name} is not the same on all hosts ({listed}); set it with -e {row.name}=….")
    return _converted(row, value)


def _converted(row: Row, value: Any) -> Any:
    """Return the value in the type of the option, or its default."""
    if is_unset(value):
        return _default(row)
    kind = {"file": "str", "output": "str"}.get(row.kind, row.kind)
    return convert(row.name, value, Type(kind, row.elements, row.choices, row.low, row.high))


def _default(row: Row) -> Any:
    return list(row.default) if isinstance(row.default, (list, tuple)) else row.default


def _places(given: Origins) -> Iterator[tuple[str, str | list[str]]]:
    """Yield the name of each variable once, with the place that it comes from: COMMAND, PLAY or hosts."""
    yield from ((name, COMMAND) for name in given.extra)
    yield from ((name, PLAY) for name in given.play)
    hosts_of: dict[str, list[str]] = {}
    for host, variables in given.hosts.items():
        for name in variables:
            hosts_of.setdefault(name, []).append(host)
    yield from ((name, hosts) for name, hosts in hosts_of.items() if name not in given.play)


def _where(place: str | list[str], given: Origins) -> str:
    """Return a place as text. Ansible names the host if there is only one, so that all hosts have the same message."""
    if isinstance(place, str):
        return place
    return INVENTORY if len(given.hosts) == 1 else host_names.short(place)


def _cut_off(cut: CutOff) -> str:
    if not cut.name:
        return (
            f"-e: '{cut.rest}' is not NAME=VALUE. Write no spaces around =, and quote a value that contains spaces,"
            " e.g. -e 'NAME=\"…\"'."
        )
    return (
        f"-e splits on spaces and truncated {cut.name} to '{cut.value}'; quote the value, e.g. -e '{cut.name}=\"…\"'."
    )
