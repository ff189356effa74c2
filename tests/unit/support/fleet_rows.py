# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a small fleet: web1 is healthy, web2 has drifted, web3 leaks CLOSE_WAIT, and web4 is unreachable."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import recording

_FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "fleet"


def row(host: str) -> dict[str, Any]:
    """Return the row of a host."""
    return json.loads((_FIXTURES / f"{host}.json").read_text())


def fleet() -> dict[str, list[dict[str, Any]]]:
    """Return the whole fleet; see plugin_utils.fleet.source."""
    return {"hosts": [row(host) for host in ("web1", "web2", "web3")], "missing": [row("missing")]}


def results() -> dict[str, dict[str, Any]]:
    """Return the variables of the hosts after host_snapshot was registered, by host."""
    found = {}
    for each in fleet()["hosts"]:
        result = {name: each[name] for name in each if name not in ("host", "groups", "samples")}
        found[each["host"]] = {"group_names": each["groups"], "__nettune_snapshots": {**result, "changed": False}}
    gone = row("missing")
    failure = {"unreachable": True, "msg": gone["reason"]}
    return {**found, gone["host"]: {"group_names": [], "__nettune_snapshots": failure}}


def recorded(directory: Path) -> str:
    """Write the fleet, all of it in the groups web and debian, as a recording, and return its path."""
    found = fleet()
    found["missing"] = [{**each, "groups": ["debian", "web"]} for each in found["missing"]]
    path = directory / "fleet.json.gz"
    path.write_bytes(recording.packed(recording.document(found)))
    return str(path)
