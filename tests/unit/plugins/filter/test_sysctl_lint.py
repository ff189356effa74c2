# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.sysctl_lint import sysctl_lint

ROOT = Path(__file__).resolve().parents[4]
ROLES = sorted(ROOT.glob("roles/*/defaults/main.yml"))


def verdicts(given, **options):
    return [row["verdict"] for row in sysctl_lint(given, **options)]


@pytest.mark.parametrize(
    "given",
    [
        "net.ipv4.tcp_tw_recycle = 1",
        "a:\n  net.ipv4.tcp_tw_recycle: 1\n",
        {"net.ipv4.tcp_tw_recycle": 1},
        b"net.ipv4.tcp_tw_recycle = 1",
    ],
)
def test_text_yaml_and_dictionaries(given):
    assert verdicts(given) == ["removed"]


def test_kernel_and_facts_decide():
    assert verdicts("net.ipv4.tcp_tw_recycle = 1", kernel="3.10") == ["hazard"]
    assert verdicts("net.ipv4.tcp_tw_recycle = 1", facts={"ansible_kernel": "3.10.0"}) == ["hazard"]


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        (5, {}, "expected text or a dictionary"),
        (None, {}, "expected text or a dictionary"),
        (["net.ipv4.tcp_tw_reuse = 1"], {}, "expected text or a dictionary"),
        ("", {"kernel": "six"}, "kernel is 'six'; expected a release"),
        ("", {"kernel": 3.10}, "quote it"),
        ("", {"facts": ["x"]}, "facts is a list"),
        ("", {"facts": {"x": object()}}, "is not text, a number"),
    ],
)
def test_invalid_values_and_options(given, options, message):
    with pytest.raises(AnsibleFilterError, match=message):
        sysctl_lint(given, **options)


@pytest.mark.parametrize("path", ROLES, ids=lambda path: path.parts[-3])
def test_own_roles_are_ok(path):
    worse = [row for row in sysctl_lint(path.read_text()) if row["verdict"] != "ok"]
    assert not worse


def test_own_roles_are_read():
    assert sum(bool(sysctl_lint(path.read_text())) for path in ROLES) >= 4
