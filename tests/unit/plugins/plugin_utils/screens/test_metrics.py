# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import metrics
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import Screen
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.tests.unit.support import diagnosed, fleet_rows

SNAPSHOT = {"at": "2026-11-29T09:30:00Z", "facts": diagnosed.host(), "profiles": None}
DEAD = {"unreachable": True, "msg": "no route"}
PATH = "/var/lib/node_exporter/nettune_tcp.prom"
WRITTEN = {"files": [{"path": PATH, "status": "created"}], "left_alone": []}
REFUSED = {"failed_when_result": False, "msg": "there is no directory /x"}


def screen(hosts: dict[str, tuple[Any, Any]], *, check_mode: bool = False, **options: Any) -> Screen:
    """Return the screen of hosts with these snapshots and results of their textfiles."""
    hostvars = {
        name: {"got": snapshot, **({metrics.TEXTFILES: written} if written else {})}
        for name, (snapshot, written) in hosts.items()
    }
    args = {"registered": "got", "options": options}
    return metrics.draw(Run(hostvars, list(hostvars), list(hostvars), check_mode=check_mode, args=args))


def texts(found: Screen) -> list[str]:
    return [line.text for line in found.lines]


def test_one_file_with_all_hosts() -> None:
    found = screen({"web1": (SNAPSHOT, None), "web2": (SNAPSHOT, None), "old1": (DEAD, None)}, nettune_output="a.prom")
    text = found.texts[".prom"]
    assert 'nettune_tcp_sockets{host="web2",state="ESTABLISHED"} 400\n' in text
    assert 'nettune_tcp_up{host="old1"} 0\n' in text
    assert len([line for line in text.splitlines() if line.startswith("nettune_tcp_up{")]) == 3
    assert set(found.failures) == {"old1"}
    lines = texts(found)
    assert lines[0] == "HOST        SERIES"
    assert lines[1].startswith("web1, web2")
    assert "old1  unreachable: no route" in lines
    assert lines[-1].endswith("series of 2 hosts; 1 host without facts")


def test_textfiles() -> None:
    hosts = {"web1": (SNAPSHOT, WRITTEN), "web2": (SNAPSHOT, WRITTEN), "web3": (SNAPSHOT, REFUSED)}
    found = screen(hosts, nettune_textfile_directory="/var/lib/node_exporter")
    lines = texts(found)
    assert lines[1].startswith("web1, web2")
    assert lines[1].endswith(PATH)
    assert "failed: there is no directory /x" in lines[2]
    assert found.failures == {"web3": {"msg": "there is no directory /x", "unreachable": False}}
    assert "1 textfile not written" in lines[-1]
    assert not found.texts
    checked = screen({"web1": (SNAPSHOT, WRITTEN)}, check_mode=True, nettune_textfile_directory="/x")
    assert "would be written: " in " ".join(texts(checked))


def test_what_an_earlier_directory_has_is_shown() -> None:
    left = {"what": PATH, "expected": "as written", "found": "edited", "reason": "it was changed by someone else"}
    found = screen({"web1": (SNAPSHOT, {**WRITTEN, "left_alone": [left]})}, nettune_textfile_directory="/x")
    assert f"web1: {PATH} was left alone:" in " ".join(texts(found))


def test_nothing_is_written_without_a_place() -> None:
    assert "Nothing was written. Set nettune_output=FILE.prom" in " ".join(texts(screen({"web1": (SNAPSHOT, None)})))


def test_a_host_with_other_facts_than_ours_is_missing() -> None:
    hosts = {"web1": ({**SNAPSHOT, "facts": {"nettune_tcp": {"states": [1]}}}, None), "web2": (SNAPSHOT, None)}
    found = screen(hosts, nettune_output="a.prom")
    assert "nettune_tcp.states must be a dictionary" in found.failures["web1"]["msg"]
    assert 'nettune_tcp_up{host="web1"} 0\n' in found.texts[".prom"]


def test_the_text_of_one_host() -> None:
    text = metrics.text_of({"host": "web1", **SNAPSHOT}, {"nettune_metrics_peers": 1})
    assert 'nettune_tcp_peer_sockets{host="web1",state="ESTABLISHED",peer="192.0.2.7"} 40\n' in text


def test_a_recording_gives_the_same_metrics(tmp_path: Path) -> None:
    registered = {"registered": "__nettune_snapshots"}
    live = fleet_rows.results()
    options = {"nettune_output": "a.prom", "nettune_metrics_peers": 5}
    shown = metrics.draw(Run(live, list(live), list(live), args={**registered, "options": options}))
    options["nettune_from"] = fleet_rows.recorded(tmp_path)
    recorded = metrics.draw(Run({"localhost": {}}, ["localhost"], [], args={**registered, "options": options}))
    assert recorded.texts == shown.texts
    found = [
        line for line in shown.texts[".prom"].splitlines() if line.startswith("nettune_tcp_finding") and line[-1] == "1"
    ]
    assert found == ['nettune_tcp_finding{host="web3",rule="close_wait",severity="warning"} 1']
    assert 'nettune_tcp_drifted_settings{host="web2",profile="web",when="now"} ' in shown.texts[".prom"]
    assert texts(recorded)[:3] == texts(shown)[:3]
    assert not recorded.failures
