# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of the report, made from the fleets."""

from __future__ import annotations

from typing import Any, Mapping

from ansible_collections.nettune.tcp.plugins.plugin_utils.report.document import Heading, document
from ansible_collections.nettune.tcp.plugins.plugin_utils.report.page import page
from ansible_collections.nettune.tcp.tests.unit.support import report_fleets as fleets
from ansible_collections.nettune.tcp.tests.unit.support.simulated_faults import leak

HEADING = Heading("2026-11-29T09:31:00Z")


def site_document() -> dict[str, Any]:
    """Return the document of the small site, compared with the site before it was tuned."""
    fleet = {"hosts": fleets.site(), "missing": fleets.MISSING}
    return document(fleet, HEADING, before={"hosts": fleets.before(), "missing": []}, tried=fleets.trial())


def many_document(number: int) -> dict[str, Any]:
    """Return the document of so many hosts."""
    return document({"hosts": fleets.many(number), "missing": []}, HEADING)


def hostile_document() -> dict[str, Any]:
    """Return the document of hosts with hostile names."""
    missing: list[Mapping[str, Any]] = [
        {"host": f"gone {name}", "unreachable": True, "reason": name} for name in fleets.HOSTILE
    ]
    trials = [fleets.trial(name, name)["hosts"][0] for name in fleets.HOSTILE]
    tried = {"hosts": trials, "missing": missing}
    return document({"hosts": fleets.hostile(), "missing": missing}, HEADING, tried=tried)


def incident_document() -> dict[str, Any]:
    """Return the document of two hosts that see the same fault from both ends."""
    rows = [fleets.row(host.name, [], host.facts()) for host in leak(1500)]
    return document({"hosts": rows, "missing": []}, HEADING)


def site() -> str:
    """Return the page of the small site."""
    return page(site_document())


def hostile() -> str:
    """Return the page of hosts with hostile names."""
    return page(hostile_document())
