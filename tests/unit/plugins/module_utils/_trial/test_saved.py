# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._trial import saved as saved_trial
from ansible_collections.nettune.tcp.plugins.module_utils._trial.analysis import Window
from ansible_collections.nettune.tcp.plugins.module_utils._trial.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._trial.saved import Trial, Worker

ASKED = Request(
    "orphans", "net.ipv4.tcp_orphan_retries", (3, [7]), "minimise", "total", ("a > 1",), 1.0, 5.0, 1.0, "never"
)
TRIAL = Trial(
    saved_trial.as_text(ASKED),
    saved_trial.as_text(ASKED)._replace(candidates=("3", "7")),
    "0",
    boot_id="now",
    status="running",
    windows=(Window("baseline", "0", (1.0, 2.0)),),
    worker=Worker(5, 77),
    watchdog=4,
)


def saved(**differs: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(saved_trial.render(TRIAL))), **differs}


def test_a_saved_trial_is_read_back() -> None:
    assert saved_trial.parse(saved()) == TRIAL
    assert saved_trial.parse({}) is None


def test_name_that_leads_out_of_proc_sys_is_refused() -> None:
    """Reverting a kept value would write there."""
    document = saved()
    document["request"]["key"] = "//.//.//.etc.passwd"
    with pytest.raises(JournalError, match="is not the name of a parameter"):
        saved_trial.parse(document)


def test_format_1_is_migrated() -> None:
    document = {**saved(version=1, why="the guard broke")}
    for field in ("written_by", "readable_from", "reason"):
        del document[field]
    assert saved_trial.parse(document) == TRIAL._replace(reason="the guard broke")


@pytest.mark.parametrize(
    "document",
    [
        saved(version=3),
        saved(request=None),
        saved(request={"name": "x"}),
        saved(windows=[{"role": "baseline"}]),
        saved(windows=[{"role": "baseline", "value": "0", "readings": ["x"]}]),
        saved(worker={"pid": 5}),
        saved(surplus=1),
        {"version": 1},
    ],
    ids=range(8),
)
def test_a_damaged_trial_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(JournalError, match="damaged|has format 3"):
        saved_trial.parse(document)


def test_the_same_request_is_accepted() -> None:
    saved_trial.check_same(TRIAL, ASKED)
    saved_trial.check_same(TRIAL, ASKED._replace(candidates=("3", "[7]")))


@pytest.mark.parametrize(
    ("differs", "message"),
    [
        ({"candidates": (3,)}, "different: candidates\\)"),
        ({"window": 6.0, "keep": "best"}, "different: window, keep\\)"),
        ({"guards": ()}, "different: guards\\); use another name "),
    ],
)
def test_another_request_of_the_same_name_is_refused(differs: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        saved_trial.check_same(TRIAL, ASKED._replace(**differs))
