# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page, its goals and figures, and the summary of churn."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.bench.churn import summary
from ansible_collections.nettune.tcp.tests.bench.figures import (
    Ratio,
    beyond_interpreter,
    difference,
    ratio,
    slope,
    slopes,
    typical,
    usual,
)
from ansible_collections.nettune.tcp.tests.bench.goals import Goal, goals
from ansible_collections.nettune.tcp.tests.bench.load import total
from ansible_collections.nettune.tcp.tests.bench.markdown import figure, precise, size, spread, table
from ansible_collections.nettune.tcp.tests.bench.report import LOAD_HEADING, text, verdicts, with_section

MACHINE = {"kernel": "6.18", "processors": "2 processors (a model)", "memory_gib": 24, "python": "3.11.2", "load": 0.5}


def phase(kind, **figures):
    usual = {"seconds": 10.0, "runs": 0, "opened": 50_000, "failed": 0, "slow": 0, "longest_ms": 9, "live": 100_000}
    return {"phase": kind, **usual, "lost": 0, **figures}


LOAD = {
    "machine": MACHINE,
    "size": {"live": 100_000, "rate": 5_000, "interval": 10},
    "sockets": {"inuse": 100_100, "tw": 299_000},
    "phases": [
        phase("control"),
        phase("ours", runs=1, failed=1, longest_ms=900),
        phase("control"),
        phase("ours", runs=2, lost=2, slow=4),
        phase("gathering", runs=1),
    ],
    "cpu": [{"ping": 0.1, "tcp_facts": 0.15}],
}


def took(seconds, mebibytes=1.0, count_difference=None):
    row = {"seconds": seconds, "cpu_seconds": seconds, "rss_kib": mebibytes * 1024}
    return row if count_difference is None else {**row, "count_difference": count_difference}


def entry(size, *, mix="web", **rows):
    """Return an entry of three rounds; the second took twice as long for all programs."""
    rounds = [{n: {**row, "seconds": row["seconds"] * by} for n, row in rows.items()} for by in (1, 2, 1)]
    return {"mix": mix, "size": size, "labels": {name: name for name in rows}, "failed": {}, "rounds": rounds}


def million(counts=0.25):
    rows = {
        "floor": took(1.0),
        "python": took(0.02, 8),
        "counts": took(counts, 11, count_difference=0),
        "ss": took(2.5, count_difference=3),
    }
    return entry(1_000_000, **rows)


def goal(results, what):
    return next(one for one in goals(results) if one.what == what)


@pytest.mark.parametrize(("counts", "verdict"), [(0.25, "reached"), (0.254, "reached"), (0.26, "**missed**")])
def test_a_goal_is_compared_with_the_median_of_ratios(counts, verdict):
    one = goal({"counting": [million(counts)]}, "counts, 1M sockets")
    assert one.value == pytest.approx(counts)
    assert one.verdict == verdict


def test_a_lower_bound():
    results = {"counting": [million()]}
    assert goal(results, "counts, 1M: `ss -tan`, awk takes").verdict == "reached"
    assert Goal("x", 8, " ×", 7.99, least=True).verdict == "**missed**"


def test_a_goal_without_a_measurement():
    assert {one.verdict for one in goals({})} == {"not measured"}
    assert goal({"counting": [million()]}, "exact, 1M").value is None


def test_memory_beyond_the_interpreter():
    assert beyond_interpreter(million(), "counts") == pytest.approx(3)
    assert beyond_interpreter(million(), "ports") is None


def test_slope_as_a_multiple_of_the_floor():
    results = {
        "counting": [
            entry(1000, floor=took(1.0), counts=took(0.5)),
            entry(3000, floor=took(3.0), counts=took(1.0)),
            entry(3000, mix="empty", floor=took(9.0)),
        ]
    }
    assert list(usual(results)) == [1000, 3000]
    assert slopes(results, "counts") == pytest.approx(0.25)


def test_a_page_without_measurements():
    page = text({"machine": MACHINE})
    assert page.count("Not measured.") == 8
    assert "$" not in page


def test_a_whole_page():
    payloads = {
        "ping": {"bytes": 1000, "files": 50, "parts": {"ansible-core": 950, "the module": 50}},
        "tcp_facts": {"bytes": 1100, "files": 60, "parts": {"ansible-core": 950, "_tcp": 100, "the module": 50}},
    }
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
        "counting": [million(), entry(1_000_000, mix="empty", floor=took(0.1), counts=took(0.1, count_difference=0))],
        "mixes": [entry(1000, mix="close_wait", floor=took(1.0), counts=took(1.1, count_difference=0), ss=took(2.2))],
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
        "load": LOAD,
    }
    page = text(results)
    for line in (
        "| counts | 0.25 | – | 0.25 | 10 | 11 | 11 |",
        "| all CLOSE_WAIT | 1k | 1.1 | – | 2.2 | 2.0 | 0 |",
        "| **counts** | 9 | 0 / 2 | 1 / 4 | 0 |",
        "| `_tcp` | – | 0.10 |",
        "`tcp_facts` takes 50 ms longer than `ping` (50 to 50);\n10 ms (10 to 10) without",
        "| `tcp_facts` | 60 | 1100 | 1.10 | 1.20 |",
        "| 1, locally | 5.00 (5.00 to 5.00) | 4.00 (4.00 to 4.00) | 9.00 (9.00 to 9.00) | 7.00 (7.00 to 7.00) |",
        "| 7.00 (7.00 to 7.00) | 10.00 / 18.00 |",
        "| 1, locally, pipelining | 5.00 (5.00 to 5.00) | 4.00 (4.00 to 4.00) | 6.00 (6.00 to 6.00) |",
        "| 20 | 1.10 (1.10 to 1.10) | 1.20 (1.20 to 1.20) |",
        "100,000 connections live, and 5,000 come and go each second;",
        "| connections that failed during our work | ≤ 0 | 3.00 | **missed** |",
        "| `tcp_facts` every 10 s, beyond `ping` | ≤ 1 % of a CPU | 0.50 | reached |",
        "| apply, verify, gather, revert | 20 | 3 | 5000 | 1 | 2 | 4 | 900 |",
        "| `ping` | 100 | – |",
        "| `tcp_facts` | 150 | 0.50 (0.50 to 0.50) |",
    ):
        assert line in page, page
    assert page.count("Not measured.") == 1  # fleets, see test_fleet.py
    assert verdicts(results) in page


def test_the_section_of_the_load_alone_is_renewed():
    page = text({"machine": MACHINE})
    renewed = with_section(page, {"machine": MACHINE, "load": LOAD}, LOAD_HEADING)
    assert renewed.count("Not measured.") == 7
    assert "100,000 connections live" in renewed
    assert with_section(renewed, {"machine": MACHINE}, LOAD_HEADING) == page


def test_figures_of_clients_are_summed_except_for_times():
    rows = [{"opened": 2, "longest_ms": 5}, {"opened": 3, "longest_ms": 4}]
    assert total(rows) == {"opened": 5, "longest_ms": 5}


def reading(asked, source, established, time_wait):
    figures = {"established": established, "time_wait": time_wait, "opens_a_second": 100.0, "sockets": 7}
    return {"asked": asked, "source": source, **figures}


def test_churn_summarises_absolute_errors_and_other_sources():
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


# In the second round the machine was busy, and in the last one b did not run.
ROUNDS = [{"a": 3.0, "b": 1.0}, {"a": 40.0, "b": 10.0}, {"a": 5.0, "b": 1.0}, {"a": 900.0}]


def test_ratios_and_differences_are_taken_within_each_round():
    assert ratio(ROUNDS, "a", "b") == Ratio(median=4.0, low=3.5, high=4.5, pairs=3)
    assert difference(ROUNDS, "a", "b") == Ratio(median=4.0, low=3.0, high=17.0, pairs=3)
    assert ratio([{"a": 2.0, "b": 4.0}], "a", "b") == Ratio(0.5, 0.5, 0.5, 1)


@pytest.mark.parametrize("rounds", [[], [{"a": 1.0}], [{"a": 1.0}, {"b": 1.0}]])
def test_without_a_common_round_there_is_no_ratio(rounds):
    assert ratio(rounds, "a", "b") is None
    assert difference(rounds, "a", "b") is None


def test_division_by_zero_is_avoided():
    assert ratio([{"a": 1.0, "b": 0.0}], "a", "b") is None


def test_typical_is_the_median_of_the_rounds_with_a_value():
    assert typical(ROUNDS, "b") == 1.0
    assert typical(ROUNDS, "c") is None


@pytest.mark.parametrize(
    ("points", "expected"), [({10: 1.0, 20: 3.0}, 0.2), ({1: 5.0, 2: 5.0, 3: 5.0}, 0.0), ({10: 1.0}, None), ({}, None)]
)
def test_slope(points, expected):
    assert slope(points) == (expected if expected is None else pytest.approx(expected))


def test_table():
    assert table(["× floor", "10k"], [["counts", "0.24"], ["`ss | awk`", "2.3"]]) == (
        "| × floor | 10k |\n| --- | ---: |\n| counts | 0.24 |\n| `ss \\| awk` | 2.3 |\n"
    )
    with pytest.raises(ValueError, match="as many cells as the head, 2"):
        table(["a", "b"], [["1", "2"], ["1"]])


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (0.244, "0.24"), (0.994, "0.99"), (0.996, "1.0"), (9.94, "9.9"), (9.96, "10"), (109.4, "109")],
)
def test_figure(value, shown):
    assert figure(value) == shown


def test_values_compared_with_a_bound_have_two_decimals():
    assert [precise(1.3549), precise(None)] == ["1.35", "–"]
    assert spread(Ratio(8.5, 8.25, 9, 3)) == "8.50 (8.25 to 9.00)"
    assert spread(None) == "–"


@pytest.mark.parametrize(
    ("number", "shown"), [(500, "500"), (10_000, "10k"), (1_500, "1500"), (1_000_000, "1M"), (1_500_000, "1500k")]
)
def test_size(number, shown):
    assert size(number) == shown
