# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording is written with all that other playbooks need, and they show the same as on live hosts."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.action import show
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.both_ends import trimmed
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import recording
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import (
    export,
    facts,
    findings,
    metrics,
    query,
    record,
    report,
)
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import ActionFailure
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.tests.unit.support import fleet_rows, simulated_faults

HOSTS = ["web1", "web2", "web3", "web4"]
SERIES = [{"time": f"2026-11-29T09:30:{second:02}Z", "host": "web1", "LISTEN": 2} for second in (0, 10, 20)]


def hostvars(**watched):
    found = fleet_rows.results()
    for host, result in watched.items():
        found[host]["__nettune_watched"] = result
    found["web4"]["group_names"] = ["debian", "web"]
    return found


def drawn(variables=None, **options):
    return record.draw(Run(variables or hostvars(), HOSTS, HOSTS, args={"options": options}))


def text(screen):
    return [line.text for line in screen.lines]


@pytest.fixture
def path(tmp_path):
    """Return the path of a recording of the fleet, as the playbook writes it."""
    path = str(tmp_path / "fleet.json.gz")
    export.write(drawn(), path)
    return path


def live(**options):
    """Return a run in which the hosts were gathered and have diagnosed themselves."""
    variables = {}
    for row in fleet_rows.fleet()["hosts"]:
        gathered = {"ansible_facts": row["facts"]}
        variables[row["host"]] = {**row["facts"], "gathered": gathered, "diagnosed": diagnose(row["facts"])}
    gone = {"unreachable": True, "msg": fleet_rows.row("missing")["reason"]}
    variables["web4"] = {"gathered": gone, "diagnosed": gone}
    registered = "diagnosed" if options.pop("screen") is findings else "gathered"
    return Run(variables, HOSTS, HOSTS, args={"registered": registered, "options": options})


def from_recording(path, **options):
    options.pop("screen", None)
    return Run({}, ["localhost"], ["localhost"], args={"options": {**options, "nettune_from": path}})


def test_the_recording_has_all_hosts_with_groups_and_samples():
    watched = {"samples": 3, "series": SERIES}
    variables = hostvars(web1=watched, web2={"failed": True, "msg": "timed out"}, web3=watched)
    screen = drawn(variables, nettune_samples=3)
    assert text(screen) == [
        "web2  no samples: timed out",
        "web4  unreachable: Failed to connect to the host via ssh: ssh: connect to host",
        "    web4 port 22: Connection timed out",
        "",
        "3 of 4 hosts recorded, 6 samples",
    ]
    assert screen.document["hosts"][0]["samples"]["series"] == {"LISTEN": [2, 2, 2]}
    assert screen.document["missing"][0]["groups"] == ["debian", "web"]
    assert list(screen.failures) == ["web4"]


def test_what_could_not_be_read_is_shown():
    variables = hostvars()
    for host in ("web1", "web3"):
        variables[host]["__nettune_snapshots"]["partial"] = [{"what": "profiles", "reason": "needs root"}]
    assert text(drawn(variables))[0] == "web1, web3 without profiles: needs root"


def test_an_anonymous_recording(tmp_path):
    path = tmp_path / "fleet.json.gz"
    screen = drawn(nettune_anonymise=True)
    assert text(screen)[-1] == "3 of 4 hosts recorded, names and addresses replaced"
    export.write(screen, str(path))
    found = recording.read(str(path))
    assert [row["host"] for row in found["hosts"]] == ["host-1", "host-2", "host-3"]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("screen", "options"),
    [
        (findings, {}),
        (findings, {"nettune_format": "json"}),
        (facts, {"nettune_rows": 0}),
        (query, {"nettune_query": "hosts[].{host: host, sockets: total, leak: states.CLOSE_WAIT}"}),
        (query, {"nettune_query": "hosts", "nettune_format": "json"}),
    ],
)
def test_screens_are_the_same_as_those_of_live_hosts(path, screen, options):
    shown, recorded = screen.draw(live(screen=screen, **options)), screen.draw(from_recording(path, **options))
    assert text(recorded) == text(shown)
    assert recorded.rows == shown.rows
    assert json.loads(json.dumps(recorded.document)) == json.loads(json.dumps(shown.document))


def test_incidents_of_a_recording_are_those_of_live_hosts(tmp_path):
    web, proxy = simulated_faults.leak()
    waiting = simulated_faults.full()[1]
    waiting.name = "proxy2"
    waiting.addresses = ["10.0.0.8"]
    hosts = {each["host"]: each["facts"] for each in (web.row(), proxy.row(), waiting.row())}
    gone = {"unreachable": True, "msg": "Connection timed out"}
    variables: dict = {
        name: {
            "__nettune_snapshots": {"at": None, "facts": found},
            "diagnosed": {**diagnose(found), "facts": trimmed(found)},
        }
        for name, found in hosts.items()
        if name != "web3"
    }
    variables["web3"] = {"__nettune_snapshots": gone, "diagnosed": gone, "ansible_host": simulated_faults.WEB}
    path = tmp_path / "fleet.json.gz"
    export.write(record.draw(Run(variables, list(variables), [])), str(path))
    shown = findings.draw(Run(variables, list(variables), [], args={"registered": "diagnosed"}))
    recorded = findings.draw(from_recording(str(path)))
    assert "unreachable" in {incident["kind"] for incident in shown.document["incidents"]}
    assert text(recorded) == text(shown)
    assert json.loads(json.dumps(recorded.document)) == json.loads(json.dumps(shown.document))


def test_target_selects_the_cards(path):
    assert text(findings.draw(from_recording(path, target="web1")))[0] == "nothing found: web1"


def test_missing_hosts_of_a_recording_do_not_fail_the_run(path):
    for screen in (findings, facts, query):
        run = from_recording(path, nettune_query="hosts", nettune_fail_on=["critical"])
        assert show.failures_of(screen.draw(run), run) == {}


def test_findings_of_recorded_hosts_fail_the_host_of_the_play(path):
    run = from_recording(path, nettune_fail_on=["warning"])
    ((host, failure),) = show.failures_of(findings.draw(run), run).items()
    assert host == "localhost"
    assert failure["msg"].startswith("web3: warning: 812 connections in CLOSE_WAIT")


def test_thresholds_apply_to_recorded_hosts(path):
    run = from_recording(path, nettune_thresholds={"close_wait": {"critical": 5}})
    assert findings.draw(run).document["hosts"][2] != findings.draw(from_recording(path)).document["hosts"][2]


def test_cached_facts_are_diagnosed():
    variables = {"web1": fleet_rows.row("web3")["facts"], "web2": {}, "web3": {"nettune_tcp": {"states": 7}}}
    run = Run(variables, list(variables), [], args={"options": {"nettune_from": "cache"}})
    screen = findings.draw(run)
    assert screen.document["hosts"][0]["findings"][0]["id"] == "close_wait"
    assert [row["host"] for row in screen.document["missing"]] == ["web2", "web3"]
    assert list(screen.failures) == ["web2", "web3"]


SCREENS = (facts, findings, query, report)


def from_cache(rows, **options):
    hostvars = {row["host"]: row["facts"] for row in rows["hosts"]}
    options = {"nettune_from": "cache", **options}
    return Run(hostvars, list(hostvars), [], args={"registered": "gathered", "options": options})


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"total": "many"}, "nettune_tcp.total must be a whole number, 0 or more, not 'many'"),
        ({"total": 1.5}, "nettune_tcp.total must be a whole number, 0 or more, not 1.5"),
        ({"states": []}, "nettune_tcp.states must be a dictionary, not a list"),
        ({"partial": ["conntrack"]}, "nettune_tcp.partial[0] must be a dictionary, not 'conntrack'"),
    ],
)
def test_a_host_whose_facts_have_another_form_is_missing_on_each_screen(tmp_path, screen, changed, reason):
    rows = fleet_rows.fleet()
    rows["hosts"][0]["facts"]["nettune_tcp"].update(changed)
    path = tmp_path / "fleet.json.gz"
    path.write_bytes(recording.packed(recording.document(rows)))
    option = {"nettune_query": "hosts[].host"}
    for run in (from_cache(rows, **option), from_recording(str(path), **option)):
        shown = " ".join(" ".join(text(screen.draw(run))).split())
        assert rows["hosts"][0]["host"] in shown
        assert reason in shown


@pytest.mark.parametrize("screen", SCREENS)
def test_a_cached_number_that_no_computation_can_take_is_refused(screen):
    rows = fleet_rows.fleet()
    rows["hosts"][0]["facts"]["nettune_tcp"]["states"]["CLOSE_WAIT"] = 10**400
    shown = " ".join(text(screen.draw(from_cache(rows, nettune_query="hosts[].host"))))
    assert "nettune_tcp.states.CLOSE_WAIT" in shown


@pytest.mark.parametrize("screen", [*SCREENS, metrics])
@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (["2026-11-26T09:30:05Z"] * 3, "Facts from the cache: gathered 2026-11-26 09:30 (UTC)"),
        (
            ["2026-11-29T09:31:00Z", None, "2026-11-26T09:30:00Z"],
            "gathered 2026-11-26 09:30 to 2026-11-29 09:31 (UTC); the time of 1 host is not known",
        ),
        ([None, "yesterday", None], "Facts from the cache: the time of 3 hosts is not known"),
    ],
)
def test_the_time_of_cached_facts_is_shown(screen, times, expected):
    rows = fleet_rows.fleet()
    for row, time in zip(rows["hosts"], times):
        row["facts"]["nettune_tcp"].update({"at": time} if time else {})
    shown = " ".join(" ".join(text(screen.draw(from_cache(rows, nettune_query="hosts[].host")))).split())
    assert expected in shown


def test_an_empty_cache_is_explained():
    rows = {"hosts": [{"host": "web1", "facts": {}}]}
    assert "set fact_caching in ansible.cfg" in " ".join(text(facts.draw(from_cache(rows))))


@pytest.mark.parametrize(("time", "compared"), [("2026-11-29T09:39:00Z", 1), ("2026-11-29T09:41:00Z", 0)])
def test_cached_hosts_of_different_times_are_not_compared(time, compared):
    hosts = [each.row() for each in simulated_faults.leak()]
    for host, at in zip(hosts, ("2026-11-29T09:30:00Z", time)):
        host["facts"]["nettune_tcp"]["at"] = at
    assert len(findings.draw(from_cache({"hosts": hosts})).document["incidents"]) == compared


@pytest.mark.parametrize("screen", SCREENS)
def test_null_stands_for_what_a_recording_does_not_know(tmp_path, screen):
    rows = fleet_rows.fleet()
    found = rows["hosts"][0]["facts"]
    found["nettune_tcp"]["states"]["CLOSE_WAIT"] = None
    found["nettune_tcp"]["partial"] = [{"what": None, "reason": None}]
    found["nettune_sysctl"]["keys"]["net.ipv4.tcp_fin_timeout"] = None
    rows["hosts"][1]["facts"]["nettune_sysctl"] = None
    path = tmp_path / "fleet.json.gz"
    path.write_bytes(recording.packed(recording.document(rows)))
    shown = " ".join(text(screen.draw(from_recording(str(path), nettune_query="hosts[].host"))))
    assert "malformed" not in shown


def test_the_schema_of_facts_allows_null(tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((Path(__file__).parents[5] / "docs" / "schemas" / "facts.json").read_text())
    rows = fleet_rows.fleet()
    rows["hosts"][0]["facts"]["nettune_tcp"].update(states={"CLOSE_WAIT": None}, total=None, partial=None, at=None)
    jsonschema.validate(facts.draw(from_cache(rows)).document, schema)


def test_a_recorded_host_that_cannot_be_drawn_is_an_error(tmp_path, monkeypatch):
    screen = import_module(facts.__name__)
    monkeypatch.setattr(screen, "table_of", lambda *_fleet, **_options: {}["total"])
    path = fleet_rows.recorded(tmp_path)
    with pytest.raises(ActionFailure, match="^nettune_from: a host in .* does not have the form that the playbook rec"):
        show.draw(screen, from_recording(str(path)))
