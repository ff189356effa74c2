# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verification of a profile: drift, limits that the host does not allow, and runs that change nothing."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.tuned_hosts import (
    FILE,
    HIGH,
    LOW,
    REUSE,
    failed,
    host,
    nofile,
    row,
    same,
    screen,
    sysctl,
    texts,
)

SKIPPED = {"changed": False, "skipped": True}
REFUSED_LIMIT = {
    "what": "nginx[7,8] of nginx.service",
    "expected": HIGH,
    "found": LOW,
    "effect": "refused",
    "reason": "cannot raise the hard limit without CAP_SYS_RESOURCE",
    "remedy": "grant CAP_SYS_RESOURCE",
}


def unchanged(row_=None, **more):
    """Return a host on which applying changed nothing, so that the role skipped the verification."""
    found = sysctl(*([row_] if row_ else same()), changed=False, files=())
    return host(**{"sysctl": found, "nofile": nofile(), "verified_sysctl": SKIPPED, "verified_nofile": SKIPPED, **more})


def test_drift_fails_the_host():
    verified = sysctl(row(boot=("1", "1"), before="0", after="1"))
    found = screen({"web1": host(sysctl=sysctl(*same(), changed=False), verified_sysctl=verified)})
    assert found.failures["web1"]["msg"] == f"drifted from profile web: 1 difference ({REUSE})"
    assert found.lines[2].text == "  net.ipv4.tcp_tw_reuse  1         0        1        running value differs"
    assert found.lines[-1].text == "Profile web: 1 host drifted."


def test_a_run_that_changes_nothing_has_verified_the_profile():
    assert texts({"web1": unchanged()})[-1].startswith("Profile web: 1 host unchanged and verified;")


def test_a_run_that_changes_nothing_finds_what_overrides_the_profile_at_boot():
    shadowed = row(boot=("0", "0"), status="shadowed", before="1", reason="zz.conf:1 sets 0 at boot")
    found = screen({"web1": unchanged(shadowed)})
    assert found.failures["web1"]["msg"] == f"will drift from profile web at the next boot: 1 difference ({REUSE})"


def test_a_run_that_changes_nothing_finds_limits_that_the_host_does_not_allow():
    found = screen({"web1": unchanged(nofile=nofile(refused=[REFUSED_LIMIT]))})
    assert found.failures["web1"]["msg"].startswith("limits not reached: nginx of nginx.service: 1024:4096 instead")


@pytest.mark.parametrize("left_out", ["nofile", "verified_sysctl"])
def test_nothing_is_verified_without_both_modules_and_the_tag(left_out):
    found = unchanged()
    del found[f"__tuning_{left_out}"]
    assert "verified" not in texts({"web1": found})[-1]


def test_check_mode_verifies_nothing():
    assert "verified" not in texts({"web1": unchanged()}, check_mode=True)[-1]


def test_a_long_reason_follows_the_table_of_differences():
    reason = "/etc/sysctl.d/zz.conf:1 sets 0 at boot, after our file; set take_over: true to comment that line out"
    shadowed = sysctl(row(boot=("0", "0"), status="shadowed", before="1", reason=reason))
    assert texts({"web1": host(sysctl=shadowed, verified_sysctl=shadowed)}) == [
        "web1: will drift from profile web at the next boot: 1 difference",
        "  (net.ipv4.tcp_tw_reuse)",
        "  WHAT                   EXPECTED  RUNNING  AT BOOT",
        "  net.ipv4.tcp_tw_reuse  1         1        0",
        "  net.ipv4.tcp_tw_reuse: /etc/sysctl.d/zz.conf:1 sets 0 at boot, after our file;",
        "    set tuning_take_over: true to comment that line out",
        f"  written: {FILE}",
        "",
        "Profile web: 1 host will drift at the next boot.",
    ]


@pytest.mark.parametrize("best_effort", [False, True])
def test_limits_that_the_host_does_not_allow(best_effort):
    limits = nofile(refused=[REFUSED_LIMIT])
    options = {"tuning_nofile_best_effort": best_effort}
    result = host(
        options,
        sysctl=sysctl(*same(), changed=False),
        nofile=limits,
        verified_sysctl=sysctl(*same()),
        verified_nofile=limits,
    )
    found = screen({"web1": result}, width=200)
    text = (
        "nginx of nginx.service: 1024:4096 instead of 65536:65536: cannot raise the hard limit without CAP_SYS_RESOURCE"
    )
    if best_effort:
        assert not found.failures
        assert f"  not reached: {text}" in [line.text for line in found.lines]
        assert "1 open-file limit not reached" in found.lines[-1].text
    else:
        assert found.failures["web1"]["msg"] == (
            f"limits not reached: {text}. Grant CAP_SYS_RESOURCE or raise the container's hard limit,"
            " lower web_nofile, or accept it with tuning_nofile_best_effort: true."
        )


def test_the_entry_point_verify():
    hosts = {
        "web1": host(verified_sysctl=sysctl(*same())),
        "web2": host(verified_sysctl=failed("k", settings=[row()])),
    }
    found = screen(hosts, entry="verify")
    assert found.lines[0].text == "web1: 1 kernel parameter verified"
    assert found.failures == {"web2": {"msg": "not verified: k.", "unreachable": False}}


def test_a_profile_that_was_never_applied_has_not_drifted():
    hosts = {
        f"web{at}": host(verified_sysctl=sysctl(applied=at == 1), verified_nofile=nofile(applied=False))
        for at in range(1, 4)
    }
    found = screen(hosts, entry="verify")
    sentence = "profile web has not been applied to this host; to apply it, run the role with all its phases"
    assert found.failures["web2"] == {"msg": sentence, "unreachable": False}
    assert found.failures["web1"]["msg"].startswith("drifted from profile web")
    assert [line.text for line in found.lines][-4:] == [
        "web2, web3: profile web has not been applied to this host; to apply it, run the",
        "  role with all its phases",
        "",
        "Profile web: 1 host drifted, 2 hosts without the profile.",
    ]
