# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs whose changes can wait for a confirmation: what the states present, confirmed and absent do to what waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from ..._common.errors import InvalidOption
from .. import pending
from ..pending import Part
from .waiting import Confirm

PRESENT, CONFIRMED, ABSENT = STATES = ("present", "confirmed", "absent")


class Run(NamedTuple):
    """planned: what the host's profiles planned. part: what is confirmed, or how to take back what is to wait.

    seconds: for which it is to wait; None where it is to last at once.
    """

    planned: Any
    state: str
    name: str | None
    part: Part | None = None
    seconds: int | None = None


class Confirmable:
    """Profiles of one host, whose changes can wait. A subclass says how those are planned, and what their kind is.

    options of a module: `state`, `name`, `confirm_within`, and what else is its own. Hold lock() from planning to the
    end. elsewhere: whether the profiles are of another network namespace, which the host's timer does not enter.
    """

    kind = ""

    def __init__(self, profiles: Any, confirm: Confirm, *, elsewhere: bool = False) -> None:
        self._profiles = profiles
        self._confirm = confirm
        self._elsewhere = elsewhere

    @contextmanager
    def lock(self) -> Iterator[None]:
        """A context in which no other run changes this host; it begins with taking back what is overdue."""
        with self._profiles.lock():
            self._confirm.settle()
            yield

    def plan(self, options: Mapping[str, Any]) -> Run:
        """Plan what the options ask for. Raises NotConfirmed and InvalidOption, and what planning does."""
        state, name, seconds = options["state"], options["name"], _seconds(options)
        if self._elsewhere and (seconds is not None or state == CONFIRMED):
            raise InvalidOption("confirm_within, state: confirmed: what is done in the network of a pid cannot wait")
        if state == CONFIRMED:
            run = self._plan_confirmed(name)
        elif state == ABSENT:
            run = Run(self._profiles.absent(name), state, name)
        else:
            run = self._plan_present(options, seconds)
        if name is not None and self.changes(run) and not self._elsewhere:
            self._confirm.refuse_other(name)
        return run

    def carry_out(self, run: Run) -> Run:
        """Do what was planned; returns it as it came about."""
        if run.state == CONFIRMED and run.part is None:
            return run
        if self._elsewhere:
            return run._replace(planned=self._profiles.carry_out(run.planned))
        if run.part is not None and run.seconds is not None and run.name is not None:
            with self._confirm.arming(run.name, run.part, seconds=run.seconds):
                return run._replace(planned=self._profiles.carry_out(run.planned))
        with self._confirm.deciding(self.kind, run.name, confirming=run.state == CONFIRMED):
            return run._replace(planned=self._profiles.carry_out(run.planned))

    def changes(self, run: Run) -> bool:
        """Whether the run changes the host or what is known of it, or decides about what waits."""
        return run.part is not None or self._changes(run.planned)

    def shown(self, run: Run, *, check: bool) -> dict[str, Any]:
        """The result `confirm`: what waits now, or in check mode would."""
        if (check and run.seconds is not None) or self._elsewhere:
            return {"pending": run.part is not None, "deadline": None}
        return self._confirm.shown(self.kind)

    def _plan_confirmed(self, name: str) -> Run:
        part = self._confirm.waiting(self.kind, name)
        planned = self._nothing(name) if part is None else self._present(part.options)
        return Run(planned, CONFIRMED, name, part)

    def _plan_present(self, options: Mapping[str, Any], seconds: int | None) -> Run:
        planned, name = self._present(options), options["name"]
        if self._takes_effect(planned) and not self._elsewhere:
            self._confirm.refuse_shared(self._part(planned, {}))
        if seconds is None:
            return Run(planned, PRESENT, name)
        planned = self._deferred(planned)
        kept = {key: value for key, value in options.items() if key not in ("state", "confirm_within")}
        waits = self._takes_effect(planned) or self._confirm.shown(self.kind)["pending"]
        return Run(planned, PRESENT, name, self._part(planned, kept) if waits else None, seconds)

    def _present(self, options: Mapping[str, Any]) -> Any:
        """Plan that the profile lasts."""
        raise NotImplementedError

    def _deferred(self, planned: Any) -> Any:
        """The same without its files."""
        raise NotImplementedError

    def _part(self, planned: Any, options: Mapping[str, Any]) -> Part:
        """How to take it back."""
        raise NotImplementedError

    def _nothing(self, name: str) -> Any:
        """Plan nothing."""
        raise NotImplementedError

    def _takes_effect(self, planned: Any) -> bool:
        """Whether it changes the host."""
        raise NotImplementedError

    def _changes(self, planned: Any) -> bool:
        """Whether it changes the host, or the journal."""
        raise NotImplementedError


def lines(run: Run, confirm: Mapping[str, Any]) -> list[str]:
    """What people are told of it: lines for a table."""
    if run.state == CONFIRMED:
        return ["nothing waits for a confirmation"] if run.part is None else []
    if run.seconds is None or run.part is None:
        return []
    if confirm["deadline"] is None:
        return [f"would wait {run.seconds} s for its confirmation, and be taken back then"]
    return [f"waits for its confirmation, and is taken back at {confirm['deadline']}"]


def _seconds(options: Mapping[str, Any]) -> int | None:
    seconds = options["confirm_within"]
    if seconds is None:
        return None
    if options["state"] != PRESENT:
        raise InvalidOption(f"confirm_within: it is for state: present, and does not go with state: {options['state']}")
    return pending.check_seconds(seconds)
