# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.trial import draw

KEY = "net.ipv4.tcp_orphan_retries"


def candidate(value, median=None, percent=None, verdict="unknown", reason=""):
    return {
        "candidate": value,
        "median": median,
        "expected": None if median is None else 1069.0,
        "effect": None if median is None else median - 1069.0,
        "effect_percent": percent,
        "noise": None if median is None else 22.2,
        "verdict": verdict,
        "reason": reason or verdict,
    }


def trial(best="2", status="done", **more):
    return {
        "key": KEY,
        "status": status,
        "before": "0",
        "best": best,
        "verdict": f"{KEY} = {best} is best" if best else "no candidate improves states.LAST_ACK beyond the noise",
        "baselines": [{"median": 1065.0}, {"median": 1071.0}, {"median": None}],
        "candidates": [
            candidate("3", 66.0, -94, "better"),
            candidate("7", 1070.0, 0, "no difference", "no difference beyond the noise"),
            candidate("9"),
        ],
        "table": [],
        **more,
    }


def screen(results, **more):
    hostvars = {name: {"got": result} for name, result in results.items()}
    return draw(Run(hostvars, list(results), list(results), args={"registered": "got"}, **more))


def text(drawn):
    return [line.text for line in drawn.lines]


def test_one_host_has_a_table_of_candidates():
    assert text(screen({"web1": trial()}, width=100)) == [
        "CANDIDATE   MEDIAN        EXPECTED  EFFECT        NOISE  VERDICT",
        "0 (before)  1065 to 1071  -         -             -      baseline",
        "3           66            1069      -1003 (-94%)  ±22.2  better",
        "7           1070          1069      +1 (+0%)      ±22.2  no difference beyond the noise",
        "9           -             -         -             -      unknown",
        "",
        f"web1: {KEY} = 2 is best",
        "",
        "1 host: 1 best with 2",
    ]


def test_each_of_several_hosts_has_a_row():
    fleet = {
        "web1": trial(),
        "web10": trial(best=None),
        "web2": trial(),
        "web3": trial(best=None, status="aborted", verdict="the trial was aborted: a guard broke"),
        "dead": {"unreachable": True, "msg": "no route"},
        "old": {"failed": True, "msg": "a saved trial exists"},
    }
    drawn = screen(fleet, width=120)
    assert text(drawn) == [
        "HOST        BEFORE  3     7     9  BEST  RESULT",
        "web1, web2  0       -94%  same  -  2     net.ipv4.tcp_orphan_retries = 2 is best",
        "web3        0       -94%  same  -  -     the trial was aborted: a guard broke",
        "web10       0       -94%  same  -  -     no candidate improves states.LAST_ACK beyond the noise",
        "dead  unreachable: no route",
        "old  failed: a saved trial exists",
        "",
        "6 hosts: 2 best with 2, 1 aborted, 1 without a better candidate, 1 unreachable, 1 failed",
    ]
    assert drawn.failures["old"] == {"msg": "a saved trial exists", "unreachable": False}
    assert text(screen(fleet, width=120, verbosity=1))[0] == "web1:"
    assert [(row["host"], row.get("candidate")) for row in drawn.rows][-3:] == [
        ("web10", "9"),
        ("dead", None),
        ("old", None),
    ]
    assert "table" not in drawn.document["hosts"][0]


def test_check_mode_says_what_would_be_tried():
    planned = trial(best=None, status="planned", baselines=[], verdict=f"would try {KEY} = 3, 7, 9; this takes 3 s")
    shown = text(screen({"web1": planned}))
    assert shown == [f"web1: would try {KEY} = 3, 7, 9; this takes 3 s", "", "1 host: 1 would run the trial"]
    shown = text(screen({f"web{number}": planned for number in range(1, 21)}, width=100))
    assert shown[0].startswith("web[1-20]: would try ")
    assert shown[-1] == "20 hosts: 20 would run the trial"


def test_results_of_an_earlier_run_are_named():
    lines = text(screen({"web1": trial(changed=False), "web2": trial(changed=True)}, width=100))
    assert "web1: the result of an earlier run; nettune_trial_again=true measures again" in lines
    assert not any("earlier run" in line for line in text(screen({"web1": trial()}, width=100)))
