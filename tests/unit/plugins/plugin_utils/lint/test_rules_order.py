# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

N = "net.ipv4."
FIN, RANGE, START = f"{N}tcp_fin_timeout", f"{N}ip_local_port_range", f"{N}ip_unprivileged_port_start"
PROSE = "Some words before.\nAnd some more of them.\nAnd more.\n"


def verdicts(text, **given):
    return [row["verdict"] for row in engine.lint(text, **given)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{FIN} = 30\n{FIN} = 60", ["ordering", "ok"]),
        (f"{FIN} = 30\n# no more\n{FIN} = 60\n{FIN} = 50", ["ordering", "ordering", "ok"]),
        (f"{FIN} = 30\n{FIN}=0x1e", ["ok", "ok"]),
        (f"{FIN} = 30\nnet/ipv4/tcp_fin_timeout = 60", ["ordering", "ok"]),
        ("net.nf_conntrack_max = 300000\nnet.netfilter.nf_conntrack_max = 400000", ["ordering", "ok"]),
        (f"{FIN} = 65\n{FIN} = 60", ["ordering", "ok"]),
        # An ineffective line overrides nothing.
        (f"{FIN} = 30\n{FIN} = abc", ["ok", "invalid"]),
        (f"{N}tcp_tw_recycle = 0\n{N}tcp_tw_recycle = 1", ["removed", "removed"]),
        ("net.netfilter.nf_conntrack_max = 300000\nnet.ipv4.ip_conntrack_max = 400000", ["ok", "renamed"]),
        (f"{FIN}.x = 30\n{FIN}.x = 60", ["typo", "typo"]),
        # A script runs every line; at a prompt people try values.
        (f"sysctl -w {FIN}=30\nsysctl -w {FIN}=60", ["ordering", "ok"]),
        (f"$ sysctl -w {FIN}=30\n$ sysctl -w {FIN}=60", ["ok", "ok"]),
        (f"{PROSE}{FIN} = 30\nIf that is not enough:\n{FIN} = 60", ["ok", "ok"]),
        (f"{PROSE}{FIN} = 30\n\n{FIN} = 60", ["ordering", "ok"]),
        # Parameters that bound each other.
        (f"{RANGE} = 500 33001\n{START} = 500", ["ordering", "ok"]),
        (f"{START} = 500\n{RANGE} = 500 33001", ["ok", "ok"]),
        (f"{N}ipfrag_low_thresh = 8388608\n{N}ipfrag_high_thresh = 16777216", ["ordering", "ok"]),
        (f"{N}ipfrag_high_thresh = 16777216\n{N}ipfrag_low_thresh = 8388608", ["ok", "ok"]),
    ],
)
def test_verdicts_depend_on_the_order(text, expected):
    reserved = f"\n{N}ip_local_reserved_ports = 3306"
    assert verdicts(text + reserved)[:-1] == expected


def test_message_names_the_line_that_wins():
    first, _second = engine.lint(f"{FIN} = 65\n\n{FIN} = 60")
    assert first["message"] == "overridden: line 3 sets it to 60, and the last line wins"
    assert first["suggestion"] == f"# {FIN} = 65"


def test_old_name_beside_the_new_one_must_be_removed():
    _new, old = engine.lint("net.nf_conntrack_max = 300000\nnet.ipv4.ip_conntrack_max = 400000")
    assert old["message"].endswith("; line 1 sets net.netfilter.nf_conntrack_max")
    assert old["suggestion"] == "# net.ipv4.ip_conntrack_max = 400000"


def test_message_names_the_line_to_move():
    first, _second = engine.lint(f"{RANGE} = 500 33001\n{START} = 500")
    assert f"until line 2 has changed {START}: move that line before this one" in first["message"]


def test_value_of_the_host_is_used():
    facts = {"nettune_sysctl": {"keys": {START: {"value": "500"}}}}
    assert verdicts(f"{RANGE} = 500 33001\n{START} = 400", facts=facts)[0] != "ordering"


LATER = {
    "nettune_sysctl": {
        "keys": {
            "net.ipv4.tcp_fin_timeout": {
                "value": "20",
                "boot_value": "20",
                "boot_source": {"path": "/etc/ufw/sysctl.conf", "line": 2, "program": "ufw"},
            },
            "net.unix.max_dgram_qlen": {
                "value": "512",
                "boot_value": "512",
                "boot_source": {"path": None, "line": None, "program": "systemd (process 1)"},
            },
            "net.core.somaxconn": {
                "value": "512",
                "boot_value": "512",
                "boot_source": {"path": "/proc/cmdline", "line": None, "program": "kernel command line"},
            },
        }
    }
}


def test_program_of_the_host_overrides_the_file_at_boot():
    (row,) = engine.lint("net.ipv4.tcp_fin_timeout = 30\n", facts=LATER)
    assert (row["verdict"], row["message"]) == (
        "ordering",
        "overridden at boot: ufw (/etc/ufw/sysctl.conf:2) sets it to 20 on this host, after the files of sysctl.d",
    )


def test_program_that_sets_the_same_value_or_sets_it_before_the_files():
    for text in ("net.ipv4.tcp_fin_timeout = 20\n", "net.unix.max_dgram_qlen = 1024\n", "net.core.somaxconn = 1024\n"):
        assert "at boot:" not in engine.lint(text, facts=LATER)[0]["message"]
