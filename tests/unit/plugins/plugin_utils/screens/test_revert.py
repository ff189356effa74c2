# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.revert import LIMITS, SYSCTL, TEXTFILE, TRIALS, draw
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run

FILE = "/etc/sysctl.d/99-zz-nettune-web.conf"
NOTHING_LIMITS = {"users": [], "services": [], "processes": [], "files": [], "left_alone": []}
NOTHING = {"settings": [], "files": [], "left_alone": []}


def setting(key, before, after, boot_before, boot_after, status="changed"):
    return {
        "key": key,
        "before": before,
        "after": after,
        "boot_before": boot_before,
        "boot_after": boot_after,
        "status": status,
    }


def sysctl(*left):
    return {
        "settings": [
            setting("net.ipv4.tcp_tw_reuse", "1", "2", "1", None),
            setting("net.ipv4.tcp_fin_timeout", "20", "20", "30", None),
            setting("net.core.somaxconn", "20", "20", "20", "20", "unchanged"),
        ],
        "files": [{"path": FILE, "status": "removed"}],
        "left_alone": list(left),
    }


def limits(pid):
    before, after = {"soft": 65536, "hard": 65536}, {"soft": 1024, "hard": 524288}
    changed = {"before": before, "after": after, "status": "changed"}
    return {
        "users": [{"user": "root", **changed}, {"user": "www", **changed, "status": "skipped"}],
        "services": [{"service": "nginx.service", **changed}],
        "processes": [{"unit": "nginx.service", "name": "nginx", "pids": [pid], **changed}],
        "files": [],
        "left_alone": [],
    }


LEFT = {
    "what": "net.ipv4.tcp_fin_timeout",
    "expected": "30",
    "found": "20",
    "reason": "changed by someone else since; it was 60 before nettune.tcp",
}


def screen(hostvars, **more):
    return draw(Run(hostvars, list(hostvars), list(hostvars), **{"width": 80, **more}))


def text(drawn):
    return [line.text for line in drawn.lines]


def test_hosts_with_the_same_outcome_share_rows():
    fleet = {f"web{number}": {SYSCTL: sysctl(), LIMITS: limits(number)} for number in range(1, 21)}
    assert text(screen(fleet)) == [
        "web[1-20]:",
        "  REVERTED                  RUNNING  AT BOOT",
        "  net.ipv4.tcp_tw_reuse     1 -> 2   1 -> default",
        "  net.ipv4.tcp_fin_timeout  -        30 -> default",
        "  OPEN-FILE LIMIT         BEFORE -> AFTER",
        "  login of root           65536:65536 -> 1024:524288",
        "  start of nginx.service  65536:65536 -> 1024:524288",
        "  nginx of nginx.service  65536:65536 -> 1024:524288",
        f"  removed: {FILE}",
        "",
        "Reverted 40 kernel parameters, 20 files and 60 open-file limits on 20 hosts",
    ]


def test_what_was_left_alone_is_listed_with_the_reason():
    drawn = screen({"web1": {SYSCTL: sysctl(LEFT), LIMITS: NOTHING_LIMITS}})
    assert text(drawn)[-5:] == [
        "  LEFT ALONE                EXPECTED  FOUND",
        "  net.ipv4.tcp_fin_timeout  30        20",
        "      changed by someone else since; it was 60 before nettune.tcp",
        "",
        "Reverted 2 kernel parameters and 1 file on 1 host; 1 value left alone",
    ]
    assert drawn.document["hosts"][0]["left_alone"] == [LEFT]
    assert drawn.failures == {}


def test_check_mode_says_what_would_be_reverted():
    drawn = text(screen({"web1": {SYSCTL: sysctl(), LIMITS: NOTHING_LIMITS}}, check_mode=True))
    assert drawn[1].split()[:2] == ["WOULD", "REVERT"]
    assert drawn[-3] == f"  would be removed: {FILE}"
    assert drawn[-1] == "Would revert 2 kernel parameters and 1 file on 1 host"


def test_hosts_with_nothing_to_revert_share_a_line():
    fleet = {name: {SYSCTL: NOTHING, LIMITS: NOTHING_LIMITS} for name in ("db1", "db2", "db3")}
    assert text(screen(fleet)) == ["db[1-3]: nothing to revert", "", "Nothing to revert on 3 hosts"]


def test_failed_and_unreachable_hosts_fail():
    fleet = {
        "web1": {LIMITS: limits(1), SYSCTL: {"failed": True, "msg": "is locked"}},
        "web2": {LIMITS: {"unreachable": True, "msg": "no route"}, SYSCTL: {"skipped": True}},
        "later": {},
    }
    drawn = screen(fleet)
    assert text(drawn)[-5:] == [
        "  failed: is locked",
        "web2:",
        "  unreachable: no route",
        "",
        "Reverted 3 open-file limits on 1 host; 1 host unreachable; 1 host failed",
    ]
    assert text(screen({"web2": fleet["web2"]}))[-1] == "Nothing reverted; 1 host unreachable"
    assert drawn.failures == {
        "web1": {"msg": "is locked", "unreachable": False},
        "web2": {"msg": "no route", "unreachable": True},
    }


def test_trials_are_counted():
    removed = {"removed": ["tw_reuse"], "left_alone": []}
    drawn = screen({"web1": {SYSCTL: NOTHING, LIMITS: NOTHING_LIMITS, TRIALS: removed}})
    assert text(drawn)[-1] == "Reverted 1 trial on 1 host"


def test_an_earlier_batch_is_shown_only_if_one_of_its_hosts_failed():
    good, bad = {SYSCTL: NOTHING, LIMITS: NOTHING_LIMITS}, {SYSCTL: {"failed": True, "msg": "is locked"}}
    fleet = {"web1": good, "web2": bad, "web3": {}}

    def batch(*names):
        return draw(Run(fleet, list(fleet), list(names), ["web1", "web2", "web3"]))

    assert batch("web1").lines == []
    assert list(batch("web2").failures) == ["web2"]
    assert text(batch("web3"))[-1] == "Nothing to revert on 1 host; 1 host failed"


@pytest.mark.parametrize("verbosity", [0, 1])
def test_details_of_each_host_are_shown_with_v(verbosity):
    fleet = {f"web{number}": {SYSCTL: sysctl(), LIMITS: NOTHING_LIMITS} for number in (1, 2)}
    shown = text(screen(fleet, verbosity=verbosity))
    assert any(line == "web2:" for line in shown) == bool(verbosity)


def test_a_textfile_is_removed_or_left_alone():
    path = "/var/lib/node_exporter/nettune_tcp.prom"
    left = {"what": path, "expected": "as written", "found": "edited", "reason": "it was changed by someone else"}
    removed = {"files": [{"path": path, "status": "removed"}], "left_alone": []}
    found = screen({"web1": {TEXTFILE: removed}, "web2": {TEXTFILE: {"files": [], "left_alone": [left]}}})
    lines = [line.text for line in found.lines]
    assert f"  removed: {path}" in lines
    assert lines[-1] == "Reverted 1 file on 1 host; 1 file left alone"
    assert found.document["hosts"][1]["left_alone"] == [left]
