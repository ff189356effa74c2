# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where variables come from, with Ansible's own inventory and variable manager."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import origins
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.origins import CutOff
from ansible_collections.nettune.tcp.tests.unit.support.ansible_variables import Run

INI = "web1 nettune_top=5\n[web]\nweb1\nweb2\n[web:vars]\ntuning_reserved_ports=7005\n"
YAML = "all:\n  hosts: {web1: {nettune_top: 5}}\n  children: {web: {hosts: {web1: {}}, vars: {nettune_rows: 7}}}\n"


def test_inventory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = Run(monkeypatch, tmp_path, INI)
    found = origins.read(run.task_vars, run.loader, run.hosts)
    assert set(found.hosts) == {"web1", "web2"}
    assert {name: found.hosts["web1"][name] for name in ("nettune_top", "tuning_reserved_ports")} == {
        "nettune_top": 5,
        "tuning_reserved_ports": 7005,
    }
    assert "nettune_top" not in found.hosts["web2"]


def test_yaml_inventory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = Run(monkeypatch, tmp_path, YAML)
    found = origins.read(run.task_vars, run.loader, run.hosts)
    assert {name: found.hosts["web1"][name] for name in ("nettune_top", "nettune_rows")} == {
        "nettune_top": 5,
        "nettune_rows": 7,
    }


def test_group_vars_and_host_vars(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for directory, name, text in (("group_vars", "web", "nettune_top: 8"), ("host_vars", "web1", "tuning_nofile: 9")):
        (tmp_path / directory).mkdir()
        (tmp_path / directory / f"{name}.yml").write_text(text)
    run = Run(monkeypatch, tmp_path, "[web]\nweb1\n")
    found = origins.read(run.task_vars, run.loader, run.hosts)
    assert (found.hosts["web1"]["nettune_top"], found.hosts["web1"]["tuning_nofile"]) == (8, 9)


def test_extra_variables_win_and_are_not_those_of_the_play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    extra = tmp_path / "extra.yml"
    extra.write_text("nettune_rows: 7\n")
    run = Run(monkeypatch, tmp_path, INI, command=["nettune_top=9", '{"nettune_count": 3}', f"@{extra}"])
    found = origins.read(run.task_vars, run.loader, run.hosts)
    assert found.extra == {"nettune_top": "9", "nettune_count": 3, "nettune_rows": 7}
    assert "nettune_top" not in found.hosts["web1"]
    assert not [name for name in found.play if name.startswith("nettune_")]


def test_variables_of_the_play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = Run(monkeypatch, tmp_path, INI, play={"nettune_top": 6, "web_root": "/srv"})
    found = origins.read(run.task_vars, run.loader, run.hosts)
    assert (found.play["nettune_top"], found.play["web_root"]) == (6, "/srv")
    assert "tuning_reserved_ports" not in found.play


def test_facts_and_registered_results_are_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = Run(
        monkeypatch,
        tmp_path,
        facts={"nettune_tcp": {}, "nettune_cached": 1},
        registered={"nettune_gathered": {}, "tuning_persitent": True},
    )
    found = origins.read(run.task_vars, run.loader, run.hosts)
    ours = ("nettune_", "tuning_")
    for variables in (found.extra, found.play, found.hosts["web1"]):
        assert not [name for name in variables if name.startswith(ours)]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("nettune_query=hosts[].host", []),
        ('nettune_query="hosts[?total > `5`].host"', []),
        ("@file with spaces", []),
        ("nettune-profile=web", []),
        ('{"nettune_query": "a b"}', []),
        ("nettune_query=hosts[?total > `5`]", [CutOff("nettune_query", "hosts[?total", ">")]),
        ("nettune_top=5 nettune_query=a b", [CutOff("nettune_query", "a", "b")]),
        ("nettune_query=a b nettune_top=5", [CutOff("nettune_query", "a", "b")]),
        ("nettune_query=hosts[?a == `1`]", [CutOff("nettune_query", "hosts[?a", "==")]),
        ("tuning_health_command=curl -sf x", [CutOff("tuning_health_command", "curl", "-sf")]),
        ("web", [CutOff("", "", "web")]),
    ],
)
def test_cut_off(monkeypatch: pytest.MonkeyPatch, command: str, expected: list[CutOff]) -> None:
    monkeypatch.setattr(origins.context, "CLIARGS", {"extra_vars": (command,)})
    assert origins.cut_off() == expected
