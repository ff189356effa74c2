# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen of the playbook adopt, and its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._adopt.host.settings import gather
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import adopt, export
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import Screen
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.tests.unit.support.settings_trees import build

DEAD = {"unreachable": True, "msg": "no route"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {name: gather(build(name, tmp_path_factory.mktemp(name))) for name in ("squid", "mail", "empty")}


def drawn(verbosity: int = 0, **hosts: Any) -> Screen:
    hostvars = {name: {"got": result} for name, result in hosts.items()}
    args = {"registered": "got", "options": {"nettune_profile": "adopted"}}
    return adopt.draw(Run(hostvars, list(hostvars), [], args=args, verbosity=verbosity, width=100))


def texts(screen: Screen) -> list[str]:
    return [line.text for line in screen.lines]


def test_alike_hosts_share_a_report_and_a_file(results: dict[str, Any]) -> None:
    other = {**results["mail"], "kernel": "6.12.1-test"}
    screen = drawn(web1=results["mail"], web2=other)
    assert (
        texts(screen)[0] == "web1, web2: 4 of 5 kernel parameters carried over; 65536 open files for dovecot, postfix"
    )
    assert list(screen.files or {}) == [""]
    assert "web1, web2 (Linux 6.12.0-test, 6.12.1-test;" in " ".join((screen.files or {})[""].split("\n# "))


def test_what_is_left_out_is_shown_with_reason_and_suggestion(results: dict[str, Any]) -> None:
    shown = "\n".join(texts(drawn(web1=results["squid"])))
    assert "/etc/sysctl.d/99-sysctl.conf:6  hazard: net.ipv4.tcp_syncookies = 0\n      a small SYN flood" in shown
    assert "→ net.ipv4.tcp_syncookies: 1" in shown
    assert "2 remarks in the file (-v prints them)" in shown
    assert "sysctl -p: no loader accepts this line" in "\n".join(texts(drawn(1, web1=results["squid"])))


def test_different_hosts_have_a_file_each(results: dict[str, Any]) -> None:
    screen = drawn(**{"web1": results["squid"], "../web 1": results["mail"], "web2": results["empty"]})
    assert set(screen.files or {}) == {"-web1", "-.._web_1", "-web2"}
    assert "web2: no kernel parameters" in texts(screen)


def test_a_host_that_was_read_without_root_is_named(results: dict[str, Any]) -> None:
    shown = texts(drawn(web1={**results["empty"], "not_root": "sudo: a password is required"}))
    assert "web1: not root: files that only root can read are left out (sudo: a password is required)" in shown


def test_names_of_files_never_collide(results: dict[str, Any]) -> None:
    assert set(drawn(**{"a b": results["squid"], "a/b": results["mail"]}).files or {}) == {"-a_b", "-a_b-2"}


def test_missing_hosts_fail(results: dict[str, Any], tmp_path: Path) -> None:
    screen = drawn(web1=results["empty"], dead1=DEAD)
    assert screen.failures == {"dead1": {"msg": "no route", "unreachable": True}}
    assert texts(screen)[-1] == "dead1  unreachable: no route"
    assert export.write(drawn(dead1=DEAD), str(tmp_path / "a.yml")) == []


def test_new_files_are_private_and_never_overwritten(results: dict[str, Any], tmp_path: Path) -> None:
    screen = drawn(web1=results["squid"], web2=results["mail"])
    target = tmp_path / "a.yml"
    written = [line.text for line in export.write(screen, str(target))]
    assert written == [f"written: {tmp_path}/a-web1.yml", f"written: {tmp_path}/a-web2.yml"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    (tmp_path / "a-web1.yml").unlink()
    with pytest.raises(InvalidOption, match=r"a-web2\.yml exists and is not overwritten"):
        export.write(screen, str(target))
    assert [path.name for path in tmp_path.iterdir()] == ["a-web2.yml"]


def test_a_directory_that_cannot_be_written_is_named(results: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match="cannot write .*: No such file"):
        export.write(drawn(web1=results["empty"]), str(tmp_path / "none" / "a.yml"))
