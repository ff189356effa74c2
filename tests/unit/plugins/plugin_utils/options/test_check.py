# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Misspelt names and mistyped values, given with -e, in a YAML and in an INI inventory, as Ansible reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import check, origins, playbooks, role_variables, rows
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.check import Problems
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.origins import CutOff, Origins
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.values import Templates
from ansible_collections.nettune.tcp.tests.unit.support.ansible_variables import Run

SOURCES = ("-e", "yaml", "ini")


@pytest.fixture
def run_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Run]:
    """Return a function that makes a run with one variable, given in one of SOURCES."""

    def make(source: str, name: str, value: Any) -> Run:
        text = value if isinstance(value, str) else json.dumps(value)
        if source == "-e":
            command = f'{name}="{value}"' if isinstance(value, str) else json.dumps({name: value})
            return Run(monkeypatch, tmp_path, command=[command])
        if source == "ini":
            return Run(monkeypatch, tmp_path, f"[web]\nweb1\n[web:vars]\n{name}={text}\n")
        return Run(monkeypatch, tmp_path, f"all: {{hosts: {{web1: {{{name}: {json.dumps(value)}}}}}}}\n")

    return make


def options(run: Run, playbook: str) -> tuple[dict[str, Any], list[str]]:
    given = origins.read(run.task_vars, run.loader, run.hosts)
    return check.options(rows.of(playbook), given, Templates(run.task_vars, run.loader))


def names(run: Run, playbook: str) -> Problems:
    given = origins.read(run.task_vars, run.loader, run.hosts)
    allowed = check.allowed_names(given, Templates(run.task_vars, run.loader))
    return check.check_names(given, known=role_variables.names(), roles=playbooks.find(playbook).roles, allowed=allowed)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("playbook", "name", "value", "expected"),
    [
        ("facts", "nettune_top", "20", 20),
        ("facts", "nettune_sample", "2.5", 2.5),
        ("facts", "nettune_sample", "10", 10.0),
        ("facts", "nettune_subset", "min,queues", ["min", "queues"]),
        ("facts", "nettune_subset", ["min", "queues"], ["min", "queues"]),
        ("facts", "nettune_from", "cache", "cache"),
        ("verify", "nettune_expect", "web", ["web"]),
        ("verify", "nettune_expect", "web, client", ["web", "client"]),
        ("verify", "nettune_timeout", "{{ 60 + 30 }}", 90),
        ("trial", "nettune_trial_candidates", "3,7,2", [3, 7, 2]),
        ("trial", "nettune_trial_candidates", "3", [3]),
        ("trial", "nettune_trial_candidates", [3, "4096 16384 65536"], [3, "4096 16384 65536"]),
        ("trial", "nettune_trial_again", "yes", True),
        ("trial", "nettune_trial_again", "false", False),
        ("diagnose", "nettune_fail_on", "critical,warning", ["critical", "warning"]),
        ("diagnose", "nettune_thresholds", {"close_wait": {"sockets": 5}}, {"close_wait": {"sockets": 5}}),
        ("lint", "nettune_kernel", "6.12", "6.12"),
    ],
)
def test_option_is_converted(
    run_with: Callable[..., Run], source: str, playbook: str, name: str, value: Any, expected: Any
) -> None:
    found, errors = options(run_with(source, name, value), playbook)
    assert found[name] == expected
    assert not [error for error in errors if name in error]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("playbook", "name", "value", "message"),
    [
        ("facts", "nettune_top", "many", "'many'; it must be a whole number."),
        ("facts", "nettune_top", "0", "0; it must be between 1 and 1000."),
        ("facts", "nettune_top", 1001, "1001; it must be between 1 and 1000."),
        ("facts", "nettune_top", 1234567, "1234567; it must be between 1 and 1000."),
        ("facts", "nettune_top", 1.5, "1.5; it must be a whole number."),
        ("facts", "nettune_top", [5], "[5]; it must be a whole number."),
        ("facts", "nettune_sample", "10s", "'10s'; it must be a number."),
        ("facts", "nettune_sample", -1, "-1; it must be between 0 and 3600."),
        ("facts", "nettune_source", "netlink", "'netlink'; allowed are auto, exact, procfs."),
        ("facts", "nettune_source", "exct", "'exct'; did you mean exact? Allowed are auto, exact, procfs."),
        ("facts", "nettune_help", "maybe", "'maybe'; it must be true or false."),
        ("facts", "nettune_rows", "{{ nowhere }}", "its template cannot be evaluated: 'nowhere' is undefined."),
        ("facts", "nettune_rows", "{{ 1 + }}", "its template cannot be evaluated: "),
        ("query", "nettune_format", "card", "'card'; allowed are table, json."),
        ("diagnose", "nettune_format", "table", "'table'; allowed are card, json."),
        ("diagnose", "nettune_thresholds", "close_wait=5", "it must be a dictionary, for example {name: value}."),
        ("diagnose", "nettune_fail_on", "crit", "contains 'crit'; did you mean critical? Allowed are info, "),
        ("verify", "nettune_timeout", "1m", "'1m'; it must be a whole number."),
        ("verify", "nettune_profile", ["web"], '["web"]; it must be text.'),
        ("verify", "nettune_expect", {"a": 1}, "it must be a list, or values separated by commas."),
        ("watch", "nettune_interval", "0.1", "0.1; it must be between 0.5 and 3600."),
        ("watch", "nettune_count", -1, "-1; it must be 0 or more."),
        ("trial", "nettune_trial_keep", "always", "'always'; allowed are never, best."),
        ("trial", "nettune_trial_again", "perhaps", "'perhaps'; it must be true or false."),
        ("trial", "nettune_trial_settle", "1h", "'1h'; it must be a number."),
        ("lint", "nettune_fail_on", "typos", "contains 'typos'; did you mean typo? Allowed are info, "),
    ],
)
def test_value_is_refused_in_one_sentence(
    run_with: Callable[..., Run], source: str, playbook: str, name: str, value: Any, message: str
) -> None:
    _found, errors = options(run_with(source, name, value), playbook)
    (error,) = [error for error in errors if error.startswith(name)]
    assert message in error
    assert "\n" not in error
    assert error.endswith(".")


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *(("nettune_sampel", "nettune_sample"), ("nettune_profil", "nettune_profile")),
        *(("tuning_persitent", "tuning_persistent"), ("tuning_hazards", "tuning_accept_hazards")),
    ],
)
def test_misspelt_name_is_refused(run_with: Callable[..., Run], source: str, name: str, meant: str) -> None:
    (error,) = names(run_with(source, name, "1"), "tune_web").errors
    assert error.startswith("-e: " if source == "-e" else "the inventory: ")
    assert f"did you mean {meant}?" in error


@pytest.mark.parametrize("source", SOURCES)
def test_name_with_the_prefix_of_a_role(run_with: Callable[..., Run], source: str) -> None:
    found = names(run_with(source, "web_nofil", "1"), "tune_web")
    assert (len(found.errors), len(found.warnings)) == ((1, 0) if source == "-e" else (0, 1))
    assert names(run_with(source, "web_nofil", "1"), "tune_mail") == Problems([], [])
    assert names(run_with(source, "web_root", "1"), "tune_web") == Problems([], [])


def test_name_on_many_hosts_is_reported_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = Run(monkeypatch, tmp_path, "[web]\nweb[1:20]\n[web:vars]\nweb_nofil=1\ntuning_persitent=false\n")
    found = names(run, "tune_web")
    assert [text.partition(":")[0] for text in (*found.errors, *found.warnings)] == ["web[1-20]", "web[1-20]"]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("allow", ["tuning_persitent", ["tuning_persitent"]], ids=["text", "list"])
def test_name_can_be_permitted(run_with: Callable[..., Run], source: str, allow: Any) -> None:
    run = run_with(source, "nettune_allow_variables", allow)
    given = origins.read(run.task_vars, run.loader, run.hosts)
    allowed = check.allowed_names(given, Templates(run.task_vars, run.loader))
    assert allowed == {"tuning_persitent"}
    more = Origins({"tuning_persitent": 1}, {}, {})
    assert check.check_names(more, known=(), roles=(), allowed=allowed) == Problems([], [])


def test_old_names_are_refused_from_the_command_line_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = Run(monkeypatch, tmp_path, "web1 profile=production format=x\n", command=["profile=mail", "from_cache=true"])
    given = origins.read(run.task_vars, run.loader, run.hosts)
    assert check.renamed(given.extra, ()) == [
        "-e: profile is now called nettune_profile.",
        "-e: from_cache is now nettune_from=cache.",
    ]
    found, errors = options(run, "revert")
    assert (found["nettune_profile"], errors) == (None, [])
    assert names(run, "revert") == Problems([], [])


@pytest.mark.parametrize(("tag", "near"), [("verfy", "verify"), ("Sysctl", "sysctl"), ("nofiles", "nofile")])
def test_misspelt_tag(tag: str, near: str) -> None:
    """Ansible would run no task, and report success."""
    (error,) = check.tags([tag, "verify"], ["always"])
    assert error.startswith(f"--tags: no task has the tag {tag}; did you mean {near}?")
    assert check.tags([tag], ["always", tag]) == []
    assert check.tags(["all", "web", "always", "tagged", near], ["always"]) == []


def test_tags_that_no_task_has_get_one_warning() -> None:
    (warning,) = check.idle(["deploy", "nofile"], ["always"], [])
    assert warning == (
        "--tags deploy,nofile: no task of this playbook has such a tag, so only its options were checked."
    )
    assert check.idle(["deploy", "nofile"], ["always"], ["nofile"]) == []
    assert check.idle(["deploy"], ["always", "deploy"], []) == check.idle(["all"], ["always"], []) == []


def test_hosts_that_disagree_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    inventory = "[web]\nweb[1:3]\n[web:vars]\nnettune_top=5\n[db]\ndb1 nettune_top=7\ndb2\n"
    run = Run(monkeypatch, tmp_path, inventory)
    _found, errors = options(run, "facts")
    assert errors == [
        "nettune_top is not the same on all hosts (5 on web[1-3]; 7 on db1; not set on db2);"
        " set it with -e nettune_top=…."
    ]
    found, errors = options(Run(monkeypatch, tmp_path, inventory, command=["nettune_top=9"]), "facts")
    assert (found["nettune_top"], errors) == (9, [])
    found, errors = options(Run(monkeypatch, tmp_path, inventory, play={"nettune_top": 4}), "facts")
    assert (found["nettune_top"], errors) == (4, [])


def test_hosts_that_agree_may_use_different_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = Run(monkeypatch, tmp_path, "web1 nettune_top=5\nweb2 nettune_top='{{ 2 + 3 }}'\n")
    found, errors = options(run, "facts")
    assert (found["nettune_top"], errors) == (5, [])


@pytest.mark.parametrize(
    ("cut", "message"),
    [
        (
            CutOff("nettune_query", "hosts[?total", ">"),
            "-e splits on spaces and truncated nettune_query to 'hosts[?total';"
            " quote the value, e.g. -e 'nettune_query=\"…\"'.",
        ),
        (
            CutOff("", "", "web"),
            "-e: 'web' is not NAME=VALUE. Write no spaces around =, and quote a value that contains spaces,"
            " e.g. -e 'NAME=\"…\"'.",
        ),
    ],
)
def test_cut_off(cut: CutOff, message: str) -> None:
    assert check.cut_off([cut]) == [message]
