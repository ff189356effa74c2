# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs from run to run in the output of a playbook."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.screens.stable import stable

ERROR = """\
[ERROR]: Task failed: no route
Origin: facts.yml:5:3

5 - name: Gather TCP facts
    ^ column 3

"""


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("until 2027-03-04T05:06:07Z", "until 2026-01-31T12:00:00Z"),
        ("PID 23 on web1, 21 on web2", "PID 4711 on web1, 4711 on web2"),
        ("23:02:10  web1  3 sockets: none", "12:00:00  web1  3 sockets: none"),
        ("no change | in 2532 cs 6656 sy 18%", "no change | in 1000 cs 2000 sy 10%"),
        ('"pages": 378,', '"pages": 17,'),
        ('"conntrack": {\n "buckets": 262144,\n "max": null\n}', '"conntrack": {\n "buckets": 0,\n "max": null\n}'),
        ("tcp_max_tw_buckets lowered from 65536 to 1000", "tcp_max_tw_buckets lowered from 131072 to 1000"),
        ("how bad   0.1 % of its limit of 524288 open files", "how bad   1.5 % of its limit of 20000 open files"),
        ("6 samples of 2 hosts in 2 s; states", "6 samples of 2 hosts in 9 s; states"),
        ("read /tmp/x/lab/hosts", "read /run/lab/hosts"),
        ("trailing   ", "trailing"),
    ],
)
def test_replaces_what_differs(printed: str, expected: str) -> None:
    assert stable(printed, {"/tmp/x/lab": "/run/lab"}) == f"{expected}\n"


def test_sorts_the_results_of_a_task() -> None:
    dead = "fatal: [dead1]: UNREACHABLE! => {}\n...ignoring\n"
    printed = f"TASK [Gather] ***\nok: [web10]\n{ERROR}{dead}ok: [web2]\n\nTASK [Show] ***\nok: [web3]\nok: [web1]\n"
    expected = f"TASK [Gather] ***\n{ERROR}{dead}ok: [web2]\nok: [web10]\n\nTASK [Show] ***\nok: [web1]\nok: [web3]\n"
    assert stable(printed, {}) == expected


def test_keeps_the_order_of_a_hosts_own_lines() -> None:
    printed = "01:00:00  web2  1 sockets\n01:00:00  web1  1 sockets\n01:00:01  web1  2 sockets\nok: [web1]\n"
    printed += "01:00:01  web2  3 sockets\nok: [web2]\n"
    expected = ["web1  1 sockets", "web2  1 sockets", "web1  2 sockets", "web2  3 sockets"]
    lines = stable(printed, {}).splitlines()
    assert lines == [*(f"12:00:00  {line}" for line in expected), "ok: [web1]", "ok: [web2]"]


def test_leaves_other_lines_where_they_are() -> None:
    printed = "HOST  SOCKETS\nweb9  1\nweb1  2\n\n3 sockets on 2 hosts\n"
    assert stable(printed, {}) == printed


def test_leaves_out_the_progress_of_a_trial() -> None:
    printed = "  web1: baseline (1 of 2), 9 s left\n  web1: candidate 30 (1 of 1), 5 s left\nchanged: [web1]\n"
    assert stable(printed, {}) == "changed: [web1]\n"


def test_sorts_the_results_of_the_callback_minimal() -> None:
    first, second = (f'{host} | SUCCESS => {{\n    "changed": false\n}}\n' for host in ("web1", "web2"))
    assert stable(f"{second}{first}", {}) == f"{first}{second}"
