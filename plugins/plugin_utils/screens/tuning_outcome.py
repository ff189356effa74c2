# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the profile on one host, from the results that the role `tuning` registers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Iterable, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences

from ..fleet.batches import SERIAL
from . import tuning_changes, tuning_confirm, tuning_words
from .line import CHANGED, CRITICAL, OK, WARNING, count, listed
from .tuning_changes import Part
from .tuning_registered import MODULES, Registered

MAIN, VERIFY, CONFIRM = "main", "verify", "confirm"
LIMITS_TOO_LOW, NOTHING_PENDING, NOT_CONFIRMED = "limits not reached", "no change is pending", "not confirmed"
CONFIRMED, DRIFTED, FAILED, PENDING = "confirmed", "drifted", "failed", "pending"
REFUSED, UNREACHABLE, VERIFIED = "refused", "unreachable", "verified"
WILL_DRIFT, NOT_APPLIED = "will drift at the next boot", "not applied"
_KIND_SEVERITY = {"changed": CHANGED, "would change": CHANGED, CONFIRMED: CHANGED, PENDING: WARNING}
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


def of_host(host: str, variables: Mapping[str, Any], options: Mapping[str, Any], *, check_mode: bool) -> Outcome:
    """Return the outcome of a host that has run the role. options: those of the screen."""
    return _Reader(host, variables, options, check_mode).outcome()


class _Reader:
    def __init__(self, host: str, variables: Mapping[str, Any], options: Mapping[str, Any], check_mode: bool) -> None:
        self._host, self._screen, self._check_mode = host, options, check_mode
        self._registered = Registered(host, variables)
        self._options = self._registered.options()
        self._profile = str(options["profile"])
        self._entry = str(options.get("entry") or MAIN)
        self._best_effort = bool(self._options.get("tuning_nofile_best_effort"))

    def outcome(self) -> Outcome:
        """Return what applying, confirming and verifying gave; the first failure ends it."""
        found = Outcome(self._host, "", persistent=bool(self._options.get("tuning_persistent", True)))
        if self._entry == MAIN:
            found = self._applied(found)
        confirms = self._entry == CONFIRM or (self._entry == MAIN and self._options.get("tuning_confirm_within"))
        if confirms and not found.failure:
            found = self._confirmed(found)
        if self._entry != CONFIRM and not found.failure:
            found = self._verified(found)
        return found

    def _applied(self, found: Outcome) -> Outcome:
        results = self._registered.results()
        if not any(results.values()):
            return found
        sysctl, nofile = (self._registered.problem(name) for name in MODULES)
        if sysctl:
            rows = tuple(tuning_changes.rows(results["sysctl"], {}))
            text = tuning_words.refusal(sysctl.reason, results["sysctl"], self._profile)
            kind = REFUSED if results["sysctl"].get("settings") else FAILED
            return _failed(replace(found, rows=rows), kind, text, unreachable=sysctl.unreachable)
        changed = any(result.get("changed") for result in results.values())
        kind = ("would change" if self._check_mode else "changed") if changed else "unchanged"
        found = self._with_parts(replace(found, kind=kind), results, "nofile")
        if nofile:
            text = f"open-file limits: {tuning_words.sentence(nofile.reason)}"
            applied = changed and not self._check_mode and not self._options.get(SERIAL)
            text += " The kernel parameters were applied." if applied else ""
            return _failed(found, FAILED, text, unreachable=nofile.unreachable)
        pending = [result["confirm"] for result in results.values() if result.get("confirm", {}).get("pending")]
        if pending and self._check_mode:
            seconds = self._options.get("tuning_confirm_within")
            return replace(found, notes=(f"would be pending for {seconds} s, and rolled back unless confirmed",))
        return replace(found, kind=PENDING, notes=(tuning_confirm.rolls_back(pending[0]),)) if pending else found

    def _with_parts(self, found: Outcome, results: Mapping[str, Mapping[str, Any]], limits: str) -> Outcome:
        """Return the outcome with what the results say. limits: the variable of the result with the limits."""
        sets, remedies = self._screen.get("remedy_sets") or {}, self._options.get("tuning_remedies") or []
        sysctl = tuning_changes.of_sysctl(results["sysctl"], sets, remedies) if results["sysctl"] else Part()
        return replace(
            found,
            sysctl=sysctl,
            nofile=tuning_changes.of_nofile(results["nofile"], best_effort=self._best_effort),
            wants_limits=bool(self._options.get("tuning_nofile")) and self._registered.ran(limits),
            rows=tuple(tuning_changes.rows(results["sysctl"], results["nofile"])),
        )

    def _confirmed(self, found: Outcome) -> Outcome:
        confirmation = tuning_confirm.of(self._registered)
        if confirmation.state == tuning_confirm.FAILED:
            found = replace(found, notes=())
            return _failed(found, NOT_CONFIRMED, confirmation.failure, unreachable=confirmation.unreachable)
        if confirmation.state == tuning_confirm.NOTHING:
            return found if found.kind else replace(found, kind=NOTHING_PENDING)
        if confirmation.state == tuning_confirm.PENDING:
            kind = "would confirm" if self._check_mode else PENDING
            return found if found.kind else replace(found, kind=kind)
        found = replace(found, kind=CONFIRMED, notes=())
        applied, confirmed = self._registered.results(), self._registered.results("confirmed_")
        results = {name: tuning_confirm.with_files(applied[name], confirmed[name]) for name in MODULES}
        return self._with_parts(found, results, "nofile") if any(applied.values()) else found

    def _verified(self, found: Outcome) -> Outcome:
        results = self._registered.results("verified_")
        if not any(results.values()):
            results = self._unchanged()
        if not any(results.values()):
            return found
        for name in MODULES:
            problem = self._registered.problem(f"verified_{name}")
            if problem:
                text = tuning_words.refusal(problem.reason, results[name], self._profile)
                return _failed(found, "not verified", text, unreachable=problem.unreachable)
        if not found.kind:
            found = self._with_parts(replace(found, kind=VERIFIED), results, "verified_nofile")
            # In a verification these are differences.
            sysctl, nofile = (part._replace(changes=(), files=()) for part in (found.sysctl, found.nofile))
            found = replace(found, sysctl=sysctl, nofile=nofile)
        drift = differences.of_sysctl(results["sysctl"])
        drift += differences.of_nofile(results["nofile"], best_effort=True)
        if drift and found.kind == VERIFIED and not any(one.get("applied", True) for one in results.values() if one):
            text = f"profile {self._profile} has not been applied to this host; to apply it, run the role"
            text += " with all its phases"
            return replace(found, kind=NOT_APPLIED, failure=text, sysctl=Part(), nofile=Part(), verified=False)
        if drift:
            what = listed(list(dict.fromkeys(one.what for one in drift)), most=_NAMED)
            now = any(one.when == differences.NOW for one in drift)
            text = (
                f"drifted from profile {self._profile}"
                if now
                else f"will drift from profile {self._profile} at the next boot"
            )
            text += f": {count(len(drift), 'difference')} ({what})"
            kind = DRIFTED if now else WILL_DRIFT
            return replace(found, kind=kind, failure=text, drift=tuple(map(_in_role_terms, drift)))
        refused = results["nofile"].get("refused", ()) if not self._best_effort else ()
        if refused:
            return _failed(found, LIMITS_TOO_LOW, self._limits_refused(refused), unreachable=False)
        return replace(found, verified=found.kind != VERIFIED)

    def _unchanged(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the results of a run that changed nothing: they have what a verification, then skipped, would find."""
        results = self._registered.results()
        ran = all(map(self._registered.ran, (*MODULES, "verified_sysctl")))
        changed = any(result.get("changed") for result in results.values())
        return {} if self._entry != MAIN or self._check_mode or changed or not ran else results

    def _limits_refused(self, refused: Iterable[Mapping[str, Any]]) -> str:
        rows = [f"{tuning_changes.refused_what(row)}: {tuning_changes.refused_text(row)}" for row in refused]
        remedy = next((row["remedy"] for row in refused if "fs.nr_open" in row["remedy"]), _GRANT)
        lower = tuning_words.lower_limit(self._options, self._profile)
        return (
            f"{listed(list(dict.fromkeys(rows)), most=_NAMED)}. {remedy[:1].upper()}{remedy[1:]}, lower {lower},"
            " or accept it with tuning_nofile_best_effort: true."
        )


def _failed(found: Outcome, kind: str, text: str, *, unreachable: bool) -> Outcome:
    """Return the outcome of a host that failed, or was lost; then its notes say what becomes of a pending change."""
    if unreachable:
        return replace(found, kind=UNREACHABLE, failure=f"{UNREACHABLE}: {text}", unreachable=True)
    return replace(found, kind=kind, failure=text if kind in (REFUSED, FAILED) else f"{kind}: {text}")


def _in_role_terms(one: differences.Difference) -> differences.Difference:
    return one._replace(reason=tuning_words.in_role_terms(one.reason))
