# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of a pending change with a field that is missing or has another type: a message, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import take_back
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import CONFIRM, Site, site_at
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import FIN, JOURNAL

Change = Callable[[Any], object]
OUTSIDE = "../../../../etc/cron"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = site_at(tmp_path)
    site.sysctl(settings={FIN: 50})
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    return site


def tamper(site: Site, change: Change) -> None:
    document = site.document()
    change(document)
    site.files.replace_text(CONFIRM, json.dumps(document))


@pytest.mark.parametrize(
    "change",
    [
        lambda part: part.pop("confirming"),
        lambda part: part.pop("documents"),
        lambda part: part["rows"].pop("texts"),
        lambda part: part["rows"].pop("keys"),
        lambda part: part["rows"].update(version="2"),
        lambda part: part["rows"].update(profiles={"web": 7}),
        lambda part: part.update(documents={OUTSIDE: {"version": 1}}),
    ],
)
@pytest.mark.parametrize("is_late", [False, True])
def test_run_refuses_the_document_and_changes_nothing(site: Site, change: Change, is_late: bool) -> None:
    tamper(site, lambda document: change(document["pending"]["parts"][0]))
    site.process.waiting.clear()
    site.clock += 100 * is_late
    before = site.host.tree()
    for options in ({"state": "confirmed"}, {"state": "absent"}, {"settings": {FIN: 20}}):
        with pytest.raises(JournalError, match=r"confirm.json\) is damaged: .*move it away"):
            site.sysctl(**options)
    assert site.host.tree() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda options: options.pop("settings"),
        lambda options: options.update(settings=5),
        lambda options: options.update(accept_hazards=5),
        lambda options: options.update(connections=[5]),
        lambda options: options.update(modules="x"),
        lambda options: options.update(overrides=3),
    ],
)
def test_confirmation_refuses_options_that_are_none(site: Site, change: Change) -> None:
    tamper(site, lambda document: change(document["pending"]["parts"][0]["options"]))
    before = site.host.tree()
    with pytest.raises(JournalError, match="damaged"):
        site.sysctl(state="confirmed")
    assert site.host.tree() == before


def test_confirmation_of_an_earlier_release_needs_no_newer_option(site: Site) -> None:
    tamper(site, lambda document: document["pending"]["parts"][0]["options"].pop("overrides"))
    site.sysctl(state="confirmed")
    assert (site.host.value(FIN), site.pending()) == ("30", False)


def test_confirmation_of_limits_refuses_options_that_are_none(tmp_path: Path) -> None:
    host = nofile_host.web_host(tmp_path)
    site = Site(host, host.files)
    site.nofile(soft=65536, users=["root"], services=["nginx"], confirm_within=60)
    tamper(site, lambda document: document["pending"]["parts"][0]["options"].update(users=5))
    with pytest.raises(JournalError, match="damaged"):
        site.nofile(state="confirmed")


def test_record_of_a_rollback_without_its_reason_is_refused(site: Site) -> None:
    tamper(site, lambda document: document.update(pending=None, taken_back={"sysctl": {"web": {"at": "x"}}}))
    with pytest.raises(JournalError, match="web has no deadline, why"):
        site.confirm().rolled_back()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"profiles": 5, "keys": {}}'])
def test_overdue_change_restores_values_and_names_a_damaged_journal(site: Site, text: str) -> None:
    site.files.replace_text(JOURNAL, text)
    site.process.waiting.clear()
    site.clock += 100
    with pytest.raises(JournalError, match="sysctl.json is damaged: .*move it away"):
        site.sysctl(settings={FIN: 20})
    assert (site.host.value(FIN), site.document()["pending"]["name"]) == ("50", "web")


def test_waiting_process_writes_nothing_outside_its_places(site: Site) -> None:
    def change(document: Any) -> None:
        (part,) = document["pending"]["parts"]
        part["documents"] = {OUTSIDE: {"version": 1}}
        part["steps"] = [{**part["steps"][0], "name": "//.//.//.etc.hostname", "before": "a", "ours": None}]

    tamper(site, change)
    site.host.put("/etc/hostname", "b\n")
    before = site.host.tree("/etc", "/proc/sys")
    take_back.take_back(site.script_host, take_back.EXPIRED)
    assert site.host.tree("/etc", "/proc/sys") == before
    assert "could not be restored: //.//.//.etc.hostname" in site.log[-1]
