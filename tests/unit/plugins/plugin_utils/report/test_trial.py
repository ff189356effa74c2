# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section of a trial: the effect of each candidate, whether it was kept and why, and the timeline."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.report.document import Heading, document
from ansible_collections.nettune.tcp.plugins.plugin_utils.report.trial import section
from ansible_collections.nettune.tcp.tests.unit.support import report_fleets

REUSE = report_fleets.REUSE


def rows(**differs: Any) -> list[tuple[bool, str]]:
    (host,) = section(report_fleets.trial(**differs))["hosts"]
    return [(row["kept"], row["reason"]) for row in host["candidates"]]


def test_each_candidate_says_whether_it_was_kept_and_why() -> None:
    assert rows() == [
        (True, "the best; kept until the next reboot"),
        (False, "better, but 2 is the best; still changing at the end of its window, increase settle"),
        (False, REUSE),
    ]


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"after": "0"}, "the best, but the trial was asked not to keep it (nettune_trial_keep)"),
        ({"before": "2"}, "the best, and the value before the trial"),
        ({"after": "0", "best": None, "status": "aborted"}, "the trial was aborted"),
        ({"after": "0", "best": None, "status": "running"}, "the trial is not done"),
    ],
)
def test_a_better_candidate_that_was_not_kept(differs: dict[str, Any], reason: str) -> None:
    assert rows(**differs)[0] == (False, reason)


def test_the_readings_are_a_timeline_with_the_changes() -> None:
    found = document({"hosts": [], "missing": []}, Heading("now"), tried=report_fleets.trial())["trial"]
    (host,) = found["hosts"]
    given = report_fleets.trial()["hosts"][0]
    assert host["baseline"] == [1065, 1071]
    assert host["timeline"] == {
        "start": given["started"],
        "seconds": given["samples"]["seconds"],
        "series": {REUSE: given["samples"]["readings"]},
        "marks": given["samples"]["marks"],
        "more_marks": 0,
    }
    assert [row["host"] for row in found["missing"]] == ["gone1"]


def test_a_trial_without_readings_has_no_timeline() -> None:
    (host,) = section(report_fleets.trial(samples=None, baselines=[]))["hosts"]
    assert "timeline" not in host
    assert host["baseline"] is None
    assert document({"hosts": [], "missing": []}, Heading("now"))["trial"] is None
