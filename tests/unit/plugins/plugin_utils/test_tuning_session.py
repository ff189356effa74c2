# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.plugin_utils import tuning_session

# A tuning session of 2008 on a web server: the changes of each step, and the counts after it.
SESSION = Path(__file__).resolve().parents[3] / "fixtures" / "sessions" / "last_ack_2008.json"
STEPS = [
    {"changed": {}, "readings": 100},
    {"changed": {"a": 1}, "readings": [104, 110]},
    {"changed": {"b": 1}, "readings": 101},
    {"changed": {"c": 1}, "readings": 20},
    {"changed": {"d": 1}, "readings": [21]},
]


def session(*states: str) -> list[dict[str, Any]]:
    """Return the recorded session with the sum of `states` as readings."""
    rows = json.loads(SESSION.read_text())
    return [
        {"changed": row["changed"], "readings": [sum(counts) for counts in zip(*(row[state] for state in states))]}
        for row in rows
    ]


@pytest.mark.parametrize("states", [("LAST_ACK",), ("LAST_ACK", "FIN_WAIT1"), ("LAST_ACK", "FIN_WAIT1", "CLOSING")])
def test_orphan_retries_mattered_in_the_session_of_2008(states: tuple[str, ...]) -> None:
    found = tuning_session.result(tuning_session.parse(session(*states)))
    assert found["mattered"] == ["tcp_orphan_retries"]
    verdicts = {", ".join(row["changed"]): row["verdict"] for row in found["steps"] if row["verdict"] != "start"}
    assert found["steps"][4]["changed"] == {"tcp_orphan_retries": "3"}
    assert found["steps"][4]["verdict"] == "mattered"
    assert found["verdict"] == (
        "tcp_orphan_retries mattered; steps that changed several values at once are inconclusive (3)"
    )
    assert verdicts["tcp_orphan_retries, tcp_fin_timeout"] == "inconclusive"
    assert verdicts["tcp_keepalive_intvl, tcp_synack_retries"] == "inconclusive"
    assert [row["verdict"] for row in found["steps"]].count("inconclusive") == 3
    for harmless in ("nf_conntrack_tcp_timeout_last_ack", "nginx keepalive", "tcp_synack_retries"):
        assert verdicts[harmless] == "within the noise"


def test_table() -> None:
    found = tuning_session.result(tuning_session.parse(STEPS))
    assert found["table"] == [
        "CHANGED  AFTER  MOVED  VERDICT",
        "-        100    -      start",
        "a=1      107    +7%    within the noise",
        "b=1      101    -6%    within the noise",
        "c=1      20     -79%   mattered: more than the noise, a factor of 1.3",
        "d=1      21     +5%    within the noise",
    ]
    assert found["steps"][1] == {
        "changed": {"a": "1"},
        "before": 100.0,
        "after": 107.0,
        "factor": 1.069,
        "verdict": "within the noise",
    }


def test_session_without_an_effect() -> None:
    found = tuning_session.result(tuning_session.parse([*STEPS[:3], {"changed": {"c": 1}, "readings": 99}]))
    assert found["verdict"] == "nothing that was changed alone mattered"
    assert found["mattered"] == []


def test_counts_of_0() -> None:
    rows = [{**row, "readings": 0} for row in STEPS]
    assert [row["factor"] for row in tuning_session.result(tuning_session.parse(rows))["steps"]] == [1.0] * 5


def broken(at: int, **differs: Any) -> list[Any]:
    return [{**row, **differs} if number == at else row for number, row in enumerate(STEPS)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (None, "a session is a list of 4 or more steps"),
        ({"changed": {}}, "a session is a list"),
        (STEPS[:3], "a session is a list of 4 or more steps"),
        ([*STEPS, "x"], "step 6 of the session is not {changed"),
        (broken(1, more=1), "step 2 of the session is not {changed"),
        (broken(0, changed={"a": 1}), "step 1 of the session: changed is {'a': 1}"),
        (broken(2, changed={}), "step 3 of the session: changed is {}"),
        (broken(2, changed="b"), "step 3 of the session: changed is 'b'"),
        (broken(3, readings=[]), "step 4 of the session: readings is []"),
        (broken(3, readings="20"), "readings is '20'"),
        (broken(3, readings=[1, None]), "readings is [1, None]"),
        (broken(3, readings=-1), "readings is -1"),
        (broken(3, readings=True), "readings is True"),
        (broken(3, readings=float("inf")), "readings is inf"),
        (broken(3, readings=float("nan")), "readings is nan"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_invalid_sessions(rows: Any, message: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        tuning_session.parse(rows)
    assert message in str(caught.value)
