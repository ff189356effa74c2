# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import admit, planner, report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import EMPTY, Original, Profile, State
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.plan import Plan, Wish
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host, Reading

FIN, ALIVE, SOMAXCONN = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_time", "net.core.somaxconn"
WEB = "/etc/sysctl.d/99-zz-nettune-web.conf"
VALUES = {FIN: "60", ALIVE: "7200", SOMAXCONN: "4096", "net.ipv4.ip_local_port_range": "32768\t60999"}
HOST = Host("6.12.0", {name: Reading(value) for name, value in VALUES.items()}, boot_id="now")
TUNED = State(
    {"web": Profile({FIN: Request("value", "30"), ALIVE: Request("value", "600")}, texts=("text",))},
    {FIN: Original("60", ("30",), ("30",), "30"), ALIVE: Original("7200", ("600",), ("600",), "600")},
)


def planned(settings: dict[str, Any], journal: State = EMPTY, **differs: Any) -> tuple[Plan, list[dict[str, Any]]]:
    host = HOST._replace(**differs)
    plan = planner.calculate(Wish("web", tuple(admit.admit(settings, host))), host, journal)
    return plan, report.rows(plan, host)


def reverted(**values: str) -> tuple[Plan, list[dict[str, Any]]]:
    readings = {**HOST.readings, FIN: Reading("30"), ALIVE: Reading("600")}
    host = HOST._replace(readings={**readings, **{key: Reading(value) for key, value in values.items()}})
    plan = planner.calculate(Wish(remove=frozenset({"web"})), host._replace(boot_files={WEB: "text"}), TUNED)
    return plan, report.rows(plan, host)


def statuses(table: list[dict[str, Any]]) -> dict[str, str]:
    return {row["key"]: row["status"] for row in table}


def test_rows_are_in_the_given_order_followed_by_reverted_ones() -> None:
    _plan, table = planned({SOMAXCONN: {"at_least": 8192}, "/etc/x": 1, FIN: 60}, TUNED)
    assert [row["given_as"] for row in table] == [SOMAXCONN, "/etc/x", FIN, ALIVE]
    assert table[3]["requested"] is None


@pytest.mark.parametrize(
    ("settings", "boot_files", "status", "reason"),
    [
        ({FIN: 30}, {}, "changed", None),
        ({FIN: 60}, {}, "changed", None),
        (
            {FIN: 30},
            {"/etc/sysctl.d/zz.conf": f"{FIN} = 99"},
            "shadowed",
            "/etc/sysctl.d/zz.conf:1 sets 99 at boot, after our file",
        ),
        ({FIN: 30}, {"/etc/sysctl.d/zz.conf": f"-{FIN}"}, "shadowed", "excludes it at boot"),
        ({FIN: 30}, {"/etc/sysctl.d/zz.conf": f"{FIN} = 30"}, "changed", None),
        (
            {SOMAXCONN: {"at_least": 1024}},
            {"/etc/sysctl.d/x.conf": f"{SOMAXCONN} = 4096"},
            "unchanged",
            "already above 1024",
        ),
        ({SOMAXCONN: {"at_least": 1024}}, {}, "changed", "already above 1024"),
        ({SOMAXCONN: 1024}, {}, "refused", "hazard floor_lowered"),
        ({"net.ipv4.tcp_tw_recycle": 0}, {}, "skipped", "removed in Linux 4.12"),
        ({"net.ipv4.x.y": 0}, {}, "refused", "unknown kernel parameter"),
    ],
)
def test_status_and_reason_of_a_setting(
    settings: dict[str, Any], boot_files: dict[str, str], status: str, reason: str | None
) -> None:
    _plan, (row,) = planned(settings, boot_files=boot_files)
    assert row["status"] == status
    assert (row["reason"] is None) is (reason is None)
    assert (reason or "") in (row["reason"] or "")


def test_refused_row_shows_no_change() -> None:
    _plan, (row,) = planned({SOMAXCONN: 1024})
    assert (row["before"], row["after"], row["boot_before"], row["boot_after"]) == ("4096", "4096", None, None)


def test_table_has_each_name_once() -> None:
    plan, table = planned({SOMAXCONN: 1024})
    assert report.text_lines(plan, table)[1].split("refused: ")[1].startswith("hazard floor_lowered: lowered from")


def test_left_alone_has_expected_and_found_value_and_reason() -> None:
    plan, table = reverted(**{FIN: "20"})
    reason = "changed by someone else since; it was 60 before nettune.tcp"
    assert report.left_alone(plan) == [{"what": FIN, "expected": "30", "found": "20", "reason": reason}]
    assert statuses(table) == {FIN: "unchanged", ALIVE: "changed"}
    assert "left as is" in next(row for row in table if row["key"] == FIN)["reason"]


def test_message_counts_refused_settings() -> None:
    _plan, table = planned({"/etc/x": 1, FIN: "x", SOMAXCONN: {"at_least": 8192}}, TUNED)
    message = report.refusals(table)
    assert message.startswith("2 of 3 settings refused, nothing was written: '/etc/x' is a path")
    assert "'x' is not a whole number" in message
    assert report.refusals([row for row in table if row["status"] != "refused"]) == ""


def test_diff_has_values_in_write_order_and_files() -> None:
    plan, _table = planned({FIN: 30, ALIVE: 600})
    values, file = report.diff(plan)
    assert values["before"] == f"{FIN} = 60\n{ALIVE} = 7200\n"
    assert values["after"] == f"{FIN} = 30\n{ALIVE} = 600\n"
    assert (file["before_header"], file["before"]) == (WEB, "")
    assert file["after"].endswith(f"{FIN} = 30\n\n{ALIVE} = 600\n")
    assert report.diff(planned({})[0]) == []


def test_log_line() -> None:
    plan, _table = reverted()
    assert report.log_line(plan) == f"{FIN} '30' -> '60'; {ALIVE} '600' -> '7200'; removes {WEB}"


def test_table_leaves_out_empty_columns() -> None:
    plan, table = planned({FIN: 30, "net.ipv4.tcp_tw_recycle": 0})
    lines = "\n".join(report.text_lines(plan, table))
    for part in (FIN, "60", "30", "changed", "skipped: removed in Linux 4.12", f"writes {WEB}"):
        assert part in lines
    assert report.text_lines(*planned({})) == ["nothing to do"]


def test_owners_are_in_the_row_and_in_a_warning() -> None:
    plan, table = planned({FIN: 30}, owners={FIN: ["TuneD profile x (/etc/tuned/x/tuned.conf:3)"]})
    assert table[0]["owners"] == ["TuneD profile x (/etc/tuned/x/tuned.conf:3)"]
    assert report.warnings(plan, table) == [f"{FIN} is also set by TuneD profile x (/etc/tuned/x/tuned.conf:3)"]


SECRET = "net.ipv4.tcp_fastopen_key"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("", ""),
        ("# c\nnet.ipv4.tcp_fin_timeout = 30\n", "# c\nnet.ipv4.tcp_fin_timeout = 30\n"),
        (f"a.b = 1\n{SECRET} = 1-2-3-4\nc.d = 2\n", f"a.b = 1\n{SECRET} = (secret)\nc.d = 2\n"),
        ("-net/ipv4/tcp_fastopen_key=1-2-3-4", "-net/ipv4/tcp_fastopen_key= (secret)"),
        (f"# {SECRET} = 5\n", f"# {SECRET} = 5\n"),
    ],
)
def test_secrets_are_masked(text: str, masked: str) -> None:
    assert report.masked(text) == masked
