# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section of a trial: for each host the effect of each candidate, whether it was kept, and a timeline."""

from __future__ import annotations

from typing import Any, Mapping

from ...module_utils._common.text import without_prefix
from ...module_utils._trial.analysis import BETTER
from ...module_utils._trial.saved import ABORTED, DONE
from ..screens.host_names import natural
from . import timeline

_COPIED = ("host", "key", "aim", "objective", "status", "before", "after", "verdict")
_NUMBERS = ("median", "expected", "effect", "effect_percent", "noise")


def section(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return {hosts: [...], missing: [...]} of the result of a trial, as fleet.trial_file reads it."""
    hosts = sorted(found["hosts"], key=lambda row: natural(row["host"]))
    missing = [{name: row[name] for name in ("host", "unreachable", "reason")} for row in found["missing"]]
    return {
        "hosts": [_host(row) for row in hosts],
        "missing": sorted(missing, key=lambda row: natural(row["host"])),
    }


def _host(row: Mapping[str, Any]) -> dict[str, Any]:
    medians = [each["median"] for each in row["baselines"] if each.get("median") is not None]
    host = {
        **{name: row[name] for name in _COPIED},
        "best": row.get("best"),
        "baseline": [min(medians), max(medians)] if medians else None,
        "candidates": [_candidate(each, row) for each in row["candidates"]],
    }
    samples = row.get("samples")
    if samples and samples["seconds"]:
        series = {row["objective"]: samples["readings"]}
        columns = {"start": row.get("started"), "seconds": samples["seconds"], "series": series}
        host["timeline"] = timeline.timeline({**columns, "marks": samples["marks"]}, names=tuple(series))
    return host


def _candidate(candidate: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    value = candidate["candidate"]
    was_kept = row["after"] != row["before"]
    return {
        "candidate": value,
        **{name: candidate.get(name) for name in _NUMBERS},
        "verdict": candidate["verdict"],
        "kept": was_kept and value == row["after"],
        "reason": _reason(candidate, row),
    }


def _reason(candidate: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """Return why a candidate was kept, or why not."""
    if candidate["verdict"] != BETTER:
        return str(candidate["reason"])
    remarks = without_prefix(candidate["reason"], BETTER)
    value, best = candidate["candidate"], row.get("best")
    if value == best:
        return f"{_of_best(value, row)}{remarks}"
    if row["status"] != DONE:
        return f"the trial {'was aborted' if row['status'] == ABORTED else 'is not done'}{remarks}"
    return f"better, but {best} is the best{remarks}"


def _of_best(value: str, row: Mapping[str, Any]) -> str:
    if value == row["before"]:
        return "the best, and the value before the trial"
    if value == row["after"]:
        return "the best; kept until the next reboot"
    return "the best, but the trial was asked not to keep it (nettune_trial_keep)"
