# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs whose changes can be pending: how state present, confirmed and absent affect a pending change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from ..._common.errors import InvalidOption
from ..._common.json_shape import check
from .. import pending
from ..pending import Part
from .waiting import PendingChange

PRESENT, CONFIRMED, ABSENT = STATES = ("present", "confirmed", "absent")


class Run(NamedTuple):
    """planned: by the profiles of the host. part: the pending part to confirm, or how to roll back a new one.

    seconds: the confirmation window; None if the change is permanent at once.
    """

    planned: Any
    state: str
    name: str | None
    part: Part | None = None
    seconds: int | None = None


class Confirmable:
    """Profiles of one host whose changes can be pending. Subclasses plan them and name their kind of part.

    Options of a module are `state`, `name`, `confirm_within` and its own. Hold lock() from planning to the end.
    elsewhere: whether the profiles are those of another network namespace, which the waiting process cannot enter.
    """

    kind = ""
    # The shape of the options in the journal, as far as _present() relies on it.
    options: Any = dict

    def __init__(self, profiles: Any, confirm: PendingChange, *, elsewhere: bool = False) -> None:
        self._profiles = profiles
        self._confirm = confirm
        self._elsewhere = elsewhere

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other runs from changing this host; first roll back what is overdue."""
        with self._profiles.lock():
            self._confirm.settle()
            yield

    def plan(self, options: Mapping[str, Any]) -> Run:
        """Return the plan for the options. Raises NotConfirmed, InvalidOption, and what planning raises."""
        state, name, seconds = options["state"], options["name"], _seconds(options)
        if self._elsewhere and (seconds is not None or state == CONFIRMED):
            raise InvalidOption("confirm_within and state: confirmed cannot be used together with pid")
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
        """Do what was planned and return it as it was done."""
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
        """Return whether the run changes the host, the journal, or a pending change."""
        return run.part is not None or self._changes(run.planned)

    def shown(self, run: Run, *, check: bool) -> dict[str, Any]:
        """Return the result `confirm`: what is pending, or would be in check mode."""
        if (check and run.seconds is not None) or self._elsewhere:
            return {"pending": run.part is not None, "deadline": None}
        return self._confirm.shown(self.kind)

    def _plan_confirmed(self, name: str) -> Run:
        part = self._confirm.waiting(self.kind, name)
        if part is None:
            return Run(self._nothing(name), CONFIRMED, name)
        try:
            check(part.options, self.options, "options")
        except TypeError as error:
            raise pending.FORMAT.damaged(error) from error
        return Run(self._present(part.options), CONFIRMED, name, part)

    def _plan_present(self, options: Mapping[str, Any], seconds: int | None) -> Run:
        planned, name = self._present(options), options["name"]
        if self._takes_effect(planned) and not self._elsewhere:
            self._confirm.refuse_shared(self._part(planned, {}))
        if seconds is None:
            return Run(planned, PRESENT, name)
        planned = self._deferred(planned)
        kept = {key: value for key, value in options.items() if key not in ("state", "confirm_within")}
        is_pending = self._takes_effect(planned) or self._confirm.shown(self.kind)["pending"]
        return Run(planned, PRESENT, name, self._part(planned, kept) if is_pending else None, seconds)

    def _present(self, options: Mapping[str, Any]) -> Any:
        """Plan to apply the profile, files included."""
        raise NotImplementedError

    def _deferred(self, planned: Any) -> Any:
        """Return the plan without its files, which are written on confirmation."""
        raise NotImplementedError

    def _part(self, planned: Any, options: Mapping[str, Any]) -> Part:
        """Return how to roll the plan back."""
        raise NotImplementedError

    def _nothing(self, name: str) -> Any:
        """Return a plan that changes nothing."""
        raise NotImplementedError

    def _takes_effect(self, planned: Any) -> bool:
        """Return whether the plan changes the host."""
        raise NotImplementedError

    def _changes(self, planned: Any) -> bool:
        """Return whether the plan changes the host or the journal."""
        raise NotImplementedError


def lines(run: Run, confirm: Mapping[str, Any]) -> list[str]:
    """Return what the table says about a pending change. confirm: of Confirmable.shown()."""
    if run.state == CONFIRMED:
        return ["no change is pending"] if run.part is None else []
    if run.seconds is None or run.part is None:
        return []
    if confirm["deadline"] is None:
        return [f"would be pending for {run.seconds} s, and then rolled back unless confirmed"]
    return [f"pending: will be rolled back at {confirm['deadline']} unless confirmed"]


def _seconds(options: Mapping[str, Any]) -> int | None:
    seconds = options["confirm_within"]
    if seconds is None:
        return None
    if options["state"] != PRESENT:
        raise InvalidOption(f"confirm_within: only allowed with state: present, not with state: {options['state']}")
    return pending.check_seconds(seconds)
