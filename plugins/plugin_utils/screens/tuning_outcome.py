# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the profile on one host, from the results that the role `tuning` registers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences

from ..fleet import document
from ..plain import plain
from . import tuning_changes, tuning_words
from .line import CHANGED, CRITICAL, OK, WARNING, count, listed
from .tuning_changes import Part

MAIN, VERIFY, CONFIRM = "main", "verify", "confirm"
LIMITS_TOO_LOW, NOTHING_PENDING = "limits not in force", "no change is pending"
_MODULES = ("sysctl", "nofile")
_KIND_SEVERITY = {"changed": CHANGED, "would change": CHANGED, "confirmed": CHANGED, "pending": WARNING}
_NAMED = 3
_GRANT = "grant CAP_SYS_RESOURCE or raise the container's hard limit"


@dataclass(frozen=True)
class Outcome:
    """kind: in a word or two, for the summary. failure: the sentence with which the host fails, empty if it is fine.

    notes: other sentences. drift: rows of Difference. verified: whether verification ran and found no drift.
    """

    host: str
    kind: str
    failure: str = ""
    unreachable: bool = False
    sysctl: Part = Part()
    nofile: Part = Part()
    drift: tuple[differences.Difference, ...] = ()
    notes: tuple[str, ...] = ()
    verified: bool = False
    persistent: bool = True
    wants_limits: bool = False
    rows: tuple[Mapping[str, Any], ...] = ()

    @property
    def severity(self) -> str:
        """Return the severity of the host's line."""
        return CRITICAL if self.failure else _KIND_SEVERITY.get(self.kind, OK)


class Registered:
    """The results that a host has registered, by their name without `__tuning_`."""

    def __init__(self, host: str, variables: Mapping[str, Any]) -> None:
        self._host = host
        self._variables = variables

    def result(self, name: str) -> Mapping[str, Any]:
        """Return a result in plain types; an empty one if the task did not run."""
        value = self._variables.get(f"__tuning_{name}")
        return {} if not isinstance(value, Mapping) or value.get("skipped") else plain(value)

    def problem(self, name: str) -> document.Missing | None:
        """Return why a task failed, or None."""
        row = document.result_row(self._host, {name: self.result(name)}, name)
        return row if self.result(name) and isinstance(row, document.Missing) else None

    def options(self) -> Mapping[str, Any]:
        """Return the converted variables of the host."""
        return plain(self._variables["__tuning"]["options"])


def of_host(host: str, variables: Mapping[str, Any], args: Mapping[str, Any], *, check_mode: bool) -> Outcome:
    """Return the outcome of a host that has run the role. args: those of the task."""
    return _Reader(host, variables, args, check_mode).outcome()


class _Reader:
    def __init__(self, host: str, variables: Mapping[str, Any], args: Mapping[str, Any], check_mode: bool) -> None:
        self._host, self._args, self._check_mode = host, args, check_mode
        self._registered = Registered(host, variables)
        self._options = self._registered.options()
        self._profile = str(args["profile"])
        self._entry = str(args.get("entry") or MAIN)
        self._best_effort = bool(self._options.get("tuning_nofile_best_effort"))

    def outcome(self) -> Outcome:
        if self._entry == CONFIRM:
            return self._confirmed(self._base("confirmed"))
        found = self._applied() if self._entry == MAIN else self._base("")
        if not found.failure and self._options.get("tuning_confirm_within") and self._entry == MAIN:
            found = self._confirmed(found)
        return found if found.failure else self._verified(found)

    def _base(self, kind: str, **more: Any) -> Outcome:
        return Outcome(self._host, kind, persistent=bool(self._options.get("tuning_persistent", True)), **more)

    def _applied(self) -> Outcome:
        results = {name: self._registered.result(name) for name in _MODULES}
        if not any(results.values()):
            return self._base("")
        problems = {name: self._registered.problem(name) for name in _MODULES}
        if problems["sysctl"]:
            return self._refused(results["sysctl"], problems["sysctl"])
        parts = self._parts(results)
        changed = any(result.get("changed") for result in results.values())
        kind = ("would change" if self._check_mode else "changed") if changed else "unchanged"
        rows = tuple(tuning_changes.rows(results["sysctl"], results["nofile"]))
        found = self._base(kind, **parts, wants_limits=bool(self._options.get("tuning_nofile")), rows=rows)
        if problems["nofile"]:
            done = "the kernel parameters were applied, the open-file limits were not: " if changed else ""
            return self._failed(found, "failed", f"{done}{problems['nofile'].reason}", problems["nofile"])
        pending = [result["confirm"] for result in results.values() if result.get("confirm", {}).get("pending")]
        if pending and not self._check_mode:
            return self._with(found, kind="pending", notes=(_pending_note(pending[0]),))
        if pending:
            seconds = self._options.get("tuning_confirm_within")
            return self._with(found, notes=(f"would be pending for {seconds} s, and rolled back unless confirmed",))
        return found

    def _parts(self, results: Mapping[str, Mapping[str, Any]]) -> dict[str, Part]:
        remedies = self._options.get("tuning_remedies") or []
        sets = self._args.get("remedy_sets") or {}
        return {
            "sysctl": tuning_changes.of_sysctl(results["sysctl"], sets, remedies) if results["sysctl"] else Part(),
            "nofile": tuning_changes.of_nofile(results["nofile"], best_effort=self._best_effort),
        }

    def _refused(self, result: Mapping[str, Any], problem: document.Missing) -> Outcome:
        text = tuning_words.refusal(problem.reason, result, self._profile)
        refused = bool(result.get("settings"))
        rows = tuple(tuning_changes.rows(result, {}))
        found = self._base("", rows=rows)
        return self._failed(found, "refused" if refused else "failed", text, problem)

    def _failed(self, found: Outcome, kind: str, text: str, problem: document.Missing) -> Outcome:
        if problem.unreachable:
            text = f"unreachable: {text}"
            if found.kind == "pending" and found.notes:
                text = f"{text} ({found.notes[0]})"
            return self._with(found, kind="unreachable", failure=text, unreachable=True)
        return self._with(found, kind=kind, failure=text)

    def _with(self, found: Outcome, **changes: Any) -> Outcome:
        return Outcome(**{**found.__dict__, **changes})

    def _confirmed(self, found: Outcome) -> Outcome:
        """Return the outcome with the confirmation: what failed, or that it is done."""
        asked = [f"pending_{name}" for name in _MODULES]
        for name in asked:
            problem = self._registered.problem(name)
            if problem:
                return self._failed(found, "not confirmed", tuning_words.in_role_terms(problem.reason), problem)
        pending = [self._registered.result(name).get("confirm", {}) for name in asked]
        waiting = [one for one in pending if one.get("pending")]
        if not waiting:
            ran = any(self._registered.result(name) for name in asked)
            kind, notes = found.kind, found.notes
            if self._entry == CONFIRM:
                kind, notes = NOTHING_PENDING, ()
            return self._with(found, kind=kind, notes=() if ran and kind != "pending" else notes)
        if self._check_mode:
            return self._with(found, kind="would confirm" if self._entry == CONFIRM else found.kind)
        return self._checked(found, str(waiting[0].get("deadline")))

    def _checked(self, found: Outcome, deadline: str) -> Outcome:
        steps = {
            "health_url": "the health URL check failed",
            "health_command": "the health command failed",
            "confirmed_sysctl": "confirming the kernel parameters failed",
            "confirmed_nofile": "confirming the open-file limits failed",
        }
        for name, what in steps.items():
            problem = self._registered.problem(name)
            if problem:
                text = (
                    f"not confirmed: {what}: {problem.reason}. The host rolls the change back at {deadline} unless it"
                    " is confirmed before. To try again, run the same command with --tags confirm."
                )
                return self._failed(found, "not confirmed", text, problem)
        if not any(self._registered.result(f"confirmed_{name}") for name in _MODULES):
            return found
        return self._with(found, kind="confirmed" if self._entry == CONFIRM else found.kind, notes=("confirmed",))

    def _verified(self, found: Outcome) -> Outcome:
        results = {name: self._registered.result(f"verified_{name}") for name in _MODULES}
        for name in _MODULES:
            problem = self._registered.problem(f"verified_{name}")
            if problem:
                text = tuning_words.refusal(problem.reason, results[name], self._profile)
                return self._failed(found, "not verified", text, problem)
        limits = results["nofile"] or self._registered.result("nofile")
        drift = differences.of_sysctl(results["sysctl"]) if results["sysctl"] else []
        drift += differences.of_nofile(results["nofile"], best_effort=True) if results["nofile"] else []
        refused = [] if self._best_effort else list(limits.get("refused", ()))
        if not found.kind:
            parts = self._parts(results)
            parts = {name: part._replace(changes=(), files=()) for name, part in parts.items()}
            rows = tuple(tuning_changes.rows(results["sysctl"], results["nofile"]))
            wants_limits = bool(self._options.get("tuning_nofile"))
            found = self._with(found, kind="verified", **parts, wants_limits=wants_limits, rows=rows)
        if drift:
            what = listed(list(dict.fromkeys(one.what for one in drift)), most=_NAMED)
            text = f"drifted from profile {self._profile}: {count(len(drift), 'difference')} ({what})"
            return self._with(found, kind="drifted", failure=text, drift=tuple(map(_in_role_terms, drift)))
        if refused:
            return self._with(found, kind=LIMITS_TOO_LOW, failure=self._limits_refused(refused))
        return self._with(found, verified=found.kind != "verified" and bool(results["sysctl"] or results["nofile"]))

    def _limits_refused(self, refused: list[Mapping[str, Any]]) -> str:
        rows = list(
            dict.fromkeys(f"{tuning_changes.refused_what(row)}: {tuning_changes.refused_text(row)}" for row in refused)
        )
        remedy = next((row["remedy"] for row in refused if "fs.nr_open" in row["remedy"]), _GRANT)
        lower = tuning_words.lower_limit(self._options, self._profile)
        return (
            f"{listed(rows, most=_NAMED)}. {remedy[:1].upper()}{remedy[1:]}, lower {lower},"
            " or accept it with tuning_nofile_best_effort: true."
        )


def _in_role_terms(one: differences.Difference) -> differences.Difference:
    return one._replace(reason=tuning_words.in_role_terms(one.reason))


def _pending_note(confirm: Mapping[str, Any]) -> str:
    return f"the host rolls the change back at {confirm['deadline']} unless it is confirmed before"
