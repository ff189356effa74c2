# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the options of a rollout: nettune_serial and nettune_on_failure, and what they cannot be combined with."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple

from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import batches

from . import playbooks, rows
from .check import Template
from .convert import Type, convert, is_unset
from .origins import Origins

WINDOW = "tuning_confirm_within"
SECONDS = 300
_BATCH, _ALL = ON_FAILURE_CHOICES = ("batch", "all")
_AT_OWN_PACE = ("free", "host_pinned")


class Play(NamedTuple):
    """What a task knows about its play and the command line. serial: the batches of the play, empty for none."""

    serial: Iterable[Any]
    strategy: str
    run_tags: Iterable[str]
    skip_tags: Iterable[str]


def play_of(play: Any, task_vars: Mapping[str, Any]) -> Play:
    """Return the play of a task. play: its Play in Ansible."""
    tags = [[str(tag) for tag in task_vars.get(name) or ()] for name in ("ansible_run_tags", "ansible_skip_tags")]
    return Play(list(play.serial or ()), str(play.strategy), *tags)


def values(task_vars: Mapping[str, Any], template: Template) -> dict[str, Any]:
    """Return nettune_serial, in the form that `serial` has, and nettune_on_failure. Raises InvalidOption."""
    given = {name: template(name, task_vars.get(name), None) for name in (rows.SERIAL, rows.ON_FAILURE)}
    choice = given[rows.ON_FAILURE]
    wanted = Type("str", choices=ON_FAILURE_CHOICES)
    return {
        rows.SERIAL: batches.parse(given[rows.SERIAL]),
        rows.ON_FAILURE: _BATCH if is_unset(choice) else convert(rows.ON_FAILURE, choice, wanted),
    }


def check_task(found: Mapping[str, Any], given: Origins, task: Any, task_vars: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each problem. task: the one that checks, in Ansible."""
    return check(found, given, play_of(task.get_play(), task_vars)) if found[rows.SERIAL] else []


def check(found: Mapping[str, Any], given: Origins, play: Play) -> list[str]:
    """Return a sentence for each problem. found: the value of nettune_serial, and of the window if it is known."""
    if not found[rows.SERIAL]:
        return []
    errors = []
    named = rows.SERIAL in given.extra or rows.SERIAL in given.play
    if not named:
        errors.append(f"{rows.SERIAL} has no effect in the inventory; set it with -e {rows.SERIAL}=1,10%,50%.")
    elif not play.serial:
        errors.append(
            f"{rows.SERIAL} is set, but the play has no batches; give the play"
            f" serial: \"{{{{ query('nettune.tcp.batches', {rows.SERIAL}) }}}}\"."
        )
    if play.strategy.rpartition(".")[2] in _AT_OWN_PACE:
        errors.append(
            f"{rows.SERIAL} needs the strategy linear, not {play.strategy}: a batch is decided on as a whole."
        )
    phases = [tag for tag in (*play.run_tags, *play.skip_tags) if tag in playbooks.TAGS]
    if phases:
        errors.append(
            f"{rows.SERIAL} cannot be combined with the tags {', '.join(phases)}: a rollout needs all phases."
        )
    if found.get(WINDOW) == 0:
        errors.append(
            f"{WINDOW} is 0; with {rows.SERIAL} a change must be pending until its batch is checked: set it to the"
            f" seconds of the confirmation window, or leave it out for {SECONDS}."
        )
    return errors
