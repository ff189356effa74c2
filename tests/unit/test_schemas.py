# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/schemas describes what the playbooks write to nettune_output."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import PendingChange
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.profiles import NofileProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.report import result as sysctl_result
from ansible_collections.nettune.tcp.plugins.module_utils._trial import report as trial_report
from ansible_collections.nettune.tcp.plugins.module_utils._trial.analysis import Window
from ansible_collections.nettune.tcp.plugins.module_utils._trial.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._trial.saved import Trial
from ansible_collections.nettune.tcp.plugins.module_utils._verify.host.profiles import ProfileDrift
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import trial_file
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine as lint_engine
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import playbooks
from ansible_collections.nettune.tcp.plugins.plugin_utils.report import document as report_document
from ansible_collections.nettune.tcp.plugins.plugin_utils.report.document import Heading
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import record, revert, tuning
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import samples
from ansible_collections.nettune.tcp.tests.unit.support import diagnosed, fleet_rows, report_fleets, simulated_faults
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import ALIVE, FIN, absent, present

jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "docs" / "schemas"
GUIDE = ROOT / "docs" / "docsite" / "rst" / "guide_output.rst"
FAILED = {"failed": True, "msg": "is locked"}
DEAD = {"unreachable": True, "msg": "no route"}


def schema(name: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / f"{name}.json").read_text())


def document(screen: str, *results: dict[str, Any], registered: str = "got", **options: Any) -> Any:
    """Return the document of a screen for hosts with these results, and two that have failed."""
    found = dict(zip(("web1", "web2", "web3"), results))
    hostvars = {name: {registered: result} for name, result in {**found, "old1": FAILED, "dead1": DEAD}.items()}
    module = import_module(f"ansible_collections.nettune.tcp.plugins.plugin_utils.screens.{screen}")
    names = list(hostvars)
    return module.draw(Run(hostvars, names, names, args={"registered": registered, "options": options})).document


def validate(name: str, value: Any) -> None:
    # As it is read back from the file.
    jsonschema.validate(json.loads(json.dumps(value)), schema(name), cls=jsonschema.Draft202012Validator)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)
    host = FakeHost(tmp_path)
    present(host, "web", {FIN: 30, ALIVE: 600})
    return host


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_a_schema_is_valid_belongs_to_a_playbook_and_is_described(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text()))
    assert path.stem in (*playbooks.NAMES, "tune")
    assert f"docs/schemas/{path.name}" in GUIDE.read_text()


def test_every_playbook_that_writes_json_has_a_schema() -> None:
    others = {*playbooks.TUNE, "metrics", "adopt"}
    assert {path.stem for path in SCHEMAS.glob("*.json")} == {*playbooks.NAMES, "tune"} - others


def test_facts() -> None:
    facts = diagnosed.host()
    hostvars = {"web1": {"got": {"ansible_facts": facts}, **facts}, "dead1": {"got": DEAD}}
    module = import_module("ansible_collections.nettune.tcp.plugins.plugin_utils.screens.facts")
    validate("facts", module.draw(Run(hostvars, list(hostvars), [], args={"registered": "got"})).document)


def test_diagnose() -> None:
    leak = diagnosed.host(states__CLOSE_WAIT=600, ports=[{"port": 80, "states": {"CLOSE_WAIT": 600}}])
    found = document("findings", diagnose(leak), diagnose(diagnosed.host()))
    assert found["hosts"][0]["findings"]
    validate("diagnose", found)


def test_report() -> None:
    fleet = {"hosts": report_fleets.site(), "missing": report_fleets.MISSING}
    before = {"hosts": report_fleets.before(), "missing": []}
    tried = report_fleets.trial()
    validate("report", report_document.document(fleet, Heading("2026-11-29T09:31:00Z"), before=before, tried=tried))
    validate("report", report_document.document({"hosts": report_fleets.hostile(), "missing": []}, Heading("now")))
    hostvars = {"web1": {"got": {**report_fleets.row("web1", [], diagnosed.host())}}, "dead1": {"got": DEAD}}
    module = import_module("ansible_collections.nettune.tcp.plugins.plugin_utils.screens.report")
    found = module.draw(Run(hostvars, list(hostvars), [], args={"registered": "got"}))
    assert found.failures == {"dead1": {"msg": "no route", "unreachable": True}}
    validate("report", found.document)


@pytest.mark.parametrize("fault", simulated_faults.FAULTS)
def test_diagnose_from_both_ends(fault: Any) -> None:
    found = document("findings", *(host.row() for host in fault()))
    assert found["incidents"]
    validate("diagnose", found)


def test_lint() -> None:
    settings = lint_engine.lint("net.ipv4.tcp_tw_recycle = 1\nnet.ipv4.tcp_syncookies = 1\n")
    validate("lint", document("lint", {"settings": settings}, nettune_file="/etc/sysctl.conf", nettune_fail_on=[]))


def test_verify(host: FakeHost) -> None:
    drift = ProfileDrift(SysctlProfiles(host), NofileProfiles(host), PendingChange(host))
    clean = {**drift.gather(), "partial": []}
    host.set(FIN, "20")
    host.put("/etc/sysctl.d/zz.conf", f"{ALIVE} = 300\n")
    found = document("drift", clean, {**drift.gather(), "partial": [{"what": "journal", "reason": "needs root"}]})
    assert [row["severity"] for row in found["hosts"][1]["drift"]] == ["critical", "warning"]
    validate("verify", found)


def test_revert(host: FakeHost) -> None:
    host.set(FIN, "20")
    planned = absent(host)
    result = sysctl_result(planned.plan, planned.rows)
    assert result["left_alone"]
    found = document("revert", result, {**result, "settings": [], "left_alone": []}, registered=revert.SYSCTL)
    assert found["hosts"][0]["reverted"]
    assert len(found["missing"]) == 2
    validate("revert", found)


def test_tune(host: FakeHost) -> None:
    planned = present(host, "web", {FIN: 20})
    found = {"__tuning": {"options": {}}, "__tuning_sysctl": sysctl_result(planned.plan, planned.rows)}
    hostvars = {"web1": found, "web2": {**found, "__tuning_sysctl": {**DEAD}}, "old1": {}}
    names, options = list(hostvars), {"profile": "web"}
    document = tuning.draw(Run(hostvars, names, names, names, args={"options": options})).document
    assert len(document["hosts"][0]["results"]) == 2
    assert [one["unreachable"] for one in document["missing"]] == [True, False]
    validate("tune", document)


@pytest.mark.parametrize("status", ["done", "planned", "aborted"])
def test_trial(status: str) -> None:
    request = Request("x", FIN, ("3", "7"), "minimise", "states.LAST_ACK", (), 60.0, 60.0, 5.0, "never")
    windows = [Window("baseline", "0", (90.0, 91.0, 92.0)), Window("candidate", "3", (9.0, 9.0, 9.0))]
    windows.append(Window("baseline", "0", (90.0, 91.0, 92.0)))
    trial = Trial(request, request, "0", status=status, windows=() if status == "planned" else tuple(windows))
    found = document("trial", trial_report.result(trial))
    validate("trial", found)
    # The report reads it.
    tried = trial_file.checked(json.loads(json.dumps(found)))
    validate("report", report_document.document({"hosts": [], "missing": []}, Heading("now"), tried=tried))


def test_the_trial_of_the_reports_tests() -> None:
    validate("trial", report_fleets.trial())


@pytest.mark.parametrize("anonymise", [False, True])
def test_record(*, anonymise: bool) -> None:
    hostvars, names = fleet_rows.results(), ["web1", "web2", "web3", "web4"]
    series = [samples.record("web1", samples.Sample(0.0, dict.fromkeys(tcp_state.NAMES, 1)))]
    hostvars["web1"]["__nettune_watched"] = {"series": series}
    args = {"options": {"nettune_anonymise": anonymise, "nettune_samples": 1}}
    document = record.draw(Run(hostvars, names, names, args=args)).document
    assert document["hosts"][0]["samples"]["seconds"] == [0]
    validate("record", document)


def test_query() -> None:
    validate("query", None)


def test_watch() -> None:
    states = dict.fromkeys(tcp_state.NAMES, 1)
    validate("watch", samples.record("web1", samples.Sample(0.0, states)))


def test_the_guide_names_the_columns_of_csv_files() -> None:
    guide = re.sub(r"\s+", " ", GUIDE.read_text())
    fields = {
        "verify": ("profile", "what", "expected", "running", "boot", "when", "severity", "reason"),
        "tune": ("profile", "kind", "what", "before", "after", "boot", "status", "reason"),
        "revert": ("what", "running", "boot", "reason"),
        "trial": ("key", "status", "candidate", "median", "effect_percent", "noise", "verdict", "reason"),
    }
    for names in fields.values():
        assert all(f"``{name}``" in guide for name in names)
