# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journals that earlier releases wrote: tests/fixtures/journals has one directory for each release."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError, NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import take_back
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import Site
from ansible_collections.nettune.tcp.tests.unit.support.recorded_host import RecordedHost

JOURNALS = Path(__file__).resolve().parents[4] / "fixtures" / "journals"
RELEASES = sorted(path.name for path in JOURNALS.iterdir() if path.is_dir() and not path.name.startswith("_"))
SITUATIONS = [(release, path.name) for release in RELEASES for path in sorted((JOURNALS / release).iterdir())]
LASTING = [one for one in SITUATIONS if "pending" not in one[1] and one[1] != "trial_kept"]
APPLIED = [one for one in LASTING if one[1] not in ("namespace", "not_persistent", "open_files")]
PENDING = [one for one in SITUATIONS if "pending" in one[1]]
HERE = "/var/lib/nettune/tcp"


class Case(NamedTuple):
    """A host as an earlier release left it. place: the directory of the fixture. document: its situation.json."""

    place: Path
    document: dict[str, Any]
    host: RecordedHost

    @property
    def site(self) -> Site:
        return self.host.site

    def run(self, tasks: list[Any]) -> None:
        for module, options in tasks:
            self.host.run(module, options)

    def apply(self, **options: Any) -> None:
        """Run the tasks of the situation again."""
        self.run([(module, {**given, **options}) for module, given in self.document["tasks"]])

    def revert(self) -> None:
        self.run(self.document["revert"])

    def is_as_before(self, *, but: tuple[str, ...] = ()) -> bool:
        """Return whether files, modes and values are those from before the first task, except for the paths `but`."""
        wanted = {name: (self.place / "before" / name[1:]) for name in self.document["before"]["modes"]}
        bytes_before = {name: path.read_bytes() for name, path in wanted.items() if path.is_file()}
        files = {name: content for name, content in self.host.files().items() if not name.startswith(but or ("?",))}
        state = self.host.state()
        modes = {name: mode for name, mode in state["modes"].items() if not name.startswith(but or ("?",))}
        before = self.document["before"]
        return (files, modes, state["values"]) == (bytes_before, before["modes"], before["values"])

    def journals(self) -> dict[str, dict[str, Any]]:
        """Return the documents of the journal by path."""
        paths = [path for path in self.host.files() if path.startswith(HERE) and path.endswith(".json")]
        return {path: json.loads(self.host.files()[path]) for path in paths}


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    release, name = request.param
    place = JOURNALS / release / name
    document = json.loads((place / "situation.json").read_text())
    host = RecordedHost(tmp_path, document["host"])
    host.lay_out(place / "after", document["after"])
    return Case(place, document, host)


def for_each(situations: list[tuple[str, str]]) -> Any:
    return pytest.mark.parametrize("case", situations, indirect=True, ids="/".join)


@for_each(SITUATIONS)
def test_everything_is_reverted_byte_for_byte(case: Case) -> None:
    case.revert()
    assert case.is_as_before()


@for_each(LASTING)
def test_the_same_tasks_change_nothing(case: Case) -> None:
    files, state = case.host.files(), case.host.state()
    case.apply()
    # The journal may be written anew, in the format of this release.
    changed = {path for path, content in case.host.files().items() if content != files.get(path)}
    assert changed <= set(case.journals())
    assert case.host.state() == state


@for_each([one for one in LASTING if one[1] != "namespace"])
def test_the_profiles_have_not_drifted(case: Case) -> None:
    profiles = SysctlProfiles(case.site.files)
    for name in profiles.recorded().profiles:
        assert not profiles.again(name).plan.changes_anything
    if case.document["host"] == "nofile":
        limits = case.site.host.profiles()
        for name in limits.recorded().profiles:
            assert not limits.again(name).result()["changed"]


@for_each(
    [one for one in LASTING if one[1] in ("one_profile", "shared_floors", "take_over", "open_files_above_nr_open")]
)
def test_a_changed_profile_is_saved_in_the_format_of_this_release_and_reverted(case: Case) -> None:
    case.site.sysctl(name="more", settings={"net.ipv4.tcp_fin_timeout": 30})
    document = case.journals()[f"{HERE}/sysctl.json"]
    assert (document["version"], document["written_by"], document["readable_from"]) == (2, "1.0.0", "1.0.0")
    assert '"why"' not in json.dumps(document)
    case.revert()
    assert case.is_as_before()


@for_each(PENDING)
def test_a_pending_change_is_confirmed_and_reverted(case: Case) -> None:
    before = case.host.state()["values"]
    for module, _options in reversed(case.document["tasks"]):
        kind = {"sysctl_profile": "sysctl", "nofile_limits": "nofile"}[module]
        if case.site.pending(kind):
            case.host.run(module, {"name": "web", "state": "confirmed"})
    assert case.host.state()["values"] == before
    assert f"{HERE}/confirm.json" not in case.host.files()
    assert any(path.endswith("99-zz-nettune-web.conf") for path in case.host.files())
    case.revert()
    assert case.is_as_before()


def old_script(case: Case) -> ModuleType:
    """Return the script that the release left beside the journal."""
    path = case.place / f"after{HERE}/take_back.py"
    spec = importlib.util.spec_from_file_location("old_take_back", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def roll_back(case: Case, script: Any) -> None:
    """Do what `script` does when the timer of the host runs it."""
    taker = case.site.script_host
    host = script.Host(taker.root, write=taker.write, prlimit=taker.prlimit, log=lambda _line: None)
    due = host.load("confirm")["pending"]["due"]
    reason = script.over(host.load("confirm"), boot_id=host.boot_id(), monotonic=due)
    assert reason == "expired"
    script.take_back(host, reason)


@for_each(PENDING)
@pytest.mark.parametrize("by", ["timer of that release", "timer of this release", "next run"])
def test_an_unconfirmed_change_is_rolled_back(case: Case, by: str) -> None:
    if by == "next run":
        case.site.clock += 120
        module, _options = case.document["tasks"][-1]
        with pytest.raises(NettuneError, match="confirmation window of profile web has expired"):
            case.host.run(module, {"name": "web", "state": "confirmed"})
    else:
        roll_back(case, old_script(case) if by == "timer of that release" else take_back)
    if case.place.name == "pending_over_applied":
        assert not case.site.sysctl(**applied_before(case)).planned.plan.changes_anything
    case.revert()
    assert case.is_as_before()


def applied_before(case: Case) -> dict[str, Any]:
    return case.document["tasks"][0][1]


@for_each([one for one in PENDING if one[1] == "both_pending"])
def test_the_script_of_an_earlier_release_reads_what_this_release_wrote(case: Case) -> None:
    case.site.sysctl(name="web", state="confirmed")
    assert case.journals()[f"{HERE}/confirm.json"]["version"] == 2
    roll_back(case, old_script(case))
    assert case.site.host.limit(812) == (1024, 524288)
    assert case.site.files.read_text("/proc/sys/net/ipv4/tcp_fin_timeout") == "30\n"
    assert not case.site.sysctl(settings={"net.ipv4.tcp_fin_timeout": 30}).planned.plan.changes_anything
    case.revert()
    assert case.is_as_before()


@for_each(SITUATIONS)
def test_a_newer_document_is_refused_and_nothing_is_changed(case: Case) -> None:
    later = {"version": 99, "written_by": "1.4.0", "readable_from": "1.3.0"}
    for path, document in case.journals().items():
        case.site.files.replace_text(path, json.dumps({**document, **later}), mode=0o600)
    files, state = case.host.files(), case.host.state()
    with pytest.raises(JournalError) as refused:
        case.revert()
    assert "was written by nettune.tcp 1.4.0, which needs at least 1.3.0 to read it; this is" in str(refused.value)
    assert str(refused.value).endswith("run the playbook with nettune.tcp 1.3.0 or later")
    assert (case.host.files(), case.host.state()) == (files, state)


@for_each(SITUATIONS)
def test_a_truncated_document_is_refused_and_nothing_is_changed(case: Case) -> None:
    for path in case.journals():
        text = case.site.files.read_text(path) or ""
        case.site.files.replace_text(path, text[: len(text) // 2], mode=0o600)
    files, state = case.host.files(), case.host.state()
    with pytest.raises(JournalError, match="is damaged"):
        case.revert()
    assert (case.host.files(), case.host.state()) == (files, state)
