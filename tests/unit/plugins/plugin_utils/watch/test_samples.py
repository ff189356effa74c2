# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import samples
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.proc_stat import Activity
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.samples import Sample

BUSY = Activity(13750.4, 3174.2, 0.4, 5.1, 94.5)


def sample(activity: Activity | None = None, **states: int) -> Sample:
    return Sample(0.0, {name: states.get(name, 0) for name in tcp_state.NAMES}, activity)


def at(seconds: float, activity: Activity | None = None, **states: int) -> Sample:
    return sample(activity, **states)._replace(at=seconds)


ALL = {name: number for number, name in enumerate(tcp_state.NAMES, start=1)}


@pytest.mark.parametrize(
    ("taken", "wanted"),
    [
        pytest.param(
            [sample(LAST_ACK=5830, ESTABLISHED=6838)], "12668 sockets: ESTABLISHED 6838, LAST_ACK 5830", id="first"
        ),
        pytest.param([sample()], "0 sockets: none", id="first without sockets"),
        pytest.param(
            [at(0, LAST_ACK=5830, ESTABLISHED=6838, LISTEN=2), at(5, BUSY, LAST_ACK=5952, ESTABLISHED=6831, LISTEN=2)],
            "12785 sockets: LAST_ACK 5952 ▁█ +24.4/s, ESTABLISHED 6831 █▁ -1.4/s | in 13750 cs 3174 sy 5%",
            id="two states moved",
        ),
        pytest.param(
            [at(0, LISTEN=2), at(5, BUSY, LISTEN=2)],
            "2 sockets: no change | in 13750 cs 3174 sy 5%",
            id="no state moved",
        ),
        pytest.param(
            [at(0, CLOSE=0), at(5, CLOSE=3), at(10, CLOSE=3)],
            "3 sockets: CLOSE 3 ▁██ 0/s",
            id="moved before",
        ),
        pytest.param([at(0), at(0, CLOSE=3)], "3 sockets: CLOSE 3 ▁█", id="no time has passed"),
        pytest.param(
            [at(5 * number, LISTEN=max(5, number)) for number in range(12)],
            "11 sockets: LISTEN 11 ▁▁▂▃▅▆▇█ +0.2/s",
            id="only the last samples are drawn",
        ),
        pytest.param(
            [at(0), at(1, BUSY, **ALL)],
            "66 sockets: CLOSING 11 ▁█ +11.0/s, LISTEN 10 ▁█ +10.0/s, LAST_ACK 9 ▁█ +9.0/s, and 8 more",
            id="as many states as fit",
        ),
    ],
)
def test_a_line_shows_counts_or_moves(taken: list[Sample], wanted: str) -> None:
    line = samples.line("web1", "14:05:10", taken, width=115)
    assert line == f"14:05:10  web1  {wanted}"
    assert len(line) <= 115


def test_a_line_has_at_least_one_state() -> None:
    line = samples.line("web1", "14:05:10", [at(0), at(1, BUSY, **ALL)], width=40)
    assert line == "14:05:10  web1  66 sockets: CLOSING 11 ▁█ +11.0/s, and 10 more"


def test_a_new_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "samples.csv"
    samples.create(str(path)).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_summary_has_a_row_for_each_state_with_sockets() -> None:
    taken = [sample(LAST_ACK=30), sample(BUSY, LAST_ACK=10, CLOSING=1), sample(BUSY, LAST_ACK=20)]
    rows = samples.summary("web1", taken)
    assert samples.table(rows) == [
        "HOST  WHAT                FIRST  LAST   LEAST  MEDIAN  MOST",
        "web1  LAST_ACK            30     20     10     20      30",
        "web1  CLOSING             0      0      0      0       1",
        "web1  interrupts/s        13750  13750  13750  13750   13750",
        "web1  context switches/s  3174   3174   3174   3174    3174",
        "web1  system %            5      5      5      5       5",
    ]


def test_a_table_without_samples() -> None:
    assert samples.table(samples.summary("web1", [])) == ["no samples"]


def test_a_record_has_all_states_and_activity() -> None:
    row = samples.record("web1", sample(BUSY, LAST_ACK=3))
    assert list(row) == [
        *("time", "host", *tcp_state.NAMES),
        *("interrupts", "switches", "user", "system", "idle"),
    ]
    assert row["time"] == "1970-01-01T00:00:00Z"
    assert (row["host"], row["LAST_ACK"], row["CLOSE"], row["switches"]) == ("web1", 3, 0, 3174.2)
    assert json.loads(samples.rendered("json", row, first=True)) == row


@pytest.mark.parametrize(("form", "lines"), [("json", 2), ("csv", 3)])
def test_rows_are_appended_to_a_file(form: str, lines: int, tmp_path: Path) -> None:
    path = tmp_path / "samples"
    for number in (1, 2):
        samples.append(str(path), samples.record("web1", sample(LAST_ACK=number)), form)
    assert len(path.read_text().splitlines()) == lines


def test_a_csv_file_begins_with_column_names() -> None:
    row: dict[str, Any] = {"time": "t", "host": 'a,"b', "x": None}
    assert samples.rendered("csv", row, first=True) == 'time,host,x\nt,"a,""b",\n'
    assert samples.rendered("csv", row, first=False) == 't,"a,""b",\n'
