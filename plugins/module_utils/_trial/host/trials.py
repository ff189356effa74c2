# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The trials of one host: plan, start in a process of its own, find, wait for and remove them."""

from __future__ import annotations

import os
import secrets
import signal
import syslog
import time
from contextlib import suppress
from typing import Any, Mapping

from ..._common.errors import ApplyFailed, InvalidOption, JournalError, NettuneError
from ..._common.profile_name import is_profile_name
from ..._confirm.host.waiting import PendingChange
from ..._host import trial_lock
from ..._host.files import HostFiles
from ..._host.identity import boot_id, process_start
from ..._host.journal import Journal
from ..._host.run import start_detached
from ..._host.sock_diag import SockDiag
from ..._host.trial_lock import TRIALS
from ..._parameters.write_order import PORT_RANGE
from ..._sysctl import admit, journal
from ..._sysctl.host import read
from ..._tcp.host.facts import TcpHost
from .. import admit as trial_admit
from .. import numbers, report, saved
from ..numbers import Reading
from ..request import Request, paths, seconds
from ..saved import INTERRUPTED, RUNNING, Trial, Worker
from . import watchdog
from .run import Clock, TrialRun
from .trial_value import TrialValue

LOCK_SECONDS = 60.0
_SECONDS_TO_STOP = 30.0
_POLL_SECONDS = 0.5
# The size of a saved trial, in bytes.
_SAVED = 16384
_CUT_OFF = "its worker was killed or the host was rebooted before it ended"


class Trials:
    """The trials of one host. facts: of the network namespace that the parameters belong to."""

    def __init__(self, files: HostFiles, facts: TcpHost, sock_diag: SockDiag | None = None) -> None:
        self._files = files
        self._facts = facts
        self._sock_diag = sock_diag
        self._journal = Journal(files)
        self._confirm = PendingChange(files)

    def find(self, name: str, *, read_only: bool = False) -> Trial | None:
        """Return the trial of that name, or None. If its worker has died it is INTERRUPTED.

        read_only: whether to change nothing; otherwise the old value is restored then.
        """
        trial = saved.parse(self._journal.load(_document(name)))
        if trial is None or trial.status != RUNNING:
            return trial
        descriptor = trial_lock.acquire(self._files)
        if descriptor is None:
            return trial
        try:
            return trial._replace(status=INTERRUPTED, reason=_CUT_OFF) if read_only else self._mark_interrupted(name)
        finally:
            os.close(descriptor)

    def plan(self, request: Request, *, accept_hazards: frozenset[str]) -> tuple[Trial, tuple[str, ...]]:
        """Return the trial as this host can run it, and the accepted hazards; changes nothing.

        Raises InvalidOption with every reason why it cannot run, and NotWritable if it could not be saved.
        """
        self._confirm.refuse_all(f"no trial of {request.key} was started")
        names = trial_admit.names_to_read(request)
        host = read.take(
            self._files,
            names,
            with_listeners=PORT_RANGE in admit.names_to_read([request.key]),
            with_all_names=admit.is_unknown(request.key),
            sock_diag=self._sock_diag,
        )
        state = journal.parse(self._journal.load(journal.DOCUMENT))
        admitted = trial_admit.admit(request, host, state, accept_hazards=accept_hazards)
        self._check_paths(request)
        self._journal.check_writable(size=_SAVED)
        asked = saved.as_text(request)
        return Trial(asked, admitted.request, admitted.before, host.boot_id), admitted.hazards

    def start(self, request: Request, *, accept_hazards: frozenset[str]) -> Trial:
        """Start a trial in a process of its own. Raises JournalError while another one runs."""
        with self._journal.lock(seconds=LOCK_SECONDS):
            trial_lock.settle(self._files)
            descriptor = trial_lock.acquire(self._files, seconds=1.0)
            if descriptor is None:
                raise JournalError("another trial has just started on this host; nothing was changed")
            try:
                self._files.sweep(TRIALS)
                self._confirm.settle()
                trial, _hazards = self.plan(request, accept_hazards=accept_hazards)
                return self._launch(trial, descriptor)
            except BaseException:
                trial_lock.remove_empty(self._files)
                raise
            finally:
                os.close(descriptor)

    def wait(self, name: str) -> Trial:
        """Wait until the trial has ended, and return it."""
        while True:
            trial = self.find(name)
            if trial is None:
                raise ApplyFailed(f"the trial {name} was removed while it ran")
            if trial.status != RUNNING:
                return trial
            time.sleep(_POLL_SECONDS)

    def names(self) -> list[str]:
        """Return the names of the saved trials."""
        names = [name[: -len(".json")] for name in self._files.listdir(TRIALS) if name.endswith(".json")]
        return list(filter(is_profile_name, names))

    def remove(self, name: str) -> list[dict[str, str]]:
        """End the trial if it runs, revert the value it kept, and remove it.

        Returns what was not reverted: {what, expected, found, reason}.
        """
        trial = self.find(name)
        if trial is None:
            return []
        if trial.status == RUNNING:
            trial = self._stop(trial)
        with self._journal.lock(seconds=LOCK_SECONDS):
            trial_lock.settle(self._files)
            try:
                left = self._revert(trial)
                self._journal.save(_document(name), {})
            except (NettuneError, OSError) as error:
                raise ApplyFailed(f"{error}; the trial {name} stays saved: remove it again") from error
            trial_lock.remove_empty(self._files)
        return [left] if left else []

    def _mark_interrupted(self, name: str) -> Trial:
        """Mark the trial as interrupted, unless its worker has saved its end meanwhile. The caller holds the lock."""
        trial = saved.parse(self._journal.load(_document(name)))
        if trial is None:
            raise ApplyFailed(f"the trial {name} has just been removed")
        if trial.status == RUNNING:
            value = _value(self._files, trial)
            left = value.restore()
            if trial.kept is not None and value.found() == trial.kept:
                left = f"{trial.request.key} keeps {trial.kept} until the trial is removed"
            trial = trial._replace(status=INTERRUPTED, reason=_CUT_OFF, phase="", left=left)
            try:
                self._save(trial)
            except OSError as error:
                raise ApplyFailed(f"{error}; the trial {name} stays in the journal as running: run again") from error
        return trial

    def _check_paths(self, request: Request) -> None:
        facts = self._gather(request)
        known = numbers.numbers_of(Reading(facts, 1.0), Reading(facts, 0.0))
        numbers.check(paths(request), known, facts["partial"])

    def _gather(self, request: Request) -> Mapping[str, Any]:
        subset = numbers.subset_of(paths(request))
        return self._facts.gather(subset, source="auto", top=1)

    def _launch(self, trial: Trial, descriptor: int) -> Trial:
        """Record the old value, start the watchdog, then the worker."""
        name, token, lasts = trial.request.name, secrets.token_hex(8), seconds(trial.request)
        value = _value(self._files, trial)
        started = time.time()
        trial = trial._replace(status=RUNNING, started=started, ends=started + lasts)
        value.begin(name=name, token=token, boot_id=trial.boot_id)
        try:
            pid = watchdog.start(self._files, name=name, token=token, expected_seconds=lasts)
            trial = trial._replace(watchdog=pid)
            self._save(trial)
            start_detached(lambda: self._work(trial, value), keep=[descriptor])
        except BaseException:
            value.restore()
            self._journal.save(_document(name), {})
            raise
        return trial

    def _work(self, trial: Trial, value: TrialValue) -> None:
        """Run the trial; this is the worker. It inherits the lock, which the kernel releases when the worker ends."""
        clock = Clock()
        signal.signal(signal.SIGTERM, clock.stop)
        trial = trial._replace(worker=self._own_worker())
        run = TrialRun(trial, value, lambda: self._gather(trial.request), self._save, clock)
        ended = run.run()
        with suppress(OSError):
            syslog.syslog(f"nettune.tcp: {report.log_line(ended)}")

    def _own_worker(self) -> Worker:
        pid = os.getpid()
        start = process_start(self._files, pid)
        return Worker(pid, 0 if start is None else start)

    def _save(self, trial: Trial) -> None:
        self._journal.save(_document(trial.request.name), saved.render(trial))

    def _stop(self, trial: Trial) -> Trial:
        worker, name = trial.worker, trial.request.name
        deadline = time.monotonic() + _SECONDS_TO_STOP
        while trial.status == RUNNING:
            if worker is not None and process_start(self._files, worker.pid) == worker.start:
                with suppress(ProcessLookupError):
                    os.kill(worker.pid, signal.SIGTERM)
            if time.monotonic() > deadline:
                raise ApplyFailed(f"the trial {name} (PID {worker.pid if worker else 'unknown'}) does not end")
            time.sleep(_POLL_SECONDS)
            trial = self.find(name) or trial._replace(status=INTERRUPTED)
            worker = trial.worker
        return trial

    def _revert(self, trial: Trial) -> dict[str, str] | None:
        """Revert the value that the trial kept; returns it with the reason if it was left alone."""
        if trial.kept is None or trial.boot_id != boot_id(self._files):
            return None
        value = _value(self._files, trial)
        key, found, profiles = trial.request.key, value.found(), journal.parse(self._journal.load(journal.DOCUMENT))
        left = {"what": key, "expected": trial.kept, "found": "-" if found is None else found}
        if key in profiles.keys:
            return {**left, "reason": "belongs to a profile now"}
        if found not in (trial.kept, trial.before):
            return {**left, "reason": f"changed by someone else since; it was {trial.before} before the trial"}
        if found == trial.kept:
            value.begin(name=trial.request.name, token=secrets.token_hex(8), boot_id=trial.boot_id)
            value.write(trial.before)
            value.restore()
        return None


def file_of(name: str) -> str:
    """Return where the host saves the trial of that name."""
    return f"{TRIALS}/{name}.json"


def remaining(trial: Trial) -> int:
    """Return the seconds until a running trial is expected to end; 0 if it does not run."""
    return max(0, round(trial.ends - time.time())) if trial.status == RUNNING else 0


def started(trial: Trial) -> str | None:
    """Return when a trial was started, in UTC; None if it was not."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(trial.started)) if trial.started else None


def check_not_running(trial: Trial) -> None:
    """Raise InvalidOption if the trial is running."""
    if trial.status == RUNNING:
        raise InvalidOption(
            f"the trial {trial.request.name} is still running: wait for it without again: true"
            " (nettune_trial_again=true in the playbook), or end it with state: absent"
        )


def _document(name: str) -> str:
    return f"trials/{name}"


def _value(files: HostFiles, trial: Trial) -> TrialValue:
    key = trial.request.key
    host = read.take(files, [key], with_listeners=False, with_all_names=False)
    return TrialValue(files, admit.describe(key, host), trial.before)
