# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.merged import Shared, merge, shared


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["626 sockets", "687 sockets", "630 sockets"], "626-687 sockets"),
        (["58.6 % of 1024", "9 % of 1024"], "9-58.6 % of 1024"),
        (["+1.4/s", "-2/s"], "-2 to +1.4/s"),
        (["nginx (PID 7, a.service) leaks", "nginx (PID 8, a.service) leaks"], "nginx (a.service) leaks"),
        (["nginx (PID 7) leaks", "nginx (PID 8 and 3 more) leaks"], "nginx leaks"),
        (["nginx (PID 7) leaks", "nginx (PID 7) leaks"], "nginx leaks"),
        ([f"from 10.0.0.{n} to 10.0.1.1 port 80" for n in (1, 2, 3)], "from 10.0.0.[1-3] to 10.0.1.1 port 80"),
        ([f"at 10.0.{n}.{n}" for n in (1, 2, 3, 4)], "at 10.0.1.1, 10.0.2.2, 10.0.3.3 and 1 more"),
        (["peers ::1 (5), ::2 (1)", "peers ::2 (7)"], "peers ::2 (1-7), ::1 (5)"),
        (
            ["peers " + ", ".join(f"10.0.0.{n} ({n})" for n in (1, 2, 3)), "peers 10.0.0.4 (4)"],
            "peers 10.0.0.4 (4), 10.0.0.3 (3), 10.0.0.2 (2) and 1 more",
        ),
        (["FIN_WAIT2: 3, since Linux 4.12: yes"], "FIN_WAIT2: 3, since Linux 4.12: yes"),
    ],
)
def test_merge(texts, expected):
    assert merge(texts) == expected


def test_sentences_that_differ_in_more_than_numbers_are_not_merged():
    found = shared(
        [("web2", "3 of java"), ("web1", "4 of java"), ("web1", "4 of php"), ("web3", "port 80"), ("web4", "port 81")]
    )
    assert found == [
        Shared(["web1", "web2"], "3-4 of java"),
        Shared(["web1"], "4 of php"),
        Shared(["web3"], "port 80"),
        Shared(["web4"], "port 81"),
    ]
