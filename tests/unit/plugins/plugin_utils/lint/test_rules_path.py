# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

TIME = "net.ipv4.tcp_keepalive_time"
CONNTRACK = "net.netfilter.nf_conntrack_tcp_timeout_established"


def judged(seconds, text="", **options):
    return engine.lint(f"{TIME} = {seconds}\n{text}", **options)[0]


def with_conntrack(seconds):
    return {"nettune_sysctl": {"keys": {CONNTRACK: {"value": str(seconds)}}}}


@pytest.mark.parametrize(
    ("seconds", "timeout", "better"), [(1800, 350, 300), (350, 350, 300), (600, 240, 205), (7200, 600, 514)]
)
def test_keepalive_that_is_too_late_for_the_path(seconds, timeout, better):
    row = judged(seconds, idle_timeout=timeout)
    assert (row["verdict"], row["suggestion"]) == ("no_effect", f"{TIME} = {better}")
    assert f"after {timeout} s" in row["message"]
    assert f"after {seconds} s" in row["message"]
    assert judged(better, idle_timeout=timeout)["verdict"] == "ok"


@pytest.mark.parametrize("seconds", [30, 60, 349])
def test_keepalive_that_is_in_time(seconds):
    row = judged(seconds, idle_timeout=350)
    assert row["verdict"] == "ok"
    assert "AWS" not in row["message"]


@pytest.mark.parametrize("seconds", [240, 1800, 7200])
def test_an_unknown_path_is_a_note(seconds):
    row = judged(seconds)
    assert (row["verdict"], row["suggestion"]) == ("ok", "")
    assert all(number in row["message"] for number in ("350", "240", "600"))


def test_a_short_time_needs_no_note():
    assert "AWS" not in judged(200)["message"]


def test_connection_tracking_of_the_host():
    assert judged(1800, facts=with_conntrack(600))["verdict"] == "no_effect"
    assert judged(1800, facts=with_conntrack(432000))["verdict"] == "ok"
    assert judged(1800, f"{CONNTRACK} = 7200", facts=with_conntrack(600))["verdict"] == "ok"


def test_both_timeouts_are_known():
    assert "after 240 s" in judged(300, idle_timeout=240, facts=with_conntrack(600))["message"]
    assert "after 600 s" in judged(900, idle_timeout=1200, facts=with_conntrack(600))["message"]


@pytest.mark.parametrize("given", ["5m", -1, 3.5, True])
def test_a_timeout_that_is_refused(given):
    with pytest.raises(InvalidOption, match="idle_timeout is .*; it must be a number of seconds"):
        judged(60, idle_timeout=given)
