# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs on fleets: growth per host, projections, goals, the section of the page, and what a run must have done."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.bench.fleet import figures, page
from ansible_collections.nettune.tcp.tests.bench.fleet.ways import WAYS, Way, WrongResult

MACHINE = {"kernel": "6.18", "processors": "2 processors (a model)", "memory_gib": 24, "python": "3.11.2", "load": 0.5}
RECAP = "PLAY RECAP *****\n"
LINE = "{host} : ok=2 changed={changed} unreachable=0 failed={failed} skipped=0 rescued=0 ignored=0\n"


def cost(hosts, *, by=1.0):
    """Return the cost of a run that grows with the number of hosts."""
    return {
        "seconds": by * (2 + hosts),
        "controller_cpu": by * (1 + 0.2 * hosts),
        "hosts_cpu": by * 0.3 * hosts,
        "main_kib": 50_000 + 40 * hosts,
        "sum_kib": 90_000 + 50 * hosts,
        "sent": round(by * 100_000 * hosts),
        "received": 1,
    }


def entry(hosts, *, rounds=1, **ways):
    row = {name: cost(hosts, by=by) for name, by in {"ping": 1, **ways}.items()}
    return {"hosts": hosts, "rounds": [row] * rounds, "load": 3.2}


def fleet(*sizes, **ways):
    run = {"seconds": 40.0, "cpu_seconds": 9.0, "rss_kib": 200_000, "bytes": 4_100_000}
    recorded = {"hosts": 5000, "runs": {"report": run, "diagnose": run}}
    return {"machine": MACHINE, "sizes": {str(one): entry(one, **ways) for one in sizes}, "recorded": recorded}


def test_a_line_through_the_sizes():
    line = figures.line(fleet(20, 50, 200), "ping", "controller_cpu")
    assert line.fixed == pytest.approx(1)
    assert line.per_host == pytest.approx(0.2)
    assert line.at(5000) == pytest.approx(1001)
    assert figures.line(fleet(20), "ping", "controller_cpu") is None
    assert figures.line(fleet(20, 50), "facts", "controller_cpu") is None


def test_sizes_are_in_order_of_their_numbers():
    assert list(figures.entries(fleet(200, 50, 1000))) == [50, 200, 1000]


def test_the_largest_size_is_compared_with_the_projection_from_the_others():
    found = fleet(20, 50, 400)
    assert figures.missed_by(found, "ping", "controller_cpu") == (400, pytest.approx(1))
    found["sizes"]["400"]["rounds"][0]["ping"]["controller_cpu"] = 162.0
    assert figures.missed_by(found, "ping", "controller_cpu") == (400, pytest.approx(2))
    assert figures.missed_by(fleet(20, 50), "ping", "controller_cpu") is None


def test_ratios_are_taken_within_each_round():
    found = fleet(50, facts=1.04)
    found["sizes"]["50"]["rounds"] *= 2
    assert figures.to_trivial(found, 50, "facts", "processor") == pytest.approx(1.04)
    assert figures.to_trivial(found, 50, "verify", "processor") is None
    assert figures.to_trivial(found, 200, "facts", "processor") is None


def test_goals():
    verdicts = {goal.what: goal.verdict for goal in figures.goals(fleet(20, 50, facts=1.04, verify=2.2))}
    assert verdicts["`facts.yml`, 50 hosts"] == "reached"
    assert verdicts["`facts.yml`, 200 hosts"] == "not measured"
    assert verdicts["`verify.yml`, 50 hosts"] == "**missed**"
    assert verdicts["controller's memory for one more host, `facts.yml`"] == "reached"
    assert verdicts["report of 5,000 recorded hosts, memory"] == "reached"


def test_the_section_of_the_page():
    found = fleet(20, 50, 200, 400, facts=1.04, verify=2)
    del found["sizes"]["400"]["rounds"][0]["verify"]
    text = page.text({"fleet": found})
    assert "| 20 hosts | seconds |" in text
    assert "| `facts.yml` | 23 | 5.2 | 6.2 | 1.04 | **1.04** | 50 | 89 | 104 | 1.04 |" in text
    assert "Rounds: 1, load average at the end: 3." in text
    assert "| `ping` | 200 | 41 | 100 | 17 | 244 | 500 | 400: 1.00 / 1.00 / 1.00 |" in text
    assert "| `verify.yml` | 400 | 41 | 200 | 33 | 244 | 1000 | 200: 1.00 / 1.00 / 1.00 |" in text
    assert "| `report.yml` | 40 | 9.0 | 205 | 4.1 |" in text


def test_a_page_of_one_size():
    found = fleet(20)
    del found["recorded"]
    text = page.text({"fleet": found})
    assert "Growth: measured for one number of hosts only." in text
    assert "Playbooks with a recording: not measured." in text


def recap(*hosts, changed=0, failed=0):
    return RECAP + "".join(LINE.format(host=host, changed=changed, failed=failed) for host in hosts)


def test_every_host_has_to_be_ok(tmp_path):
    way = Way("ping", "`ping`", [])
    way.check(recap("web1", "web2"), ["web1", "web2"], tmp_path)
    with pytest.raises(WrongResult, match="web2 is not ok"):
        way.check(recap("web1"), ["web1", "web2"], tmp_path)
    with pytest.raises(WrongResult, match="web1 is not ok"):
        way.check(recap("web1", failed=1), ["web1"], tmp_path)


@pytest.mark.parametrize("changes", [True, False])
def test_every_host_has_to_change_or_none(tmp_path, changes):
    way = Way("tune", "tune", "tune-web", changes=changes)
    way.check(recap("web1", changed=int(changes)), ["web1"], tmp_path)
    with pytest.raises(WrongResult, match="web1 has"):
        way.check(recap("web1", changed=int(not changes)), ["web1"], tmp_path)


def test_the_written_file_has_to_name_every_host(tmp_path):
    way = Way("facts", "facts", "facts", writes=".json")
    way.written(tmp_path).write_text('[{"host": "web1"}]')
    way.check(recap("web1"), ["web1"], tmp_path)
    with pytest.raises(WrongResult, match="does not name web2"):
        way.check(recap("web1", "web2"), ["web1", "web2"], tmp_path)
    assert way.arguments(tmp_path) == ["-e", f"nettune_output={tmp_path}/facts.json"]


def test_the_playbooks_exist():
    paths = [way.playbook() for way in WAYS if isinstance(way.plays, str)]
    assert len(paths) == 7
    assert all(path.exists() for path in paths)
