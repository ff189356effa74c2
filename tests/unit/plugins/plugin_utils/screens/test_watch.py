# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import watch
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import sparkline

ACTIVITY = {"interrupts": 13750.2, "switches": 3174.0, "user": 0.4, "system": 5.1, "idle": 94.5}


@pytest.fixture(autouse=True)
def utf_8(monkeypatch):
    monkeypatch.setattr(sparkline, "characters", lambda: sparkline.BLOCKS)


def watched(length=4, missed=0, **series):
    """Return a result of tcp_watch with a sample every five seconds."""
    rows = [
        {
            **{state: series[state][number] if state in series else 0 for state in tcp_state.NAMES},
            **(ACTIVITY if number else dict.fromkeys(ACTIVITY)),
        }
        for number in range(length)
    ]
    found = {
        "samples": length,
        "missed": missed,
        "seconds": 5.0 * max(0, length - 1),
        "series": rows,
        "interrupted": False,
    }
    return {**found, "changed": False, "output": "/home/me/nettune-watch.csv", "summary": [], "table": []}


LEAK = {"CLOSE_WAIT": [100, 140, 170, 210], "ESTABLISHED": [20, 18, 21, 20]}
DEAD = {"unreachable": True, "msg": "no answer: no route to host"}


def screen(results, **settings):
    hostvars = {host: {"watched": result} for host, result in results.items()}
    return watch.draw(Run(hostvars, list(hostvars), list(hostvars), args={"registered": "watched"}, **settings))


def text(results, **settings):
    return [line.text for line in screen(results, **settings).lines]


def test_one_host():
    assert text({"web1": watched(**LEAK)}) == [
        "HOST  STATE        FIRST  LAST    RATE  OVER TIME",
        "web1  CLOSE_WAIT     100   210  +7.3/s  ▁▄▅█",
        "      ESTABLISHED     20    20     0/s  ▆▁█▆",
        "",
        "4 samples of 1 host in 15 s; states moved on 1",
        "all samples: /home/me/nettune-watch.csv",
    ]


def test_twenty_hosts_that_move_alike_share_rows():
    lines = text({f"web{number}": watched(**LEAK) for number in range(1, 21)})
    assert lines == [
        "HOST                 STATE        FIRST  LAST    RATE  OVER TIME",
        "web[1-20] (20, sum)  CLOSE_WAIT    2000  4200  +147/s  ▁▄▅█",
        "                     ESTABLISHED    400   400     0/s  ▆▁█▆",
        "",
        "80 samples of 20 hosts in 15 s; states moved on 20",
        "all samples: /home/me/nettune-watch.csv",
    ]


def test_the_busiest_come_first_and_others_are_named():
    still = {f"web{number}": watched() for number in range(5, 20)}
    some = {"web1": watched(LAST_ACK=[3, 4, 4, 4]), "web2": watched(missed=2, **LEAK), "db1": DEAD}
    assert text({**some, **still}) == [
        "HOST  STATE        FIRST  LAST      RATE  OVER TIME",
        "web2  CLOSE_WAIT     100   210    +7.3/s  ▁▄▅█",
        "      ESTABLISHED     20    20       0/s  ▆▁█▆",
        "web1  LAST_ACK         3     4  +4.0/min  ▁███",
        "web[5-19]: no state moved",
        "web2: 2 samples missed",
        "db1: unreachable: no answer: no route to host",
        "",
        "68 samples of 17 hosts in 15 s; states moved on 2; 1 host did not answer",
        "all samples: /home/me/nettune-watch.csv",
    ]


def test_the_hosts_that_did_not_answer_fail():
    found = screen({"web1": watched(), "db1": DEAD})
    assert found.failures == {"db1": {"msg": "no answer: no route to host", "unreachable": True}}
    assert [line.severity for line in found.lines] == ["", "critical", "", "critical", ""]


def test_only_so_many_groups_are_shown():
    states = [state for state in tcp_state.NAMES if state != "LISTEN"]
    results = {}
    for number in range(30):
        pair = {states[number % 10]: [0, number, number, 50], states[(number + 1 + number // 10) % 10]: [0, 1, 1, 1]}
        results[f"web{number}"] = watched(**pair)
    lines = text(results)
    assert "(10 more hosts on which less moved)" in lines
    assert len(lines) == 1 + 2 * 20 + 1 + 1 + 2


def test_verbose_has_rows_and_activity_of_each_host():
    lines = text({f"web{number}": watched(**LEAK) for number in (1, 2)}, verbosity=1)
    assert [line.split()[0] for line in lines if "CLOSE_WAIT" in line] == ["web1", "web2"]
    assert "web2  switches/s     3174   3174          ▁▁▁" in lines


@pytest.mark.parametrize("width", [60, 80, 200])
def test_long_sparklines_fit_the_width(width):
    series = {"CLOSE_WAIT": list(range(500)), "TIME_WAIT": list(range(500, 0, -1))}
    lines = text({"www1.example.com": watched(length=500, **series)}, width=width)
    assert max(map(len, lines)) <= width
    assert max(map(len, lines)) == min(width, len("www1.example.com  CLOSE_WAIT  FIRST  LAST    RATE  ") + 48)


def test_an_interrupted_watch_without_samples():
    assert text({"web1": watched(length=0)}) == [
        "web1: no state moved",
        "",
        "0 samples of 1 host in 0 s; no state moved",
        "all samples: /home/me/nettune-watch.csv",
    ]


def test_the_document_and_the_rows():
    found = screen({"web1": watched(LAST_ACK=[3, 4, 4, 6]), "db1": DEAD})
    states = {"LAST_ACK": {"first": 3, "last": 6, "per_second": 0.2}}
    assert found.document["hosts"] == [{"host": "web1", "samples": 4, "missed": 0, "seconds": 15.0, "states": states}]
    assert found.rows[0] == {"host": "web1", "state": "LAST_ACK", **states["LAST_ACK"], "reason": ""}
    assert found.rows[1] == {"host": "db1", "reason": "no answer: no route to host"}
