# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values are written on a kernel, and which outcomes are disagreements."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.tests.vm import boundaries


def test_probes_are_the_bounds_of_the_kernel_and_their_neighbours():
    assert boundaries.probes(["net/ipv4/tcp_fin_timeout"], "6.1.0-49-amd64").keys() == {"net/ipv4/tcp_fin_timeout"}
    assert boundaries.probes(["net/ipv4/tcp_ecn"], "6.1.0") == {"net/ipv4/tcp_ecn": ["-1", "0", "2", "3"]}
    assert "4096 4096 4096" in boundaries.probes(["net/ipv4/tcp_rmem"], "6.1.0")["net/ipv4/tcp_rmem"]


def test_only_default_stands_for_interfaces():
    paths = [f"net/ipv4/conf/{name}/rp_filter" for name in ("all", "default", "lo", "eth0.100")]
    assert list(boundaries.probes(paths, "6.1.0")) == ["net/ipv4/conf/default/rp_filter"]


@pytest.mark.parametrize("path", ["kernel/pid_max", "net/ipv4/tcp_congestion_control", "fs/file-nr", "fs/no_such_key"])
def test_dangerous_unbounded_read_only_and_unknown_keys_are_not_written(path):
    assert boundaries.probes([path], "6.1.0") == {}


@pytest.mark.parametrize("name", sorted({**boundaries.DANGEROUS, **boundaries.DEPENDENT}))
def test_lists_name_keys_of_the_catalogue(name):
    assert catalogue.find(name) is not None


def found(key, written, outcome, release="6.1.0"):
    return [str(one) for one in boundaries.disagreements({key: {written: outcome}}, release)]


def test_no_disagreement():
    assert found("net/ipv4/tcp_ecn", "2", "2") == []
    assert found("net/ipv4/tcp_ecn", "3", "error EINVAL") == []


def test_a_key_that_could_not_be_read_is_not_compared():
    assert found("net/ipv4/tcp_ecn", "", "error EIO") == []


def test_a_false_alarm():
    refused = "net.ipv4.tcp_ecn = 3: the kernel: 3; "
    assert found("net/ipv4/tcp_ecn", "3", "3") == [
        refused + "sysctl_profile refuses it",
        refused + "sysctl_lint calls it invalid",
    ]


@pytest.mark.parametrize("outcome", ["error EINVAL", "1"])
def test_a_bound_that_is_too_wide(outcome):
    assert found("net/ipv4/tcp_ecn", "2", outcome) == [
        f"net.ipv4.tcp_ecn = 2: the kernel: {outcome}; sysctl_lint, sysctl_profile: no doubt about it"
    ]


def test_a_bound_that_only_some_kernels_of_the_version_have_is_no_disagreement():
    """CONFIG_HZ decides how many seconds fit."""
    assert found("net/ipv4/tcp_keepalive_time", "20000000", "error EINVAL") == []


def test_values_are_written_and_the_old_one_is_back(tmp_path):
    key = tmp_path / "key"
    key.write_text("7\n")
    spec = importlib.util.spec_from_file_location("write_values", boundaries._WRITE)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    outcomes = program.outcomes
    assert outcomes(str(key), ["1", "2"]) == {"1": "1", "2": "2"}
    assert key.read_text() == "7"


def test_a_key_that_the_kernel_does_not_have_is_left_out():
    given = json.dumps({"no/such": ["1"]})
    command = [sys.executable, boundaries._WRITE]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {}
