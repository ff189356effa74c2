# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._trial import request as trial_request
from ansible_collections.nettune.tcp.plugins.module_utils._trial.request import Phase

OPTIONS = {
    "name": "orphans",
    "key": "net/ipv4/tcp_orphan_retries",
    "candidates": [3, 7],
    "minimise": "states.LAST_ACK",
    "maximise": None,
    "guards": None,
    "settle": 60.0,
    "window": 30.0,
    "interval": 5.0,
    "keep": "never",
}


def request(**differs: Any) -> trial_request.Request:
    return trial_request.from_options({**OPTIONS, **differs})


def test_options_become_a_request() -> None:
    asked = request()
    assert asked.key == "net.ipv4.tcp_orphan_retries"
    assert (asked.aim, asked.objective) == ("minimise", "states.LAST_ACK")
    assert asked.guards == trial_request.GUARDS
    assert request(guards=[]).guards == ()
    assert request(minimise=None, maximise="total").aim == "maximise"


def test_the_old_value_is_set_before_between_and_after_the_candidates() -> None:
    asked = request()._replace(candidates=("3", "7"))
    assert list(trial_request.phases(asked, "0")) == [
        Phase("baseline", "0", 0.0),
        Phase("candidate", "3", 60.0),
        Phase("baseline", "0", 60.0),
        Phase("candidate", "7", 60.0),
        Phase("baseline", "0", 60.0),
    ]
    assert trial_request.seconds(asked) == 5 + 30 + 4 * 90


def test_paths_of_all_expressions_each_once() -> None:
    asked = request(guards=["states.ESTABLISHED > baseline.states.ESTABLISHED / 2", "total > states.LAST_ACK"])
    assert trial_request.paths(asked) == ["states.LAST_ACK", "states.ESTABLISHED", "total"]


@pytest.mark.parametrize(
    ("differs", "message"),
    [
        ({"name": "in-force"}, "name: 'in-force' is not allowed"),
        ({"name": "../x"}, "is not allowed"),
        ({"key": "/etc/passwd"}, "is a path"),
        ({"key": "net.ipv4.*"}, "is a pattern"),
        ({"candidates": []}, "candidates: 0 were given; allowed are 1 to 16"),
        ({"candidates": list(range(17))}, "candidates: 17 were given"),
        ({"candidates": [{"at_least": 3}]}, "is not a value; a candidate must be a number, text or list"),
        ({"minimise": "states.LAST_ACK +"}, "minimise: 'states.LAST_ACK +' is malformed"),
        ({"minimise": ""}, "minimise: '' is not an expression"),
        ({"minimise": None, "maximise": "total >"}, "maximise: 'total >' is malformed"),
        ({"minimise": "states.LAST_ACK > 3"}, "is a comparison; it must be a number"),
        ({"minimise": "3"}, "minimise: '3' names nothing that is measured"),
        ({"minimise": "baseline.total"}, "names nothing that is measured"),
        ({"minimise": "total - baseline.total"}, "names the baseline; only guards may"),
        ({"minimise": "state.LAST_ACK"}, "did you mean states.LAST_ACK?"),
        ({"minimise": "counters.Tcp.InErrs"}, "its growth per second is rates.Tcp.InErrs"),
        ({"guards": ["total"]}, "guards: 'total' is not a comparison; a guard must be one"),
        ({"guards": ["baseline.total > 1"]}, "names nothing that is measured"),
        ({"guards": ["total > "]}, "guards: 'total >' is malformed"),
        ({"interval": 0.1}, "interval is 0.1; it must be between 0.2 and 300 seconds"),
        ({"window": 7201.0}, "window is 7201; it must be between 1 and 7200 seconds"),
        ({"settle": -1.0}, "settle is -1; it must be between 0 and 7200 seconds"),
        ({"settle": float("nan")}, "settle is nan"),
        (
            {"window": 20.0},
            "a window of 20 s with a reading every 5 s has 4; the noise cannot be estimated from fewer than 5: set"
            " window to at least 25 or interval to a lower value",
        ),
        (
            {"settle": 7200.0, "candidates": list(range(10))},
            "the trial would take 40.2 hours; allowed are 24: give fewer",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refusals(differs: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        request(**differs)
    assert message in str(caught.value)
