# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollout did to the hosts of each batch: it kept the change, rolled it back, or did not reach them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.text import without_prefix

from ..fleet import batches
from ..fleet.document import Missing, result_row
from ..plain import plain
from . import tuning_words
from .host_names import short
from .run import Run
from .tuning_changes import Part
from .tuning_outcome import FAILED, MAIN, NOT_CONFIRMED, UNREACHABLE, Outcome
from .tuning_registered import MODULES, Registered

ROLLED_BACK, NOT_ROLLED_BACK, NOT_CHANGED = "rolled back", "not rolled back", "not changed"
NOT_REACHED = "not reached"
DECISIONS = ("begun", "checked", "kept")


class Rollout(NamedTuple):
    """batches: of the play. current: number of the batch of this run, from 0.

    failures: of the decision against that batch, by host; empty if it is kept. earlier: results of rolling back earlier
    batches, by host. check_mode: whether nothing is changed, so that nothing is rolled back either.
    """

    batches: Sequence[Sequence[str]]
    current: int
    failures: Mapping[str, Mapping[str, Any]]
    earlier: Mapping[str, Any]
    check_mode: bool

    @property
    def stops(self) -> bool:
        """Whether the rollout ends with this batch. In check mode only a batch that fails on every host ends it."""
        if self.current == len(self.batches) - 1:
            return True
        if self.check_mode:
            return self.failures.keys() >= set(self.batches[self.current])
        return bool(self.failures)

    @property
    def reached(self) -> list[str]:
        return [host for batch in self.batches[: self.current + 1] for host in batch]

    def missing(self) -> list[Missing]:
        """Return the hosts of the batches that follow."""
        reason = f"{NOT_REACHED}: the rollout stopped in batch {self.current + 1} of {len(self.batches)}"
        return [Missing(host, reason) for batch in self.batches[self.current + 1 :] for host in batch]


def batch_of(run: Run) -> list[str]:
    """Return the hosts of the current batch, also those that have left the play."""
    return next((batch for batch in _batches(run) if set(run.batch) & set(batch)), list(run.batch))


def read(run: Run) -> Rollout | None:
    """Return the rollout that the role is part of, or None."""
    if str(run.options.get("entry") or MAIN) != MAIN or not run.serial or run.alone:
        return None
    current = batch_of(run)
    known = [run.hostvars[host] for host in current if host in run.batch]
    if not any(_options(variables).get(batches.SERIAL) for variables in known):
        return None
    # A decision is skipped if an earlier one was against the batch.
    decisions = [Registered("", known[0]).result(name).get("failures") for name in DECISIONS]
    loops = [Registered("", variables).result("earlier_restored").get("results") or [] for variables in known]
    earlier = {str(row["__tuning_earlier_host"]): row for rows in loops for row in rows if not row.get("skipped")}
    found = _batches(run)
    return Rollout(found, found.index(current), next(filter(None, decisions), {}), earlier, run.check_mode)


def settled(one: Outcome | Missing | None, host: str, run: Run, rollout: Rollout) -> Outcome | Missing | None:
    """Return the outcome of a host after what the rollout has rolled back."""
    if not rollout.failures or rollout.check_mode or one is None:
        return one
    registered = Registered(host, run.hostvars[host])
    if host in rollout.batches[rollout.current]:
        return _of_failed_batch(host, registered, rollout)
    if host not in rollout.earlier or not isinstance(one, Outcome):
        return one
    reason = f"batch {rollout.current + 1} failed on {short(rollout.failures)}"
    return _rolled_back(one, reason, rollout.earlier[host], registered)


def _of_failed_batch(host: str, registered: Registered, rollout: Rollout) -> Outcome:
    own = rollout.failures.get(host)
    one, restored = Outcome(host, ""), registered.result("restored")
    reason = _reason(str(own["msg"])) if own else f"its batch failed on {short(rollout.failures)}"
    if own and not restored:
        return _left(one, reason, registered, unreachable=bool(own["unreachable"]))
    return _rolled_back(one, reason, restored, registered)


def _reason(failure: str) -> str:
    """Return why a host failed. That its change was not confirmed follows from what became of it."""
    return without_prefix(tuning_words.sentence(failure), f"{NOT_CONFIRMED}: ")


def _rolled_back(one: Outcome, reason: str, restored: Mapping[str, Any], registered: Registered) -> Outcome:
    """Return the outcome of a host that was to be rolled back. restored: the result of that."""
    one = replace(one, sysctl=Part(), nofile=Part(), drift=(), notes=(), rows=(), verified=False)
    row = result_row(one.host, {"restored": restored}, "restored")
    if not isinstance(row, Missing):
        # A host whose deadline has passed in the meantime has rolled back by itself.
        applied = any(result.get("changed") for result in registered.results().values())
        kind = ROLLED_BACK if restored.get("changed") or applied else NOT_CHANGED
        left = [str(left["what"]) for left in restored.get("left_alone") or ()]
        also = f" Left alone, as someone else has changed it since: {', '.join(left)}." if left else ""
        return replace(one, kind=kind, failure=f"{kind}: {reason}{also}")
    problem = tuning_words.sentence(row.reason)
    if row.unreachable:
        return _left(one, reason if problem in reason else f"{reason}. {problem}", registered, unreachable=True)
    text = f"{reason.rstrip('.')}. Rolling back failed: {problem}{_later(registered)}"
    return replace(one, kind=NOT_ROLLED_BACK, failure=f"{NOT_ROLLED_BACK}: {text}")


def _left(one: Outcome, reason: str, registered: Registered, *, unreachable: bool) -> Outcome:
    """Return the outcome of a host that this run could not roll back; a pending change ends by itself."""
    later = _later(registered)
    kind = UNREACHABLE if unreachable else FAILED if later else NOT_CHANGED
    text = without_prefix(reason, f"{UNREACHABLE}: ")
    return replace(one, kind=kind, failure=f"{kind}: {text}{later}", unreachable=unreachable)


def _later(registered: Registered) -> str:
    """Return when a change that may still be pending is rolled back by the host itself; empty if none is."""
    if any(registered.results("confirmed_").values()):
        return ""
    found = [registered.result(name).get("confirm") or {} for name in MODULES]
    deadline = next((one["deadline"] for one in found if one.get("pending")), "")
    return f" The host rolls the change back at {deadline}." if deadline else ""


def _options(variables: Mapping[str, Any]) -> Mapping[str, Any]:
    started = variables.get("__tuning")
    return (started.get("options") or {}) if isinstance(started, Mapping) else {}


def _batches(run: Run) -> list[list[str]]:
    return batches.divide(run.hosts, plain(list(run.serial)))
