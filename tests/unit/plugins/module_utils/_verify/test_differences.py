# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences


def row(**more: object) -> dict:
    fields = {
        "key": "net.ipv4.tcp_tw_reuse",
        "requested": "1",
        "before": "1",
        "after": "1",
        "boot_before": "1",
        "boot_after": "1",
        "status": "unchanged",
        "reason": None,
    }
    return {**fields, **more}


@pytest.mark.parametrize("status", ["unchanged", "skipped"])
def test_unchanged_and_skipped_are_no_difference(status: str) -> None:
    assert differences.of_sysctl({"settings": [row(status=status)]}) == []


@pytest.mark.parametrize(
    ("more", "expected", "running", "boot", "reason"),
    [
        ({"before": "2"}, "1", "2", "1", "running value differs"),
        ({"boot_before": None}, "1", "1", "-", "not set at the next boot"),
        ({"before": "2", "boot_before": "0"}, "1", "2", "0", "running value differs, not set at the next boot"),
        ({"requested": {"at_least": "8192"}, "before": "4096"}, "at_least 8192", "4096", "1", "running value differs"),
        ({"requested": None, "before": "2", "after": "0"}, "0", "2", "1", differences.DROPPED),
        (
            {
                "requested": None,
                "before": "2",
                "after": "0",
                "boot_before": "2",
                "boot_after": None,
                "boot_source": {"path": "/etc/sysctl.d/99-zz-nettune-web.conf", "line": 18},
            },
            "0",
            "2",
            "2",
            differences.DROPPED,
        ),
        ({"before": ""}, "1", "(empty)", "1", "running value differs"),
        (
            {"boot_before": "0", "boot_source": {"path": "/etc/x.conf", "line": 3}},
            "1",
            "1",
            "0",
            "not set at the next boot: /etc/x.conf:3 wins",
        ),
        (
            {"boot_before": "0", "boot_source": {"path": "/proc/x", "line": None, "program": "a program"}},
            "1",
            "1",
            "0",
            "not set at the next boot: a program (/proc/x) wins",
        ),
        ({"before": "2", "reason": "a note"}, "1", "2", "1", "running value differs, a note"),
        ({"status": "shadowed", "reason": "/etc/x.conf:3 sets 0"}, "1", "1", "1", "/etc/x.conf:3 sets 0"),
    ],
)
def test_differences_of_parameters(more: dict, expected: str, running: str, boot: str, reason: str) -> None:
    result = {"settings": [row(**{"status": "changed", **more})]}
    when = differences.NEXT_BOOT if running == expected else differences.NOW
    assert differences.of_sysctl(result) == [("net.ipv4.tcp_tw_reuse", expected, running, boot, reason, when)]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"boot_before": None}, "pending, can be confirmed until 12:00"),
        ({"boot_before": None, "before": "2"}, "running value differs, pending, can be confirmed until 12:00"),
        ({"before": "2"}, "running value differs"),
    ],
)
def test_pending_change_replaces_the_reason_for_the_next_boot(more: dict, reason: str) -> None:
    result = {"settings": [row(status="changed", **more)], "confirm": {"pending": True, "deadline": "12:00"}}
    assert [one.reason for one in differences.of_sysctl(result)] == [reason]


NOFILE = {
    "services": [
        {
            "service": "a.service",
            "status": "changed",
            "after": {"soft": 9, "hard": 9},
            "before": {"soft": 1, "hard": 9},
        },
        {"service": "b.service", "status": "skipped", "after": None, "before": None, "reason": "not installed"},
    ],
    "users": [
        {"user": "root", "status": "shadowed", "after": {"soft": 9, "hard": None}, "before": None, "reason": "later"}
    ],
    "processes": [
        {
            "name": "a",
            "unit": "a.service",
            "status": "changed",
            "after": {"soft": 9, "hard": 9},
            "before": {"soft": 1, "hard": 9},
        }
    ],
    "refused": [
        {
            "what": "c[7,8] of a.service",
            "expected": {"soft": 9, "hard": 9},
            "found": {"soft": 1, "hard": 1},
            "effect": "refused",
            "reason": "EPERM",
            "remedy": "x",
        },
        {
            "what": "logins of root",
            "expected": {"soft": 9, "hard": 9},
            "found": {"soft": 1, "hard": 1},
            "effect": "clamped",
            "reason": "limit",
            "remedy": "x",
        },
    ],
}


def test_differences_of_limits() -> None:
    assert differences.of_nofile(NOFILE, best_effort=False) == [
        ("a.service", "9:9", "-", "1:9", "", differences.NEXT_BOOT),
        ("root", "9:-", "-", "-", "later", differences.NEXT_BOOT),
        ("a of a.service", "9:9", "1:9", "-", "", differences.NOW),
        ("c of a.service", "9:9", "1:1", "-", "EPERM; x", differences.NOW),
        ("logins of root", "9:9", "-", "1:1", "limit; x", differences.NEXT_BOOT),
    ]


def test_pending_change_is_the_reason_for_starts() -> None:
    waiting = {**NOFILE, "confirm": {"pending": True, "deadline": "12:00"}}
    reasons = [one.reason for one in differences.of_nofile(waiting, best_effort=True)]
    assert reasons == ["pending, can be confirmed until 12:00"] * 2 + [""]


def test_best_effort_ignores_refused_limits() -> None:
    whats = [one.what for one in differences.of_nofile(NOFILE, best_effort=True)]
    assert whats == ["a.service", "root", "a of a.service"]


def test_skipped_task_has_no_differences() -> None:
    skipped = {"skipped": True, "skip_reason": "Conditional result was False"}
    assert differences.of_sysctl(skipped) == differences.of_nofile(skipped, best_effort=False) == []


def test_missing_parameter_is_a_difference_unless_allowed() -> None:
    result = {"settings": [row(status="skipped", before=None, after=None, reason="absent: no module")]}
    assert differences.of_sysctl(result) == []
    (found,) = differences.of_sysctl(result, allow_skipped=False)
    assert (found.running, found.reason) == ("-", "absent: no module")


def test_changed_files() -> None:
    gone, edited = differences.of_files({"/etc/a": None, "/etc/b": "x"})
    assert (gone.what, gone.boot, edited.what, edited.boot) == ("/etc/a", "gone", "/etc/b", "edited")
    assert differences.of_unknown_file("/etc/c").reason.startswith("not in the journal")


def test_table() -> None:
    rows = [{"profile": "web", **differences.of_unknown_file("/etc/c")._asdict()}]
    header, line = differences.table(rows)
    assert header.split()[:2] == ["PROFILE", "WHAT"]
    assert line.split()[:2] == ["web", "/etc/c"]
    assert differences.table([]) == []


def test_sentence() -> None:
    web, mail = {"name": "web"}, {"name": "mail"}
    edited = {"profile": "web", **differences.of_unknown_file("/etc/c")._asdict()}
    error = {"profile": "web", **differences.of_profile("-", "the journal is damaged")._asdict()}
    missing = {"profile": "push", **differences.of_profile(differences.APPLIED, "reverted")._asdict()}
    assert differences.sentence([], []) == "no profile has been applied"
    assert differences.sentence([mail, web], []) == "no drift, now or at the next boot, of the profiles: mail, web"
    assert differences.sentence([web], [edited, error, missing]) == (
        "profile web has drifted (/etc/c, the journal is damaged); profile push is not applied (reverted)"
    )
