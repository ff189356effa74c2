# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording and the fact cache give the same incidents as the hosts themselves, also with other names."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.both_ends import trimmed
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import recording
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.anonymous import anonymised
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.rows import NOTHING
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.findings import draw
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.tests.unit.support.simulated_faults import FAULTS, leak

AT = "2026-11-29T09:30:00Z"


def live(*hosts):
    variables = {}
    for host in hosts:
        facts = host.facts()
        variables[host.name] = {"got": {**diagnose(facts), "facts": trimmed(facts)}}
    return draw(Run(variables, list(variables), [], width=120, args={"registered": "got"}))


def recorded(directory, *hosts, times=(AT, AT), anonymous=False):
    rows = [
        {**NOTHING, "host": host.name, "groups": [], "facts": host.facts(), "at": at} for host, at in zip(hosts, times)
    ]
    document = recording.document({"hosts": rows, "missing": []})
    path = directory / "fleet.json.gz"
    path.write_bytes(recording.packed(anonymised(document) if anonymous else document))
    options = {"nettune_from": str(path)}
    return draw(Run({}, ["localhost"], ["localhost"], width=120, args={"options": options}))


@pytest.mark.parametrize("fault", FAULTS)
def test_the_same_cards_as_live(fault, tmp_path):
    expected, found = live(*fault()), recorded(tmp_path, *fault())
    assert [line.text for line in found.lines] == [line.text for line in expected.lines]
    assert found.document["incidents"] == expected.document["incidents"] != []
    assert found.document["hosts"] == expected.document["hosts"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_recording_with_other_names(fault, tmp_path):
    expected, found = live(*fault()).document["incidents"], recorded(tmp_path, *fault(), anonymous=True)
    kinds = [(one["kind"], one["port"], one["cause"]["count"]) for one in found.document["incidents"]]
    assert kinds == [(one["kind"], one["port"], one["cause"]["count"]) for one in expected]


def test_hosts_that_were_recorded_at_different_times(tmp_path):
    assert recorded(tmp_path, *leak(), times=(AT, "2026-11-30T09:30:00Z")).document["incidents"] == []


def test_the_fact_cache():
    variables = {host.name: {"ansible_facts": host.facts(), "group_names": []} for host in leak()}
    screen = draw(Run(variables, list(variables), [], width=120, args={"options": {"nettune_from": "cache"}}))
    assert [one["caused_by"] for one in screen.document["incidents"]] == ["app.service on web3"]
