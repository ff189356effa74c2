# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pending change of one host: arm it, confirm it, or roll it back.

The journal's document decides, under the journal's lock: before the deadline the change can be confirmed, after it the
waiting process, or the next run if that comes first, rolls it back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ..._common.errors import ApplyFailed, JournalError, NettuneError, NotConfirmed
from ..._common.journal_format import NEXT_STEP
from ..._host.files import HostFiles
from ..._host.identity import boot_id
from ..._host.journal import DIRECTORY, Journal
from ..pending import (
    DOCUMENT,
    SYSCTL,
    Part,
    Pending,
    State,
    as_read,
    blocked,
    interrupted,
    joined,
    lost,
    parse,
    render,
    shared_keys,
)
from . import take_back
from .process import WaitingProcess

_UTC = "%Y-%m-%dT%H:%M:%SZ"


class PendingChange:
    """Hold the journal's lock, except for methods that only read. monotonic, clock: seconds, as in the module time."""

    def __init__(
        self,
        files: HostFiles,
        *,
        process: WaitingProcess | None = None,
        host: take_back.Host | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._files = files
        self._journal = Journal(files)
        self._process = process or WaitingProcess(files)
        self._host = host or take_back.Host(files.locate(""))
        self._monotonic = monotonic
        self._clock = clock

    def settle(self) -> None:
        """Roll back an overdue change that its process has not rolled back, record a rollback by a reboot, clean up
        after a run that was killed, and start a process again that was killed.
        """
        pending, why = self._state().pending, self._over()
        if pending is None:
            self._process.clear()
        elif why:
            self._take_back(why)
            self._end_unless_pending(pending)
        elif not (all(part.confirming for part in pending.parts) or self._process.is_running(pending.timer)):
            with suppress(NettuneError, OSError):  # the next run after the deadline rolls back, too
                again = pending._replace(timer=self._process.start(pending.due))
                self._save(self._state()._replace(pending=again))

    def roll_back(self, name: str) -> bool:
        """Roll back the pending change of a profile before its deadline. Return whether there was one."""
        before = self._state()
        if before.pending is None or before.pending.name != name:
            return False
        self._take_back(take_back.REQUESTED)
        # The caller knows why, so a later confirmation needs no explanation.
        self._save(self._state()._replace(taken_back=before.taken_back))
        self._end_unless_pending(before.pending)
        return True

    def shown(self, kind: str, name: str | None = None) -> dict[str, Any]:
        """Return the result `confirm`: whether a part of this kind is pending, for that profile or any, until when."""
        pending = self._state().pending
        part = pending.part(kind) if pending and name in (None, pending.name) else None
        is_pending = part is not None and not part.confirming and not self._over()
        return {"pending": is_pending, "deadline": pending.deadline if is_pending and pending else None}

    def rolled_back(self) -> dict[str, str]:
        """Return by profile why its last change was rolled back."""
        records = self._state().taken_back.values()
        return {name: lost(name, record) for names in records for name, record in names.items()}

    def waiting(self, kind: str, name: str) -> Part | None:
        """Return the pending part of a profile, or None. Raises NotConfirmed if it was rolled back or is unfinished."""
        state, why = self._state(), self._over()
        part = state.pending.part(kind) if state.pending and state.pending.name == name else None
        if part is not None and state.pending and why and not part.confirming:
            record = {"at": self._utc(0), "deadline": state.pending.deadline, "why": why}
            raise NotConfirmed(lost(name, record))
        record = state.taken_back.get(kind, {}).get(name)
        if part is None and record is not None:
            raise NotConfirmed(lost(name, record))
        if part is not None and state.pending and not part.finished:
            raise NotConfirmed(interrupted(state.pending))
        return part

    def refuse_other(self, name: str) -> None:
        """Raise NotConfirmed if a change of another profile is pending."""
        pending = self._state().pending
        if pending is not None and pending.name != name:
            self.refuse_all(f"cannot change profile {name}")

    def refuse_all(self, what: str) -> None:
        """Raise NotConfirmed if any change is pending. what: fails because of it, such as `cannot try values of …`."""
        pending = self._state().pending
        if pending is not None and not self._over():
            raise NotConfirmed(blocked(pending, what))

    def refuse_shared(self, part: Part) -> None:
        """Raise NotConfirmed if the other pending part has a parameter of this one: each is confirmed separately."""
        pending = self._state().pending
        others = [one for one in pending.parts if one.kind != part.kind] if pending else []
        shared = sorted({key for one in others for key in one.keys} & set(part.keys))
        if pending is not None and shared:
            raise NotConfirmed(shared_keys(pending, shared))

    @contextmanager
    def arming(self, name: str, part: Part, *, seconds: int) -> Iterator[None]:
        """Run the body, which makes the change, with a process that waits to roll it back in `seconds`.

        If the body fails without leaving any change, the pending change is forgotten; otherwise it is rolled back in
        time.
        """
        before = self._state()
        earlier = before.pending.part(part.kind) if before.pending else None
        armed = self._arm(before, name, joined(earlier, part), seconds)
        stays = f"a pending change stays in the journal until {armed.deadline} and is then rolled back"
        try:
            yield
        except (NettuneError, OSError) as error:
            if not self._is_left(part):
                with self._told(stays, error):
                    self._forget(before, armed)
            raise
        with self._told(stays):
            self._finish(part, since=len(earlier.steps) if earlier else 0)

    @contextmanager
    def deciding(self, kind: str, name: str | None, *, confirming: bool = False) -> Iterator[None]:
        """Run the body, which confirms or reverts the pending part of a profile, or of any for None.

        The part is no longer pending, unless the body fails. confirming: whether a run that is killed in the body can
        be finished by confirming again.
        """
        before = self._state()
        after = before.without(kind, name)
        if before == after:
            yield
            return
        self._save(_confirming(before, kind) if confirming else after)
        stays = "the journal still has this run as unfinished, so nothing is rolled back at the deadline: run again"
        try:
            yield
        except (NettuneError, OSError) as error:
            with self._told(stays, error):
                self._save(before)
            raise
        with self._told(stays):
            self._save(after)
            if before.pending is not None:
                self._end_unless_pending(before.pending)

    @staticmethod
    @contextmanager
    def _told(stays: str, earlier: Exception | None = None) -> Iterator[None]:
        """Raise ApplyFailed with what stays if the body fails. earlier: the error that came first, if any."""
        try:
            yield
        except (NettuneError, OSError) as error:
            raise ApplyFailed("; ".join([*([str(earlier)] if earlier else []), str(error), stays])) from error

    def _arm(self, before: State, name: str, part: Part, seconds: int) -> Pending:
        """Save the journal, then start the waiting process. An earlier one goes on until the new one waits."""
        due, deadline = self._monotonic() + seconds, self._utc(seconds)
        earlier = before.pending or Pending(name, self._boot_id(), due, deadline, ())
        after = before.without(part.kind, name)._replace(pending=earlier.with_part(part))
        self._save(after)
        started: dict[str, Any] = {}
        try:
            started = self._process.start(due)
            armed = earlier.with_part(part)._replace(due=due, deadline=deadline, timer=started)
            self._save(after._replace(pending=armed))
            if not self._process.is_running(started):
                raise ApplyFailed("the process that waits for the deadline has ended; nothing was changed: run again")
        except (NettuneError, OSError):
            with suppress(NettuneError, OSError):  # at the deadline there is then nothing to roll back
                self._save(before)
            self._process.stop(started)
            self._end_unless_pending(earlier)
            raise
        self._process.stop(earlier.timer)
        return armed

    def _take_back(self, why: str) -> None:
        """Roll back the pending change, whose document is valid. Values and limits come before the journal."""
        try:
            take_back.take_back(self._host, why)
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            self._journal.load(SYSCTL)  # says more if this is the one
            raise JournalError(f"{DIRECTORY}/{SYSCTL}.json is damaged: {error}; {NEXT_STEP}") from error

    def _forget(self, before: State, armed: Pending) -> None:
        """Restore what was pending before, if anything was, with the new deadline."""
        if before.pending is None:
            self._save(before)
            self._end(armed)
            return
        timed = before.pending._replace(due=armed.due, deadline=armed.deadline, timer=armed.timer)
        self._save(before._replace(pending=timed))

    def _finish(self, part: Part, *, since: int) -> None:
        state = self._state()
        if state.pending is None:
            return
        whole = state.pending.part(part.kind) or part
        values = {step.name: self._host.value(step.name) for step in part.steps}
        finished = as_read(whole, values, since=since)
        self._save(state._replace(pending=state.pending.with_part(finished)))

    def _is_left(self, part: Part) -> bool:
        """Return whether any change of a part is still there."""
        return bool(part.limits) or any(self._host.value(step.name) != step.before for step in part.steps)

    def _end_unless_pending(self, pending: Pending) -> None:
        if self._state().pending is None:
            self._end(pending)

    def _end(self, pending: Pending) -> None:
        self._process.stop(pending.timer)
        self._process.clear()

    def _over(self) -> str:
        document = self._journal.load(DOCUMENT)
        return take_back.over(document, boot_id=self._boot_id(), monotonic=self._monotonic())

    def _state(self) -> State:
        return parse(self._journal.load(DOCUMENT))

    def _save(self, state: State) -> None:
        self._journal.save(DOCUMENT, render(state))

    def _boot_id(self) -> str:
        return boot_id(self._files)

    def _utc(self, later: float) -> str:
        return time.strftime(_UTC, time.gmtime(self._clock() + later))


def _confirming(state: State, kind: str) -> State:
    pending = state.pending
    part = pending.part(kind) if pending else None
    if pending is None or part is None:
        return state
    return state._replace(pending=pending.with_part(part._replace(confirming=True)))
