# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen after tasks/main.yml of the role `tuning`: hosts that were changed, and hosts that were not."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.tuned_hosts import (
    FILE,
    ORPHANS,
    RANGE,
    REUSE,
    failed,
    host,
    raised,
    row,
    same,
    screen,
    sysctl,
    texts,
)


def test_twenty_identical_hosts_take_the_lines_of_one():
    def hosts(number):
        return {
            f"web{at}": host(sysctl=sysctl(row(), *same(RANGE)), nofile=raised(at), verified_sysctl=sysctl(*same()))
            for at in range(1, number + 1)
        }

    assert texts(hosts(20)) == [
        "web[1-20]: 1 of 2 kernel parameters changed, 2 open-file limits raised",
        "  KERNEL PARAMETER       BEFORE  AFTER  AT BOOT",
        "  net.ipv4.tcp_tw_reuse  2       1      default -> 1",
        "  OPEN-FILE LIMIT OF           BEFORE     AFTER",
        "  next start of nginx.service  1024:4096  65536:65536",
        "  nginx of nginx.service       1024:4096  65536:65536",
        "  not installed: httpd.service",
        f"  written: {FILE}",
        "",
        "Profile web: 20 hosts changed and verified.",
    ]
    assert len(texts(hosts(1))) == len(texts(hosts(20)))
    assert len(texts(hosts(3), verbosity=1)) == 3 * 9 + 1


def test_values_that_differ_between_hosts_are_not_shown_as_those_of_all():
    hosts = {"web1": host(sysctl=sysctl(row(before="2"))), "web2": host(sysctl=sysctl(row(before="0")))}
    assert "  net.ipv4.tcp_tw_reuse  (differs)  1      default -> 1" in texts(hosts)


def test_check_mode_says_would():
    lines = texts({"web1": host(sysctl=sysctl(), nofile=raised(1))}, check_mode=True)
    assert lines[0] == "web1: would change 1 of 1 kernel parameter, would raise 2 open-file limits"
    assert f"  would write: {FILE}" in lines
    assert lines[-1] == "Profile web: 1 host would change."


def test_an_unchanged_host_has_one_line_and_the_summary_says_what_was_not_done():
    skipped = row("fs.file-max", "1", "1", (None, None), "skipped", reason="fs.file-max: host-wide: not in a container")
    result = host(
        {"tuning_persistent": False},
        sysctl=sysctl(*same(), skipped, changed=False, files=()),
        nofile={**raised(1), "changed": False, "processes": [], "services": raised(1)["services"][1:]},
    )
    assert texts({"web1": result}) == [
        "web1: 1 kernel parameter unchanged, 1 skipped",
        "  skipped: fs.file-max: host-wide: not in a container",
        "",
        "Profile web: 1 host unchanged; 1 kernel parameter skipped; its only service is",
        "not installed; no open-file limit raised; until the next reboot.",
    ]


def test_a_remedy_that_is_no_longer_given_is_named():
    dropped = row(ORPHANS, "2", "8", ("2", None), requested=None)
    lines = texts({"web1": host(sysctl=sysctl(*same(), dropped))}, width=100)
    assert lines[0] == "web1: 1 kernel parameter unchanged, 1 restored"
    assert f"  tuning_remedies: orphans no longer given: {ORPHANS} 2 -> 8 (original)" in lines
    kept = texts({"web1": host(sysctl=sysctl(*same(), row(ORPHANS, "5", "8", ("5", None), requested=None)))})
    assert f"  no longer in the profile: {ORPHANS} 5 -> 8 (original)" in kept


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (
            failed("1 of 1 settings refused: hazard x; to accept it, set accept_hazards: [x]", settings=[row()]),
            "tuning_acc",
        ),
        (
            failed(
                "k; use the same value in both profiles",
                settings=[row()],
                conflicts=[{"key": REUSE, "profile": "mail", "value": "0"}],
            ),
            f'k. To settle it, set tuning_overrides: {{"{REUSE}": 0}} for this host: both roles then use it.',
        ),
        (failed("k", hazards=[{"hazard": "memory", "accepted": False}]), "k, or lower tuning_role_connections."),
        (failed("cannot become root with sudo: a password is required. Pass it."), "cannot become root"),
    ],
)
def test_a_refusal_names_the_next_step_and_fails_the_host(result, sentence):
    found = screen({"web1": host(sysctl=result)})
    assert sentence in found.failures["web1"]["msg"]
    assert not found.failures["web1"]["unreachable"]
    assert " ".join(line.text.strip() for line in found.lines).startswith(f"web1: {found.failures['web1']['msg']}")


def test_hosts_without_a_result():
    hosts = {
        "web1": host(sysctl={"unreachable": True, "msg": "no route"}),
        "web2": host(sysctl=sysctl(), nofile=failed("no PAM")),
        "web3": {},
        "db1": {"__tuning": {"skipped": True}},
        "mail1": host({"tuning_profile": "mail"}, sysctl=sysctl()),
    }
    found = screen(hosts, active=["web1", "web2", "db1"])
    assert found.failures["web1"] == {"msg": "unreachable: no route.", "unreachable": True}
    assert found.failures["web2"]["msg"] == "open-file limits: no PAM. The kernel parameters were applied."
    assert "mail1, web3: not tuned: unreachable or failed before" in [line.text for line in found.lines]
    assert found.lines[-1].text == "Profile web: 1 host unreachable, 1 host failed, 2 hosts not tuned."
    assert [one["host"] for one in found.document["missing"]] == ["web1", "web3", "mail1"]
    assert {each["host"] for each in found.rows} == {"web1", "web2", "web3", "mail1"}


def test_an_earlier_batch_is_shown_only_if_one_of_its_hosts_failed():
    good, bad = host(sysctl=sysctl(*same(), changed=False)), host(sysctl=failed("no"))
    assert texts({"web1": good, "web2": good}, batch=["web1"]) == []
    assert texts({"web1": bad, "web2": good}, batch=["web1"])[-1] == "Profile web: 1 host failed."
    assert texts({"web1": good, "web2": good}, batch=["web2"])[0] == "web1, web2: 1 kernel parameter unchanged"


def test_a_host_alone_has_one_line():
    hosts = {"web1": host(sysctl=sysctl()), "web2": host(sysctl=sysctl())}
    assert texts(hosts, batch=["web2"], alone=True) == ["web2: 1 of 1 kernel parameter changed"]


def test_with_strategy_free_the_line_of_a_host_says_what_was_not_done():
    skipped = row("fs.file-max", "1", "1", (None, None), "skipped", reason="fs.file-max: host-wide: not in a container")
    limits = {**raised(1), "processes": [], "services": raised(1)["services"][1:]}
    hosts = {"web1": host(sysctl=sysctl(row(), skipped), nofile=limits)}
    assert texts(hosts, alone=True) == [
        "web1: 1 of 2 kernel parameters changed, 1 skipped; its only service is not",
        "  installed; no open-file limit raised",
    ]
