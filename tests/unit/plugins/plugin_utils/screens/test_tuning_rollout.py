# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decision on a batch, and the summary of a rollout."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import tuning, tuning_batch
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run

REUSE = "net.ipv4.tcp_tw_reuse"
DEADLINE = "2026-11-28T22:10:52Z"
OPTIONS = {
    "tuning_profile": "web",
    "tuning_persistent": True,
    "tuning_nofile": 0,
    "tuning_confirm_within": 300,
    "tuning_remedies": [],
    "nettune_serial": [1, 2, 2],
}
SETTING = {"key": REUSE, "requested": "1", "before": "2", "after": "1", "boot_before": None, "boot_after": None}
PENDING = {"pending": True, "deadline": DEADLINE}
NAMES = [f"web{number}" for number in range(1, 6)]
LEAK = {"id": "close_wait", "severity": "critical", "title": "70 connections in CLOSE_WAIT"}
LOST = {"unreachable": True, "msg": "Connection timed out"}


def result(status: str = "changed", **more: Any) -> dict[str, Any]:
    row = {**SETTING, "boot_source": None, "status": status, "reason": None}
    return {"changed": status == "changed", "settings": [row], "files": [], **more}


def failed(msg: str) -> dict[str, Any]:
    return {"failed": False, "failed_when_result": False, "msg": msg}


def pending(**more: Any) -> dict[str, Any]:
    """Return what a host has registered after its change was applied, and was checked with this result."""
    results = {
        "saved": {"checkpoint": {}},
        "diagnosed_before": {"findings": []},
        "sysctl": result(confirm=PENDING),
        "pending_sysctl": {"confirm": PENDING},
        "diagnosed_after": {"findings": []},
    }
    return registered(**{**results, **more})


def kept(**more: Any) -> dict[str, Any]:
    """Return what a host has registered after its change was confirmed and verified."""
    confirmed = result(confirm={"pending": False, "deadline": None})
    return pending(**{"confirmed_sysctl": confirmed, "verified_sysctl": result("unchanged"), **more})


def registered(**results: Any) -> dict[str, Any]:
    return {"__tuning": {"options": OPTIONS}, **{f"__tuning_{name}": value for name, value in results.items()}}


def run(hosts: dict[str, Any], options: dict[str, Any], **more: Any) -> Run:
    """Return a run whose batch is that of the hosts that have results and no successors with results."""
    hostvars = {name: hosts.get(name, {}) for name in NAMES}
    given = {"batch": ["web2", "web3"], "active": NAMES, "width": 120, "serial": OPTIONS["nettune_serial"], **more}
    return Run(hostvars, NAMES, args={"options": {"profile": "web", **options}}, **given)


def against(hosts: dict[str, Any], after: str, **more: Any) -> dict[str, Any]:
    return {host: one["msg"] for host, one in tuning_batch.draw(run(hosts, {"after": after}, **more)).failures.items()}


@pytest.mark.parametrize("after", ["diagnosis", "checks", "verification"])
def test_a_good_batch_goes_on(after: str) -> None:
    assert against({"web2": pending(), "web3": kept()}, after) == {}


@pytest.mark.parametrize(
    ("results", "after", "message"),
    [
        ({"saved": LOST}, "start", "Connection timed out"),
        ({"saved": failed("the journal is damaged")}, "start", "the journal is damaged"),
        ({"diagnosed_before": failed("no /proc")}, "start", "no /proc"),
        ({"sysctl": failed("refused")}, "checks", "refused."),
        ({"sysctl": LOST}, "checks", "unreachable: Connection timed out."),
        ({"nofile": failed("no limits")}, "checks", "open-file limits: no limits."),
        ({"health_command": {"rc": 1, "stderr": "sick"}}, "checks", "not confirmed: the health command failed: sick."),
        ({"diagnosed_after": {"findings": [LEAK]}}, "diagnosis", "the diagnosis is worse than before the change"),
        ({"diagnosed_after": failed("no /proc")}, "checks", "no /proc"),
        ({"diagnosed_after": LOST}, "checks", "Connection timed out"),
        ({"confirmed_sysctl": failed("expired")}, "verification", "confirming the kernel parameters failed: expired."),
        ({"verified_sysctl": result("changed")}, "verification", "drifted from profile web: 1 difference"),
        ({"verified_sysctl": LOST}, "verification", "unreachable: Connection timed out."),
    ],
)
def test_a_problem_of_one_host_is_against_the_batch(results: dict[str, Any], after: str, message: str) -> None:
    ready = kept if after == "verification" else pending
    found = against({"web2": ready(), "web3": ready(**results)}, after)
    assert list(found) == ["web3"]
    assert message in found["web3"]


def test_a_later_result_is_that_of_an_earlier_role() -> None:
    stale = pending(verified_sysctl=result("changed"), confirmed_sysctl=failed("of the role before"))
    assert against({"web2": pending(), "web3": stale}, "checks") == {}


@pytest.mark.parametrize(
    ("again", "bad"), [([LEAK], True), ([], False), ([{**LEAK, "severity": "warning"}], False), (None, False)]
)
def test_a_worse_diagnosis_counts_if_the_second_one_is_worse_too(again: list[Any] | None, bad: bool) -> None:
    more = {} if again is None else {"diagnosed_again": {"findings": again}}
    after = [LEAK] if again is not None else []
    found = against({"web2": pending(), "web3": pending(diagnosed_after={"findings": after}, **more)}, "checks")
    assert list(found) == (["web3"] if bad else [])


def test_a_host_that_left_the_play_is_against_its_batch() -> None:
    hosts = {"web2": pending(), "web3": pending()}
    assert against(hosts, "checks", active=["web2", "web4", "web5"], batch=["web2"]) == {
        "web3": "unreachable or failed before"
    }


def test_invalid_variables_of_a_later_host_are_against_its_batch() -> None:
    invalid = registered(saved={"checkpoint": {}})
    invalid["__tuning"]["invalid"] = "tuning_nofile is 'x'."
    assert against({"web2": pending(), "web3": invalid}, "start") == {"web3": "tuning_nofile is 'x'."}


def texts(hosts: dict[str, Any], **more: Any) -> list[str]:
    return [line.text for line in tuning.draw(run(hosts, {"entry": "main", "remedy_sets": {}}, **more)).lines]


def decided(failures: dict[str, Any], restored: Any = None, **more: Any) -> dict[str, Any]:
    """Return what a host of a batch has registered that was decided on after its checks."""
    return pending(
        begun={"failures": {}},
        checked={"failures": failures},
        kept={"skipped": True},
        restored=restored or {"changed": True, "rolled_back": True, "left_alone": []},
        **more,
    )


SICK = {"web3": {"msg": "not confirmed: the health command failed: sick.", "unreachable": False}}


def test_an_earlier_batch_shows_nothing() -> None:
    drawn = tuning.draw(run({"web1": kept(), "web2": kept(), "web3": kept()}, {"entry": "main", "remedy_sets": {}}))
    assert (drawn.lines, drawn.failures) == ([], {})


def test_the_last_batch_shows_all_hosts_once() -> None:
    lines = texts({name: kept(kept={"failures": {}}) for name in NAMES}, batch=["web4", "web5"])
    assert lines[0] == "web[1-5]: 1 of 1 kernel parameter changed"
    assert lines[-1].startswith("Profile web, 3 batches: 5 hosts confirmed and verified")


def test_a_failed_batch_is_rolled_back_and_the_rest_not_reached() -> None:
    hosts = {"web1": kept(), "web2": decided(SICK), "web3": decided(SICK)}
    drawn = tuning.draw(run(hosts, {"entry": "main", "remedy_sets": {}}))
    lines = [line.text for line in drawn.lines]
    assert lines[0] == "web1: 1 of 1 kernel parameter changed"
    assert "web2: rolled back: its batch failed on web3" in lines
    assert "web3: rolled back: the health command failed: sick." in lines
    assert "web4, web5: not reached: the rollout stopped in batch 2 of 3" in lines
    summary = " ".join(lines[-2:])
    assert "Profile web, 3 batches, stopped in batch 2: 1 host confirmed and verified, 2 hosts rolled back" in summary
    assert "2 hosts not reached" in summary
    assert set(drawn.failures) == {"web2", "web3"}
    assert [row["outcome"] for row in drawn.document["hosts"]] == ["confirmed", "rolled back", "rolled back"]
    assert [row["host"] for row in drawn.document["missing"]] == ["web4", "web5"]


def test_earlier_batches_are_rolled_back_on_request() -> None:
    back = {"changed": True, "left_alone": [{"what": REUSE}], "__tuning_earlier_host": "web1"}
    hosts = {
        "web1": kept(),
        "web2": decided(SICK, earlier_restored={"results": [back]}),
        "web3": decided(SICK, earlier_restored={"results": []}),
    }
    joined = " ".join(texts(hosts))
    assert "web1: rolled back: batch 2 failed on web3" in joined
    assert f"Left alone, as someone else has changed it since: {REUSE}." in joined
    assert "3 hosts rolled back, 2 hosts not reached" in joined


def test_a_lost_host_rolls_back_by_itself() -> None:
    lost = {"web3": {"msg": "unreachable: Connection timed out.", "unreachable": True}}
    hosts = {"web1": kept(), "web2": decided(lost), "web3": decided(lost, restored=LOST)}
    drawn = tuning.draw(run(hosts, {"entry": "main", "remedy_sets": {}}))
    joined = " ".join(line.text.strip() for line in drawn.lines)
    assert "web3: unreachable: Connection timed out." in joined
    assert f"The host rolls the change back at {DEADLINE}." in joined
    assert drawn.failures["web3"]["unreachable"]


def test_a_host_that_cannot_be_rolled_back_is_named() -> None:
    hosts = {"web1": kept(), "web2": decided(SICK), "web3": decided(SICK, restored=failed("the disk is full"))}
    joined = " ".join(line.strip() for line in texts(hosts))
    assert "web3: not rolled back: the health command failed: sick." in joined
    assert f"Rolling back failed: the disk is full. The host rolls the change back at {DEADLINE}." in joined


def test_a_deadline_that_has_passed_rolls_back_too() -> None:
    same = {"changed": False, "rolled_back": False, "left_alone": []}
    hosts = {"web1": kept(), "web2": decided(SICK, restored=same), "web3": decided(SICK, restored=same)}
    assert "web2: rolled back: its batch failed on web3" in texts(hosts)


def test_a_batch_that_did_not_begin_is_not_changed() -> None:
    failures = {"web3": {"msg": "Connection timed out", "unreachable": True}}
    same = {"changed": False, "rolled_back": False, "left_alone": []}
    begun = {"begun": {"failures": failures}, "saved": {"checkpoint": {}}}
    hosts = {"web1": kept(), "web2": registered(restored=same, **begun), "web3": registered(**{**begun, "saved": LOST})}
    joined = " ".join(line.strip() for line in texts(hosts))
    assert "web2: not changed: its batch failed on web3" in joined
    assert "web3: unreachable: Connection timed out." in joined


@pytest.mark.parametrize(("refused", "stops"), [(["web3"], False), (["web2", "web3"], True)])
def test_check_mode_names_the_batches(refused: list[str], stops: bool) -> None:
    failures = {name: {"msg": "refused", "unreachable": False} for name in refused}
    hosts = {
        name: registered(sysctl=result(), begun={"failures": {}}, checked={"failures": failures}) for name in NAMES
    }
    lines = texts(hosts, check_mode=True)
    assert bool(lines) == stops
    last = texts(hosts, check_mode=True, batch=["web4", "web5"])
    shown = lines or last
    at = shown.index("BATCH  HOSTS")
    assert shown[at + 1 : at + 4] == ["1      web1", "2      web2, web3", "3      web4, web5"]
    assert ("not reached" in " ".join(shown)) == stops
