# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import recording, source
from ansible_collections.nettune.tcp.tests.unit.support import fleet_rows

TCP = {"states": {"LISTEN": 1}, "total": 1}


def test_rows_of_the_results_of_a_run():
    assert source.from_results(fleet_rows.results(), None) == fleet_rows.fleet()


def test_rows_of_the_fact_cache():
    hostvars = {
        "web1": {"nettune_tcp": TCP, "group_names": ["web"], "ansible_facts": {"kernel": "6.1.0"}},
        "web2": {"group_names": []},
    }
    found = source.from_cache(hostvars, ["web1", "web2"])
    assert found["hosts"] == [
        {
            "host": "web1",
            "groups": ["web"],
            "at": None,
            "release": "6.1.0",
            "python": "",
            "not_root": "",
            "facts": {"nettune_tcp": TCP},
            "profiles": None,
            "partial": [],
            "samples": None,
        }
    ]
    assert found["missing"] == [{"host": "web2", "unreachable": False, "reason": "no facts were gathered or cached"}]


@pytest.mark.parametrize("facts", [None, [], {"nettune_tcp": "{{ template }}"}])
def test_facts_of_another_form_make_a_host_missing(facts):
    hostvars = {"web1": {"__nettune_snapshots": {"at": None, "facts": facts}}}
    (missing,) = source.from_results(hostvars, ["web1"])["missing"]
    assert missing["reason"] == "its variables cannot be read: the facts are not dictionaries"


@pytest.mark.parametrize(
    ("target", "hosts", "missing"),
    [
        ("all", ["web1", "web2", "web3"], ["web4"]),
        ("web:!web1", ["web2", "web3"], ["web4"]),
        ("web[1:2]", ["web2", "web3"], []),
        ("web4", [], ["web4"]),
        (["web1", "web4"], ["web1"], ["web4"]),
    ],
)
def test_target_selects_hosts_and_groups_of_a_recording(tmp_path, target, hosts, missing):
    path = fleet_rows.recorded(tmp_path)
    found = source.chosen({}, ["localhost"], {"nettune_from": path, "target": target})
    assert [row["host"] for row in found["hosts"]] == hosts
    assert [row["host"] for row in found["missing"]] == missing
    assert all(set(row) == {"host", "unreachable", "reason"} for row in found["missing"])


def test_a_host_named_all_does_not_hide_the_others(tmp_path):
    fleet = fleet_rows.fleet()
    fleet["hosts"][0]["host"] = "all"
    path = tmp_path / "fleet.json.gz"
    path.write_bytes(recording.packed(recording.document(fleet)))
    found = source.chosen({}, ["localhost"], {"nettune_from": str(path)})
    assert [row["host"] for row in found["hosts"]] == ["all", "web2", "web3"]


def test_a_target_without_hosts_of_the_recording_is_an_error(tmp_path):
    with pytest.raises(InvalidOption, match="No host in .* matches 'mail'. Pick a group or hosts of the recording."):
        source.from_recording(fleet_rows.recorded(tmp_path), "mail")


@pytest.mark.parametrize(("given", "is_recording"), [("", False), (None, False), ("cache", False), ("x.gz", True)])
def test_paths_are_recordings(given, is_recording):
    assert source.is_recording(given) is is_recording
