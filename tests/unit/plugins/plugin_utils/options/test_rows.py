# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options agree with the modules that the playbooks run, and with each other."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import contents, playbooks, rows
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.check import options
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.origins import Origins
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.rows import Row


def row(playbook: str, name: str) -> Row:
    return next(each for each in rows.of(playbook) if each.name == name)


@pytest.mark.parametrize(
    ("playbook", "module", "option", "argument"),
    [
        *(("facts", "tcp_facts", f"nettune_{name}", name) for name in ("top", "sample", "source")),
        ("facts", "tcp_facts", "nettune_subset", "gather_subset"),
        *(
            ("diagnose", "tcp_diagnosis_info", f"nettune_{name}", name)
            for name in ("top", "sample", "thresholds", "idle_timeout")
        ),
        *(("watch", "tcp_watch", f"nettune_{name}", name) for name in ("interval", "count")),
        *(
            ("trial", "sysctl_trial", f"nettune_trial_{name}", name)
            for name in ("minimise", "guards", "settle", "window", "interval", "keep", "accept_hazards", "again")
        ),
        ("verify", "profile_info", "nettune_expect", "expect"),
    ],
)
def test_option_is_that_of_the_module(playbook: str, module: str, option: str, argument: str) -> None:
    spec: dict[str, Any] = getattr(modules(module), "ARGUMENTS", SPECS.get(module))[argument]
    found = row(playbook, option)
    default = list(found.default) if isinstance(found.default, tuple) else found.default
    assert (default, found.kind) == (spec.get("default"), spec.get("type"))
    assert list(found.choices) == list(spec.get("choices", ()))


SPECS = {"profile_info": {"expect": {"type": "list", "default": []}}}


def modules(name: str) -> Any:
    return importlib.import_module(f"ansible_collections.nettune.tcp.plugins.modules.{name}")


@pytest.mark.parametrize("playbook", playbooks.NAMES)
def test_names_of_a_playbook_are_unique(playbook: str) -> None:
    found = [each.name for each in rows.of(playbook)]
    assert sorted(found) == sorted(set(found))
    assert {rows.OUTPUT, rows.HELP, rows.ALLOW} <= set(found)


@pytest.mark.parametrize("each", rows.ROWS, ids=lambda each: f"{each.name}-{each.used_by[0]}")
def test_example_is_allowed_and_the_default_too(each: Row) -> None:
    assert set(each.used_by) <= set(playbooks.NAMES)
    assert not each.meaning.endswith(".")
    found, errors = options([each], Origins({each.name: each.example}, {}, {}), lambda _name, value, _host: value)
    assert errors == []
    if each.default is not None:
        found, errors = options([each], Origins({each.name: each.default}, {}, {}), lambda _name, value, _host: value)
        assert (found[each.name], errors) == (list(each.default) if each.kind == "list" else each.default, [])


def test_playbooks_are_found_by_both_spellings() -> None:
    assert playbooks.find("tune-web") is playbooks.find("tune_web")
    assert playbooks.find("tune_web").roles == ("tuning", "web")
    assert playbooks.find("facts").roles == ()


def test_contents_checks_only_known_playbooks() -> None:
    assert set(contents._CHECKS) <= set(playbooks.NAMES)
