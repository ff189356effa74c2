# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._verify.differences import NEXT_BOOT, Difference
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.drift import NO_PROFILE, draw, lines, table_of
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import CRITICAL, OK, WARNING
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run

DRIFT = {"profile": "web", **Difference("k", "1", "2", "1", "running value differs")._asdict()}
AT_BOOT = {
    "profile": "web",
    **Difference("b", "1", "1", "0", "/etc/z.conf:3 wins; set take_over: true", NEXT_BOOT)._asdict(),
}
WEB = [{"name": "web"}]
GOOD = {"host": "good", "profiles": WEB, "drift": []}
DRIFTED = {"host": "drifted", "profiles": WEB, "drift": [AT_BOOT, DRIFT]}
BARE = {"host": "bare", "profiles": [], "drift": []}
UNKNOWN_FILE = {"host": "strange", "profiles": [], "drift": [DRIFT]}
DEAD = {"host": "dead", "unreachable": True, "reason": "Connection refused"}
BROKEN = {"host": "broken", "unreachable": False, "reason": "no python"}


@pytest.mark.parametrize(
    ("hosts", "missing", "summary"),
    [
        ([GOOD], [], "1 host: 1 without drift"),
        ([GOOD, BARE], [], "2 hosts: 1 without drift, 1 without a profile"),
        ([GOOD, DRIFTED], [], "2 hosts: 1 without drift, 1 drifted"),
        ([{**DRIFTED, "drift": [AT_BOOT]}], [], "1 host: 1 will drift at the next boot"),
        ([UNKNOWN_FILE], [], "1 host: 1 drifted"),
        ([GOOD], [DEAD], "2 hosts: 1 without drift, 1 unreachable"),
        ([], [BROKEN], "1 host: 1 failed"),
    ],
)
def test_summary(hosts, missing, summary):
    assert lines({"hosts": hosts, "missing": missing})[-1] == summary


def test_one_table_of_all_hosts():
    drawn = lines({"hosts": [BARE, DRIFTED, GOOD], "missing": [DEAD, BROKEN]})
    assert drawn == [
        "HOST     PROFILE  WHAT  EXPECTED  FOUND  WHEN       REASON",
        "drifted  web      k     1         2      now        running value differs",
        "drifted  web      b     1         0      next boot  /etc/z.conf:3 wins; set take_over: true",
        "dead: unreachable: Connection refused",
        "broken: failed: no python",
        "good: no drift",
        "bare: no profile",
        "",
        "5 hosts: 1 without drift, 1 drifted, 1 unreachable, 1 failed, 1 without a profile",
    ]


def test_no_table_without_drift():
    assert lines({"hosts": [GOOD], "missing": []}) == ["good: no drift", "", "1 host: 1 without drift"]
    assert lines([]) == []


def test_rows_of_one_host():
    header, row = lines([DRIFT])
    assert header.split()[0] == "WHAT"
    assert row.split()[:4] == ["k", "1", "2", "now"]


def test_hosts_with_the_same_drift_share_rows():
    hosts = [{"host": f"web{number}", "profiles": WEB, "drift": [DRIFT]} for number in range(1, 20)]
    hosts.append({"host": "web20", "profiles": WEB, "drift": [DRIFT, AT_BOOT]})
    drawn = table_of({"hosts": hosts, "missing": []}, width=100, each=False)
    assert [line.text for line in drawn] == [
        "HOST       PROFILE  WHAT  EXPECTED  FOUND  WHEN       REASON",
        "web[1-20]  web      k     1         2      now        running value differs",
        "web20      web      b     1         0      next boot  /etc/z.conf:3 wins; set take_over: true",
        "",
        "20 hosts: 20 drifted",
    ]
    assert [line.severity for line in drawn] == ["", CRITICAL, WARNING, "", CRITICAL]
    assert len(table_of({"hosts": hosts, "missing": []}, width=100, each=True)) == 24


def test_what_could_not_be_read_is_named():
    partial = [{"what": "open-file limits", "reason": "needs root"}]
    hosts = [{**GOOD, "host": f"web{number}", "partial": partial} for number in (1, 2, 3)]
    drawn = table_of({"hosts": hosts, "missing": []}, width=80, each=False)
    assert [(line.text, line.severity) for line in drawn][:2] == [
        ("web[1-3]: no drift", OK),
        ("web[1-3]: not checked: open-file limits: needs root", WARNING),
    ]


def screen(results, **options):
    hostvars = {name: {"got": result} for name, result in results.items()}
    return draw(Run(hostvars, list(results), list(results), args={"registered": "got", "options": options}))


def result(host, **more):
    return {key: value for key, value in {**host, "table": [], **more}.items() if key != "host"}


def test_hosts_with_drift_fail_themselves():
    drawn = screen({"web1": result(GOOD), "web2": result(DRIFTED), "web3": {"unreachable": True, "msg": "no route"}})
    assert drawn.failures == {
        "web2": {"msg": "2 differences from profile web: b will be 0, not 1, k is 2, not 1", "unreachable": False},
        "web3": {"msg": "no route", "unreachable": True},
    }
    assert [row["severity"] for row in drawn.document["hosts"][1]["drift"]] == ["warning", "critical"]
    assert [(row["host"], row["what"], row["severity"], row["reason"]) for row in drawn.rows] == [
        ("web1", "", "", "no drift"),
        ("web2", "b", "warning", "/etc/z.conf:3 wins; set tuning_take_over: true"),
        ("web2", "k", "critical", "running value differs"),
        ("web3", "", "", "unreachable: no route"),
    ]


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [([], []), (["critical"], ["now"]), (["warning"], ["boot"]), (["critical", "warning"], ["now", "boot"])],
)
def test_fail_on_decides_which_hosts_fail(fail_on, failing):
    now, boot = result(DRIFTED, drift=[DRIFT]), result(DRIFTED, drift=[AT_BOOT])
    assert list(screen({"now": now, "boot": boot}, nettune_fail_on=fail_on).failures) == failing


def test_only_the_chosen_profile_is_shown():
    both = result(DRIFTED, profiles=[{"name": "web"}, {"name": "mail"}], drift=[DRIFT, {**DRIFT, "profile": "mail"}])
    drawn = screen({"web1": both}, nettune_profile="mail")
    assert [row["profile"] for row in drawn.document["hosts"][0]["drift"]] == ["mail"]


@pytest.mark.parametrize(
    ("hosts", "message"),
    [
        ([DRIFTED], "no host has a profile 'wbe'; existing profiles: web"),
        ([BARE], "no host has a profile 'wbe'; no host has any profile"),
    ],
)
def test_a_wrong_profile_is_an_error_that_lists_the_existing_ones(hosts, message):
    with pytest.raises(InvalidOption) as failed:
        screen({host["host"]: result(host) for host in hosts}, nettune_profile="wbe")
    assert str(failed.value) == f"nettune_profile: {message}"


def test_a_fleet_without_profiles_is_an_error():
    with pytest.raises(InvalidOption, match="no host has a profile of nettune"):
        screen({"bare": result(BARE)})
    assert "tune_web" in NO_PROFILE
    with_dead = screen({"bare": result(BARE), "dead": {"unreachable": True, "msg": "no route"}})
    assert with_dead.lines[-1].text == "2 hosts: 1 unreachable, 1 without a profile"
