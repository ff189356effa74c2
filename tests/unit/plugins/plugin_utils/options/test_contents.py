# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of files, queries, thresholds, profiles and trials before any host is contacted."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import query
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import check, contents, rows
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.origins import Origins
from ansible_collections.nettune.tcp.tests.unit.support import report_fleets

TRIAL = {"nettune_trial_key": "net.ipv4.tcp_orphan_retries", "nettune_trial_candidates": "3,7"}


def checked(playbook: str, **given: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the options after the check, and the errors."""
    table = rows.of(playbook)
    options, errors = check.options(table, Origins(given, {}, {}), lambda _name, value, _host: value)
    return options, [*errors, *check.missing(table, options), *contents.check(playbook, options)]


def test_output_becomes_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "old.csv").touch()
    assert checked("facts", nettune_output="new.json")[0][rows.OUTPUT] == str(tmp_path / "new.json")
    assert checked("facts", nettune_output="~/old.csv") == (
        {**checked("facts")[0], rows.OUTPUT: str(tmp_path / "old.csv")},
        [],
    )
    assert not (tmp_path / "new.json").exists()


def test_a_recording_has_a_default_name_and_one_suffix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert checked("record")[0][rows.OUTPUT] == str(tmp_path / "nettune-recording.json.gz")
    refused = checked("record", nettune_output="x.json")[1]
    assert refused == ["nettune_output is 'x.json'; its name must end with .json.gz."]


def test_variables_are_written_to_a_new_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    options, errors = checked("adopt")
    assert (options["nettune_profile"], options[rows.OUTPUT], errors) == (
        "adopted",
        f"{tmp_path}/nettune-adopt.yml",
        [],
    )
    (tmp_path / "old.yml").touch()
    assert checked("adopt", nettune_output="old.yml")[1] == [
        f"nettune_output: {tmp_path}/old.yml exists and is not overwritten; remove it or choose another file."
    ]


@pytest.mark.parametrize("playbook", ["facts", "diagnose", "query", "report"])
def test_recordings_are_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, playbook: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "monday.json.gz").touch()
    query = {"nettune_query": "hosts"} if playbook == "query" else {}
    assert checked(playbook, nettune_from="cache", **query)[0]["nettune_from"] == "cache"
    options, errors = checked(playbook, nettune_from="monday.json.gz", **query)
    assert (options["nettune_from"], errors) == (str(tmp_path / "monday.json.gz"), [])
    for given, message in (
        ("cahce", "nettune_from is 'cahce'; did you mean cache?"),
        ("tuesday.json.gz", f"nettune_from: cannot read {tmp_path}/tuesday.json.gz: No such file or directory."),
        (".", f"nettune_from: {tmp_path} is not a regular file; name a file such as nettune-recording.json.gz."),
    ):
        assert checked(playbook, nettune_from=given, **query)[1] == [message]


def test_the_result_of_a_trial_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trial.json").write_text(json.dumps(report_fleets.trial()))
    options, errors = checked("report", nettune_trial="trial.json")
    assert (options["nettune_trial"], errors) == (str(tmp_path / "trial.json"), [])
    assert checked("report", nettune_trial="none.json")[1] == [
        f"nettune_trial: cannot read {tmp_path}/none.json: No such file or directory; name a file that"
        " nettune.tcp.trial -e nettune_output=trial.json has written."
    ]
    (tmp_path / "watch.csv").write_text("time,host\n")
    assert checked("report", nettune_trial="watch.csv")[1] == [
        f"nettune_trial: {tmp_path}/watch.csv is not a result of the playbook trial: it does not contain JSON; name a"
        " file that nettune.tcp.trial -e nettune_output=trial.json has written."
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("x.txt", "nettune_output is 'x.txt'; its name must end with .json or .csv."),
        ("none/x.json", "nettune_output: there is no directory {here}/none; create it or choose another file."),
        ("folder.json", "nettune_output: {here}/folder.json is not a regular file; choose another name."),
        ("pipe.json", "nettune_output: {here}/pipe.json is not a regular file; choose another name."),
    ],
)
def test_output_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    assert checked("facts", nettune_output=given)[1] == [message.format(here=tmp_path)]


def test_no_permission(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(**_options: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    monkeypatch.setattr("os.access", lambda *_arguments: False)
    for name in ("sysctl.conf", "old.csv"):
        (tmp_path / name).touch()
    for playbook, name in (("facts", "x.json"), ("facts", "old.csv"), ("watch", "x.json")):
        path = tmp_path / name
        assert checked(playbook, nettune_output=str(path))[1] == [
            f"nettune_output: cannot write {path}: Permission denied; choose another file."
        ]
    assert checked("watch", nettune_output=str(tmp_path / "old.csv"))[1] == [
        f"nettune_output: no permission to write {tmp_path / 'old.csv'}; choose another file."
    ]
    assert checked("lint", nettune_file=str(tmp_path / "sysctl.conf"))[1] == [
        f"nettune_file: no permission to read {tmp_path / 'sysctl.conf'}."
    ]


def test_samples_have_a_file_named_after_the_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    options, errors = checked("watch")
    assert errors == []
    assert re.fullmatch(rf"{tmp_path}/nettune-watch-\d{{8}}T\d{{6}}\.csv", options[rows.OUTPUT])
    assert checked("facts")[0][rows.OUTPUT] is None


def test_file_system_without_files_of_its_own() -> None:
    assert checked("facts", nettune_output="/proc/x.json")[1] == [
        "nettune_output: cannot write /proc/x.json: No such file or directory; choose another file."
    ]


def test_file_to_lint(tmp_path: Path) -> None:
    path = tmp_path / "sysctl.conf"
    path.touch()
    assert checked("lint", nettune_file=str(path))[1] == []
    assert checked("lint")[1] == ["nettune_file is required, for example -e nettune_file=/etc/sysctl.conf."]
    assert checked("lint", nettune_file=str(tmp_path))[1] == [
        f"nettune_file: {tmp_path} is not a regular file; name a file such as /etc/sysctl.conf."
    ]
    assert checked("lint", nettune_file=f"{path}x")[1] == [
        f"nettune_file: cannot read {path}x: No such file or directory."
    ]


@pytest.mark.skipif(query.jmespath is None, reason="jmespath is not installed")
def test_query() -> None:
    assert checked("query", nettune_query="hosts[].host")[1] == []
    assert checked("query")[1] == ["nettune_query is required, for example -e nettune_query=hosts[].host."]
    (error,) = checked("query", nettune_query="hosts[")[1]
    assert error.startswith("'hosts[' is not a valid JMESPath expression: unexpected end at position 7.")


def test_query_without_jmespath(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "jmespath", None)
    (error,) = checked("query", nettune_query="hosts[].host")[1]
    assert "pip install jmespath" in error
    assert checked("facts")[1] == []


def test_thresholds() -> None:
    assert checked("diagnose")[1] == []
    (error,) = checked("diagnose", nettune_thresholds={"closewait": {}})[1]
    assert "closewait" in error


@pytest.mark.parametrize("given", [{"nettune_profile": "Web"}, {"nettune_profile": "../x"}])
@pytest.mark.parametrize("playbook", ["verify", "revert"])
def test_profile_names(playbook: str, given: dict[str, str]) -> None:
    (error,) = checked(playbook, **given)[1]
    assert error.startswith(f"nettune_profile: '{given['nettune_profile']}' is not the name of a profile")
    assert checked(playbook, nettune_profile="million_connections")[1] == []


def test_expected_profiles() -> None:
    assert checked("verify", nettune_expect="web,mail")[1] == []
    (error,) = checked("verify", nettune_expect="web,Mail")[1]
    assert error.startswith("nettune_expect: 'Mail' is not the name of a profile")


def test_trial() -> None:
    options, errors = checked("trial", **TRIAL, nettune_trial_minimise="states.LAST_ACK")
    assert (options["nettune_trial_name"], options["nettune_trial_candidates"], errors) == (
        "tcp_orphan_retries",
        [3, 7],
        [],
    )
    named = checked("trial", **TRIAL, nettune_trial_minimise="total", nettune_trial_name="mine")[0]
    assert named["nettune_trial_name"] == "mine"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "set nettune_trial_minimise or nettune_trial_maximise, for example"),
        (
            {"nettune_trial_minimise": "total", "nettune_trial_maximise": "total"},
            "set only one of nettune_trial_minimise and nettune_trial_maximise",
        ),
        ({"nettune_trial_minimise": "total +"}, "nettune_trial_minimise: "),
        (
            {"nettune_trial_minimise": "total", "nettune_trial_guards": "total"},
            "nettune_trial_guards: 'total' is not a",
        ),
        ({"nettune_trial_minimise": "total", "nettune_trial_window": 2}, "a window of 2 s with a reading every 5 s"),
        (
            {"nettune_trial_minimise": "total", "nettune_trial_name": "Mine"},
            "nettune_trial_name: 'Mine' is not allowed",
        ),
    ],
)
def test_trial_that_no_host_can_run(given: dict[str, Any], message: str) -> None:
    (error,) = checked("trial", **TRIAL, **given)[1]
    assert error.startswith(message)


def test_message_about_a_trial_names_the_options_of_the_playbook() -> None:
    (error,) = checked("trial", **TRIAL, nettune_trial_minimise="total", nettune_trial_window="4")[1]
    assert error.endswith("set nettune_trial_window to at least 25 or nettune_trial_interval to a lower value.")


def test_trial_without_key() -> None:
    assert checked("trial", nettune_trial_minimise="total")[1] == [
        "nettune_trial_key and nettune_trial_candidates are required, for example"
        " -e nettune_trial_key=net.ipv4.tcp_orphan_retries -e nettune_trial_candidates=3,7,2."
    ]


def test_the_file_of_metrics_has_its_own_suffix(tmp_path: Path) -> None:
    asked = {"nettune_textfile_directory": "/var/lib/node_exporter/", "nettune_output": str(tmp_path / "a.prom")}
    options, errors = checked("metrics", **asked)
    assert not errors
    assert options["nettune_textfile_directory"] == "/var/lib/node_exporter"
    assert checked("metrics", nettune_output="a.json")[1] == [
        "nettune_output is 'a.json'; its name must end with .prom."
    ]


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("nettune_textfile_directory", "../x", "it must be an absolute path, such as /var/lib/node_exporter."),
        ("nettune_textfile_directory", "/", "it must be an absolute path"),
        ("nettune_from", "/nonexistent.json.gz", "nettune_from: cannot read"),
        ("nettune_metrics_peers", 11, "nettune_metrics_peers is 11, but nettune_top is 10; raise that too"),
    ],
)
def test_options_of_metrics(option: str, value: Any, message: str) -> None:
    _options, errors = checked("metrics", **{option: value})
    assert message in errors[0]


def test_textfiles_need_hosts() -> None:
    _options, errors = checked("metrics", nettune_textfile_directory="/var/lib/x", nettune_from="cache")
    assert "nettune_textfile_directory cannot be combined with nettune_from" in errors[0]
