# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module as Ansible does, on a fake host."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, Callable

import pytest
from ansible.module_utils import basic
from ansible_collections.nettune.tcp.plugins.modules import sysctl_profile
from ansible_collections.nettune.tcp.tests.unit.support import documented
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost, Killed

WEB = "/etc/sysctl.d/99-zz-nettune-web.conf"
FIN, ALIVE, SOMAXCONN = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_time", "net.core.somaxconn"
CONNTRACK = "net.netfilter.nf_conntrack_max"
SETTINGS = {FIN: 30, SOMAXCONN: {"at_least": 8192}, "net.ipv4.ip_local_reserved_ports": {"include": [8080]}}
Run = Callable[..., "dict[str, Any]"]


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the warnings. Where Ansible collects them depends on what else this process has loaded."""
    lines: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _self, text, **_more: lines.append(text))
    return lines


@pytest.fixture
def run(host: FakeHost, run_module: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(sysctl_profile, "HostFiles", lambda: host)
    return partial(run_module, sysctl_profile)


def documented_keys(result: dict[str, Any]) -> dict[str, Any]:
    """Return the result without the keys that Ansible adds."""
    return {key: value for key, value in result.items() if key not in ("invocation", "warnings", "deprecations")}


@pytest.mark.parametrize(
    "options",
    [
        {"name": "web", "settings": SETTINGS},
        {"name": "web", "settings": SETTINGS, "persistent": False},
        {"name": "web", "settings": {FIN: 15}},
        {"name": "web", "settings": {}},
        {"name": "mail", "settings": {ALIVE: 600, "net.ipv4.tcp_syncookies": 2}},
        {"name": "web", "state": "absent"},
        {"state": "absent"},
    ],
)
def test_check_mode_changes_nothing_and_returns_the_same_result(
    host: FakeHost, run: Run, logged: list[str], options: dict[str, Any]
) -> None:
    run(name="web", settings={FIN: 20, ALIVE: 600})
    logged.clear()
    before = host.tree()
    steps = len(host.steps)
    predicted = run(check=True, **options)
    assert host.tree() == before
    assert len(host.steps) == steps
    assert not [line for line in logged if "->" in line]
    assert predicted["changed"]
    assert documented_keys(run(**options)) == documented_keys(predicted)
    again = run(check=True, **options)
    assert not again["changed"]
    assert again["diff"] == []


def test_result_has_the_documented_shape(host: FakeHost, run: Run, logged: list[str]) -> None:
    host.put("/etc/sysctl.d/50-x.conf", f"{FIN} = 45\n")
    result = run(name="web", settings=SETTINGS)
    assert documented_keys(result) == {
        "changed": True,
        "file": WEB,
        "settings": [
            {
                "key": FIN,
                "given_as": FIN,
                "requested": "30",
                "before": "60",
                "after": "30",
                "boot_before": "45",
                "boot_after": "30",
                "boot_source": {"path": "/etc/sysctl.d/50-x.conf", "line": 1},
                "status": "changed",
                "reason": None,
            },
            {
                "key": SOMAXCONN,
                "given_as": SOMAXCONN,
                "requested": {"at_least": "8192"},
                "before": "4096",
                "after": "8192",
                "boot_before": None,
                "boot_after": "8192",
                "boot_source": None,
                "status": "changed",
                "reason": None,
            },
            {
                "key": "net.ipv4.ip_local_reserved_ports",
                "given_as": "net.ipv4.ip_local_reserved_ports",
                "requested": {"include": "8080"},
                "before": "",
                "after": "8080",
                "boot_before": None,
                "boot_after": "8080",
                "boot_source": None,
                "status": "changed",
                "reason": None,
            },
        ],
        "table": result["table"],
        "modules": [],
        "conflicts": [],
        "hazards": [],
        "left_alone": [],
        "files": [{"path": WEB, "status": "created"}],
        "applied": False,
        "confirm": {"pending": False, "deadline": None},
        "diff": result["diff"],
    }
    assert [one["after_header"] for one in result["diff"]] == ["running values (/proc/sys)", WEB]
    assert result["diff"][0]["before"].splitlines()[0] == f"{FIN} = 60"
    assert result["diff"][0]["after"].splitlines()[0] == f"{FIN} = 30"
    assert result["diff"][1] == {
        "before_header": WEB,
        "after_header": WEB,
        "before": "",
        "after": host.read_text(WEB),
    }
    assert result["table"][-1] == f"writes {WEB}"
    assert any(f"{FIN} '60' -> '30'" in line for line in logged)


def test_second_run_and_second_revert_change_nothing(host: FakeHost, run: Run) -> None:
    before = host.tree()
    assert run(name="web", settings=SETTINGS)["changed"]
    second = run(name="web", settings=SETTINGS)
    assert not second["changed"]
    assert second["table"] == ["all 3 parameters unchanged"]
    assert run(name="web", state="absent")["changed"]
    assert host.tree() == before
    last = run(name="web", state="absent")
    assert not last["changed"]
    assert last["table"] == ["nothing to do"]
    assert run(state="absent")["file"] is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "name, settings"),
        ({"name": "web"}, "settings"),
        ({"settings": {}}, "name"),
        ({"name": "../x", "settings": {}}, "name: '../x' is not allowed"),
        ({"name": "", "settings": {}}, "name: '' is not allowed"),
        ({"name": "../x", "state": "absent"}, "name: '../x' is not allowed"),
        ({"name": "nofile-web", "state": "absent"}, "is not allowed"),
        ({"name": "web", "settings": [1]}, "settings"),
        ({"name": "web", "settings": "nonsense"}, "settings"),
        ({"name": "web", "settings": {}, "accept_hazards": ["everything"]}, "accept_hazards"),
        ({"name": "web", "settings": {}, "state": "gone"}, "state"),
    ],
)
def test_invalid_options_fail(host: FakeHost, run: Run, options: dict[str, Any], message: str) -> None:
    before = host.tree()
    result = run(**options)
    assert result["failed"]
    assert message in result["msg"]
    assert host.tree() == before


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({FIN: "abc"}, "'abc' is not a whole number"),
        ({"net.ipv4.tcp_fin_timeuot": 30}, f"did you mean {FIN}?"),
        ({"": 30}, "name is empty"),
        ({"net/../../etc/passwd": 1}, "'..'"),
        ({"a\nb": 1}, "contains a character"),
        ({"a\0b": 1}, "contains a character"),
        ({FIN: True}, "True is not a kernel value"),
        ({FIN: 1.5}, "1.5 is neither"),
        ({FIN: [[[]]]}, "contains a list"),
        ({FIN: {"at_least": [None]}}, "None is neither"),
        ({FIN: {}}, "exactly one of"),
        ({SOMAXCONN: 1}, "hazard floor_lowered"),
    ],
)
def test_refused_settings_fail_with_a_reason_and_write_nothing(
    host: FakeHost, run: Run, settings: dict[str, Any], message: str
) -> None:
    before = host.tree("/etc", "/proc/sys")
    for check in (True, False):
        result = run(check=check, name="web", settings={ALIVE: 600, **settings})
        assert result["failed"]
        assert result["msg"].startswith("1 of 2 settings refused, nothing was written: ")
        assert message in result["msg"]
        assert [row["status"] for row in result["settings"]] == ["refused"]
        # The result is printed if the task fails, so it is small.
        assert set(documented_keys(result)) == {"failed", "msg", "settings", "conflicts", "hazards"}
    assert host.tree("/etc", "/proc/sys") == before


def test_settings_as_text(host: FakeHost, run: Run) -> None:
    assert run(name="web", settings=f"{FIN}=30, {ALIVE}=600")["changed"]
    assert (host.value(FIN), host.value(ALIVE)) == ("30", "600")


def test_conflicts_are_returned(run: Run) -> None:
    run(name="mail", settings={FIN: 30})
    result = run(name="web", settings={FIN: 15})
    assert result["failed"]
    assert result["conflicts"] == [{"key": FIN, "profile": "mail", "value": "30", "reason": None}]


def test_hazards_are_returned_and_warned_about(run: Run, warned: list[str]) -> None:
    refused = run(name="web", settings={SOMAXCONN: 128})
    assert [(one["hazard"], one["key"], one["accepted"]) for one in refused["hazards"]] == [
        ("floor_lowered", SOMAXCONN, False)
    ]
    result = run(name="web", settings={SOMAXCONN: 128}, accept_hazards=["floor_lowered"])
    assert result["hazards"][0]["accepted"]
    assert any("hazard floor_lowered accepted" in line for line in warned)


def test_shadowed_and_owned_parameters_are_warned_about(host: FakeHost, run: Run, warned: list[str]) -> None:
    host.put("/etc/sysctl.d/zz.conf", f"{FIN} = 99\n")
    host.put("/var/lib/kube-proxy/config.conf", "")
    settings = {FIN: 30, CONNTRACK: {"at_least": 300000}}
    result = run(name="web", settings=settings)
    assert result["settings"][0]["status"] == "shadowed"
    assert result["settings"][1]["owners"] == ["kube-proxy, which sets them when it starts"]
    assert "/etc/sysctl.d/zz.conf:1 sets 99" in "".join(warned)
    assert f"{CONNTRACK} is also set by kube-proxy" in "".join(warned)
    assert not run(name="web", settings=settings)["changed"]


def test_left_alone_is_returned(host: FakeHost, run: Run) -> None:
    run(name="web", settings={FIN: 30, ALIVE: 600})
    host.set(FIN, "20")
    host.put(WEB, "# mine\n")
    result = run(name="web", state="absent")
    assert result["left_alone"] == [
        {
            "what": FIN,
            "expected": "30",
            "found": "20",
            "reason": "changed by someone else since; it was 60 before nettune.tcp",
        },
        {
            "what": WEB,
            "expected": "as written",
            "found": "edited",
            "reason": "edited by someone else since nettune.tcp wrote it",
        },
    ]


def test_renamed_parameter_is_translated_and_reported(run: Run) -> None:
    row = run(name="web", settings={"net.ipv4.ip_conntrack_max": 300000})["settings"][0]
    assert (row["key"], row["given_as"]) == ("net.netfilter.nf_conntrack_max", "net.ipv4.ip_conntrack_max")
    assert "net.ipv4.ip_conntrack_max is net.netfilter.nf_conntrack_max on this kernel" in row["reason"]


def test_skipped_settings_have_a_reason(host: FakeHost, run: Run) -> None:
    result = run(name="web", settings={"net.ipv4.tcp_tw_recycle": 0, FIN: 30})
    assert "failed" not in result
    assert result["settings"][0]["status"] == "skipped"
    assert "removed in Linux 4.12" in result["settings"][0]["reason"]
    assert host.value(FIN) == "30"


def test_failed_write_fails_with_one_sentence(host: FakeHost, run: Run) -> None:
    before = host.tree()
    result = run(name="web", settings={FIN: 30, "net.ipv4.tcp_congestion_control": "vegas"})
    assert result["failed"]
    assert result["msg"].startswith("net.ipv4.tcp_congestion_control = vegas was refused: ENOENT: ")
    assert host.tree() == before


def test_damaged_journal_fails_and_is_kept(host: FakeHost, run: Run) -> None:
    host.put("/var/lib/nettune/tcp/sysctl.json", "{")
    for check in (True, False):
        result = run(check=check, name="web", settings={FIN: 30})
        assert result["failed"]
        assert "/var/lib/nettune/tcp/sysctl.json is damaged" in result["msg"]
    assert host.read_text("/var/lib/nettune/tcp/sysctl.json") == "{"


def test_without_root_the_message_suggests_become(host: FakeHost, run: Run) -> None:
    host.fails_at, host.error = 1, PermissionError(13, "Permission denied", "/var/lib/nettune")
    result = run(name="web", settings={FIN: 30})
    assert result["failed"]
    assert "Permission denied" in result["msg"]
    assert "become" in result["msg"]


def test_undecodable_bytes_are_accepted(host: FakeHost, run: Run, warned: list[str]) -> None:
    host.put("/etc/sysctl.d/50-x.conf", "# gr\udcfc\udcdfe\n" + f"{FIN} = 45 # \udce9\n")
    run(name="web", settings={FIN: 30})
    host.put(WEB, f"{host.read_text(WEB)}# \udce9\n")
    result = run(name="web", settings={FIN: 30})
    assert result["changed"]
    assert "edited" in "".join(warned)


def test_secret_is_not_in_the_result(host: FakeHost, run: Run, logged: list[str]) -> None:
    key = "net.ipv4.tcp_fastopen_key"
    secret = "11111111-22222222-33333333-44444444"
    host.put("/etc/sysctl.d/zz.conf", f"{key} = 99999999-22222222-33333333-44444444\n")
    result = run(name="web", settings={key: secret})
    row = result["settings"][0]
    assert (row["before"], row["after"], row["requested"]) == ("(secret)", "(secret)", "(secret)")
    assert row["status"] == "shadowed"
    del result["invocation"]
    assert "22222222" not in json.dumps(result) + "".join(line for line in logged if "Invoked" not in line)
    assert f"{key} = {secret}" in (host.read_text(WEB) or "")


def test_run_is_repeated_after_a_kill(host: FakeHost, run: Run) -> None:
    host.error = Killed()
    host.fails_at = 6
    with pytest.raises(Killed):
        run(name="web", settings=SETTINGS)
    host.fails_at = 0
    run(name="web", settings=SETTINGS)
    assert not run(name="web", settings=SETTINGS)["changed"]
    run(name="web", state="absent")
    assert (host.value(FIN), host.value(SOMAXCONN), host.read_text(WEB)) == ("60", "4096", None)


def test_options_are_those_of_the_documentation() -> None:
    assert documented.options(sysctl_profile) == sysctl_profile.ARGUMENTS
