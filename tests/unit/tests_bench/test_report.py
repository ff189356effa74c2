# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page made of results, the goals they are held against, and churn's summary."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.bench.churn import summary
from ansible_collections.nettune.tcp.tests.bench.figures import beyond_interpreter, slopes, usual
from ansible_collections.nettune.tcp.tests.bench.goals import Goal, goals
from ansible_collections.nettune.tcp.tests.bench.report import text, verdicts

MACHINE = {"kernel": "6.18", "processors": 2, "memory_gib": 24, "python": "3.11.2", "load": 0.5}


def took(seconds, mebibytes=1.0, strays=None):
    row = {"seconds": seconds, "cpu_seconds": seconds, "rss_kib": mebibytes * 1024}
    return row if strays is None else {**row, "strays": strays}


def entry(size, *, mix="web", **rows):
    """Three rounds, of which the second took twice as long for everybody."""
    rounds = [{n: {**row, "seconds": row["seconds"] * by} for n, row in rows.items()} for by in (1, 2, 1)]
    return {"mix": mix, "size": size, "labels": {name: name for name in rows}, "failed": {}, "rounds": rounds}


def million(counts=0.25):
    rows = {
        "floor": took(1.0),
        "python": took(0.02, 8),
        "counts": took(counts, 11, strays=0),
        "ss": took(2.5, strays=3),
    }
    return entry(1_000_000, **rows)


def goal(results, what):
    return next(one for one in goals(results) if one.what == what)


@pytest.mark.parametrize(("counts", "verdict"), [(0.25, "reached"), (0.304, "reached"), (0.31, "**missed**")])
def test_a_goal_is_held_against_the_median_of_ratios(counts, verdict):
    one = goal({"counting": [million(counts)]}, "counts, 1M sockets")
    assert one.value == pytest.approx(counts)
    assert one.verdict == verdict


def test_the_least_that_is_wanted():
    results = {"counting": [million()]}
    assert goal(results, "counts, 1M: `ss -tan`, awk takes").verdict == "reached"
    assert Goal("x", 8, " ×", 7.99, least=True).verdict == "**missed**"


def test_what_was_not_measured_is_neither_reached_nor_missed():
    assert {one.verdict for one in goals({})} == {"not measured"}
    assert goal({"counting": [million()]}, "exact, 1M").value is None


def test_memory_is_that_beyond_the_interpreter():
    assert beyond_interpreter(million(), "counts") == pytest.approx(3)
    assert beyond_interpreter(million(), "ports") is None


def test_slope_in_times_of_the_floors():
    results = {
        "counting": [
            entry(1000, floor=took(1.0), counts=took(0.5)),
            entry(3000, floor=took(3.0), counts=took(1.0)),
            entry(3000, mix="empty", floor=took(9.0)),
        ]
    }
    assert list(usual(results)) == [1000, 3000]
    assert slopes(results, "counts") == pytest.approx(0.25)


def test_a_page_without_measurements_says_so():
    page = text({"machine": MACHINE})
    assert page.count("Not measured.") == 6
    assert "$" not in page


def test_a_whole_page():
    payloads = {"ping": {"bytes": 1000, "files": 50}, "tcp_facts": {"bytes": 1100, "files": 60}}
    way = {
        "readings": 9,
        "fell_back": 0,
        "established": {"median": 0, "most": 2},
        "time_wait": {"median": 1, "most": 4},
    }
    fast, slow = (
        {"ours": 1.0, "ours again": 1.0, "nothing": 0.5},
        {"loop": 5.0, "loop again": 4.0, "tasks": 9.0, "tasks again": 7.0},
    )
    results = {
        "machine": MACHINE,
        "counting": [million(), entry(1_000_000, mix="empty", floor=took(0.1), counts=took(0.1, strays=0))],
        "mixes": [entry(1000, mix="close_wait", floor=took(1.0), counts=took(1.1, strays=0), ss=took(2.2))],
        "churning": {"rate": 15000.4, "sockets": 90000, "ways": {"auto": way}},
        "module": {
            "payloads": payloads,
            "rounds": [{"ping": 0.10, "tcp_facts": 0.15, "counts": 0.06, "python": 0.02}],
        },
        "profile": [
            {"hosts": 1, "ssh": False, "pipelining": False, "rounds": [{**fast, **slow}]},
            {
                "hosts": 1,
                "ssh": False,
                "pipelining": True,
                "rounds": [{**slow, **fast, "tasks": 6.0}],
            },
        ],
        "gathering": [{"hosts": 20, "rounds": [{"ping": 1.0, "tcp_facts": 1.1, "ss": 1.2}]}],
    }
    page = text(results)
    for line in (
        "| counts | 0.25 | – | 0.25 | 10 | 11 | 11 |",
        "| all CLOSE_WAIT | 1k | 1.1 | – | 2.2 | 2.0 | 0 |",
        "| **counts** | 9 | 0 / 2 | 1 / 4 | 0 |",
        "`tcp_facts` takes 50 ms longer than `ping` (50 to 50);\n10 ms (10 to 10) without",
        "| `tcp_facts` | 60 | 1100 | 1.10 | 1.20 |",
        "| 1, locally | 5.00 (5.00 to 5.00) | 4.00 (4.00 to 4.00) | 9.00 (9.00 to 9.00) | 7.00 (7.00 to 7.00) |",
        "| 7.00 (7.00 to 7.00) | 10.00 / 18.00 |",
        "| 1, locally, pipelining | 5.00 (5.00 to 5.00) | 4.00 (4.00 to 4.00) | 6.00 (6.00 to 6.00) |",
        "| 20 | 1.10 (1.10 to 1.10) | 1.20 (1.20 to 1.20) |",
    ):
        assert line in page, page
    assert "Not measured." not in page
    assert verdicts(results) in page


def reading(asked, source, established, time_wait):
    figures = {"established": established, "time_wait": time_wait, "opens_a_second": 100.0, "sockets": 7}
    return {"asked": asked, "source": source, **figures}


def test_churn_takes_strays_either_way_and_tells_when_the_way_was_another():
    found = summary(
        [
            reading("auto", "counters+netlink", -3, 1),
            reading("exact", "netlink", 50, -100),
            reading("auto", "netlink", 1, 0),
            reading("auto", "counters+netlink", 0, -2),
        ]
    )
    assert found["ways"]["auto"] == {
        "readings": 3,
        "fell_back": 1,
        "established": {"median": 1, "most": 3},
        "time_wait": {"median": 1, "most": 2},
    }
    assert found["ways"]["exact"]["time_wait"] == {"median": 100, "most": 100}
