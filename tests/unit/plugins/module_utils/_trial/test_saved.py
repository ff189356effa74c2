# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._trial import saved as trial_document
from ansible_collections.nettune.tcp.plugins.module_utils._trial.analysis import Window
from ansible_collections.nettune.tcp.plugins.module_utils._trial.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._trial.saved import Trial, Worker

ASKED = Request(
    "orphans", "net.ipv4.tcp_orphan_retries", (3, [7]), "minimise", "total", ("a > 1",), 1.0, 5.0, 1.0, "never"
)
TRIAL = Trial(
    trial_document.as_text(ASKED),
    trial_document.as_text(ASKED)._replace(candidates=("3", "7")),
    "0",
    boot_id="now",
    status="running",
    windows=(Window("baseline", "0", (1.0, 2.0)),),
    worker=Worker(5, 77),
    watchdog=4,
)


def saved(**differs: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(trial_document.render(TRIAL))), **differs}


def test_a_trial_is_read_as_it_was_saved() -> None:
    assert trial_document.parse(saved()) == TRIAL
    assert trial_document.parse({}) is None


def test_format_1_is_migrated() -> None:
    document = {**saved(version=1, why="the guard broke")}
    for field in ("written_by", "readable_from", "reason"):
        del document[field]
    assert trial_document.parse(document) == TRIAL._replace(reason="the guard broke")


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
def test_a_damaged_trial_is_said(document: dict[str, Any]) -> None:
    with pytest.raises(JournalError, match="damaged|has format 3"):
        trial_document.parse(document)


def test_the_same_request_is_recognised() -> None:
    trial_document.check_same(TRIAL, ASKED)
    trial_document.check_same(TRIAL, ASKED._replace(candidates=("3", "[7]")))


@pytest.mark.parametrize(
    ("differs", "said"),
    [
        ({"candidates": (3,)}, "differs in candidates;"),
        ({"window": 6.0, "keep": "best"}, "differs in window, keep;"),
        ({"guards": ()}, "differs in guards; take another name, or forget it with state: absent"),
    ],
)
def test_another_request_of_the_same_name_is_refused(differs: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidOption, match=said):
        trial_document.check_same(TRIAL, ASKED._replace(**differs))
