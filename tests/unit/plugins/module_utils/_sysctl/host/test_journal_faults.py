# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A journal that is missing, truncated, or was tampered with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._host.trial_lock import TRIALS
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import CONFIRM, Site, site_at
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import BOOT_ID, FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    FIN,
    JOURNAL,
    WEB,
    absent,
    present,
)

OUTSIDE = "/etc/passwd"
Change = Callable[[Any], None]


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    host = FakeHost(tmp_path)
    host.put(OUTSIDE, "root:x:0:0::/root:/bin/sh\n")
    return host


def tampered(host: Any, path: str, change: Change) -> dict[str, Any]:
    """Change a document of the journal, and return all files."""
    document = json.loads(host.files.read_text(path) if hasattr(host, "files") else host.read_text(path))
    change(document)
    (host.root / path.lstrip("/")).write_text(json.dumps(document))
    return host.tree()


def renamed(rows: dict[str, Any], new: str) -> None:
    rows[new] = rows.pop(next(iter(rows)))


def test_without_the_journal_a_revert_leaves_our_drop_in_and_names_it(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    (host.root / JOURNAL.lstrip("/")).unlink()
    before = host.tree("/etc", "/proc/sys")
    reverted = absent(host, "web")
    assert [(one.path, one.left_alone) for one in reverted.plan.files] == [(WEB, True)]
    assert host.tree("/etc", "/proc/sys") == before


def test_without_the_journal_the_values_found_count_as_the_original_ones(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    text = host.read_text(WEB)
    (host.root / JOURNAL.lstrip("/")).unlink()
    present(host, "web", {FIN: 30, ALIVE: 600})
    kept = [path.read_text() for path in (host.root / "var/lib/nettune/tcp/edited").iterdir()]
    assert kept == [text]
    absent(host)
    assert (host.value(FIN), host.value(ALIVE), host.exists(WEB)) == ("30", "7200", False)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.98])
def test_truncated_journal_is_refused_and_nothing_is_changed(host: FakeHost, share: float) -> None:
    present(host, "web", {FIN: 30})
    text = host.read_text(JOURNAL) or ""
    host.put(JOURNAL, text[: int(len(text) * share)])
    before = host.tree()
    for run in (lambda: present(host, "web", {FIN: 20}), lambda: absent(host)):
        with pytest.raises(JournalError, match="sysctl.json is damaged: not valid JSON .*move it away"):
            run()
    assert host.tree() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda document: renamed(document["profiles"], "../../../passwd"),
        lambda document: renamed(document["profiles"], "a/b"),
        lambda document: renamed(document["keys"], "//.//.//.etc.passwd"),
        lambda document: renamed(document["profiles"]["web"]["requests"], "//.//.//.etc.passwd"),
        lambda document: renamed(document["keys"], "net..tcp"),
        lambda document: document["taken"].update({"/var/x": {"before": "", "texts": ["a"]}}),
        lambda document: document["taken"].update({"/etc/../home/x": {"before": "", "texts": ["a"]}}),
        lambda document: document.update(directories=["/var/lib"]),
        lambda document: document.update(directories=["/etc/../var"]),
        lambda document: document["profiles"].update(web=7),
        lambda document: document["keys"][FIN].update(before=["60"]),
        lambda document: document.update(version=True),
    ],
)
def test_tampered_journal_is_refused_and_nothing_is_changed(host: FakeHost, change: Change) -> None:
    present(host, "web", {FIN: 30})
    before = tampered(host, JOURNAL, change)
    for run in (lambda: present(host, "web", {FIN: 20}), lambda: absent(host)):
        with pytest.raises(JournalError, match="damaged"):
            run()
    assert host.tree() == before


def test_another_original_is_restored_as_recorded(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    tampered(host, JOURNAL, lambda document: document["keys"][FIN].update(before="45"))
    absent(host)
    assert host.value(FIN) == "45"


@pytest.mark.parametrize("field", ["name", "write"])
def test_tampered_pending_change_is_refused_and_nothing_is_changed(tmp_path: Path, field: str) -> None:
    site: Site = site_at(tmp_path)
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    document = site.document()
    document["pending"]["parts"][0]["steps"][0][field] = "//.//.//.etc.passwd"
    site.host.put(CONFIRM, json.dumps(document))
    before = site.host.tree()
    for state in ("confirmed", "absent"):
        with pytest.raises(JournalError, match="damaged: .* is not the name of a parameter"):
            site.sysctl(state=state)
    assert site.host.tree() == before


def test_record_of_a_trial_with_another_path_is_refused(host: FakeHost) -> None:
    record = {"version": 2, "name": "x", "token": "t", "key": FIN, "boot_id": "first boot", "before": "evil"}
    record.update(path=host.locate(OUTSIDE), boot_id_path="", ours=[], unread=True)
    host.put(f"{TRIALS}/in-force.json", json.dumps(record))
    before = host.tree()
    with pytest.raises(JournalError, match="is not below /proc/sys/"):
        present(host, "web", {FIN: 30})
    assert host.tree() == before


@pytest.mark.parametrize("field", ["token", "before", "boot_id", "unread"])
def test_record_of_a_trial_without_a_field_is_refused(host: FakeHost, field: str) -> None:
    path = host.locate(f"/proc/sys/{FIN.replace('.', '/')}")
    record = {"version": 2, "name": "x", "token": "t", "key": FIN, "boot_id": "first boot", "before": "60"}
    record.update(path=path, boot_id_path=host.locate(BOOT_ID), ours=[], unread=True)
    del record[field]
    host.put(f"{TRIALS}/in-force.json", json.dumps(record))
    with pytest.raises(JournalError, match=f"the record has no {field}"):
        present(host, "web", {FIN: 30})


@pytest.mark.parametrize(
    "change",
    [
        lambda document: renamed(document["files"], "/etc/passwd/../shadow"),
        lambda document: renamed(document["files"], "/home/me/.profile"),
        lambda document: document.update(directories=["/var/lib"]),
    ],
)
def test_tampered_journal_of_limits_is_refused_and_nothing_is_changed(tmp_path: Path, change: Change) -> None:
    host = nofile_host.web_host(tmp_path)
    nofile_host.apply(host)
    before = tampered(host, nofile_host.JOURNAL, change)
    for run in (nofile_host.apply, nofile_host.revert):
        with pytest.raises(JournalError, match="is not the path of a file below /etc"):
            run(host)
    assert host.tree() == before
