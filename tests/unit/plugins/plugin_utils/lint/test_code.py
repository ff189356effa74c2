# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings in code: lists, names that are filled in, rules of udev, and sentences about a setting."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

N = "net.ipv4."
RMEM = "4096 131072 33554432"


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        (f"'{N}tcp_rmem' => [ 4096, 131072, 33554432 ],", f"{N}tcp_rmem", RMEM),
        (f"'{N}tcp_rmem' => ['4096', '131072', '33554432'],", f"{N}tcp_rmem", RMEM),
        (f'"{N}tcp_rmem": [4096, 131072, 33554432],', f"{N}tcp_rmem", RMEM),
        ("'kernel.printk' => [ 4, 4, 1, 7 ],", "kernel.printk", "4 4 1 7"),
        ("'kernel.unprivileged_bpf_disabled' => '1',", "kernel.unprivileged_bpf_disabled", "1"),
        ("'net.core.somaxconn' => $backlog,", "net.core.somaxconn", "$backlog"),
        (f'"{N}conf.${{facts[1]}}.rp_filter" => 0,', f"{N}conf.${{facts[1]}}.rp_filter", "0"),
        (f'"{N}conf.#{{nic}}.rp_filter" => 0,', f"{N}conf.#{{nic}}.rp_filter", "0"),
        ('ACTION=="change", SYSCTL{net.core.somaxconn}="8192"', "net.core.somaxconn", "8192"),
    ],
)
def test_value(line, key, value):
    (row,) = engine.check(f"some {{ code\n  more {{\n    {line}\n  }}\n}}\n").rows
    assert (row["line"], row["key"], row["value"], row["verdict"]) == (3, key, value, "ok")
    assert "floor" not in row["message"]


@pytest.mark.parametrize(
    "line",
    [
        'SYSCTL{net.core.somaxconn}=="128", GOTO="end"',
        "'net.core.somaxconn' => lookup('backlog'),",
        "| files = (Optional) The sysctl setting fs.file-max. backlog_x = (Optional) The sysctl setting too",
    ],
)
def test_what_is_no_setting(line):
    assert engine.check(f"some {{ code\n  {line}\n}}\n").rows == []


def test_bound_that_another_block_moves():
    low, high = f"'{N}ipfrag_low_thresh' => '196608',", f"'{N}ipfrag_high_thresh' => '262144',"
    rows = engine.check(f"one {{\n {low}\n}}\ntwo {{\n {high}\n}}\n").rows
    assert [row["verdict"] for row in rows] == ["ok", "lowers"]
    assert [row["verdict"] for row in engine.check(f"one {{\n {high}\n}}\n").rows] == ["invalid"]


@pytest.mark.parametrize(("name", "verdict"), [("bbr2", "ok"), ("bbrplus", "ok"), ("bbr7", "invalid")])
def test_algorithm_from_elsewhere(name, verdict):
    (row,) = engine.lint(f"{N}tcp_congestion_control = {name}")
    assert row["verdict"] == verdict
