# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alert rules and the dashboard use metrics and labels that exist, and each alert rule has a test."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics.metric import HOST
from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics.table import METRICS

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "examples" / "prometheus" / "nettune-tcp.rules.yml"
DASHBOARD = ROOT / "examples" / "grafana" / "nettune-tcp.json"
TESTS = ROOT / "tests" / "prometheus" / "alerts.yml"
GUIDE = ROOT / "docs" / "docsite" / "rst" / "guide_metrics.rst"
LABELS = {metric.name: {HOST, *metric.labels} for metric in METRICS}
# Of Prometheus itself.
TARGET = {"instance", "job"}


def alerts() -> list[dict]:
    (group,) = yaml.safe_load(RULES.read_text())["groups"]
    return group["rules"]


def queries() -> list[str]:
    """Return all queries of the alert rules and of the dashboard."""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return [rule["expr"] for rule in alerts()] + [target["expr"] for panel in panels for target in panel["targets"]]


def names(text: str) -> set[str]:
    return set(re.findall(r"nettune_tcp_\w+", text))


@pytest.mark.parametrize("query", queries())
def test_a_query_uses_metrics_and_labels_that_exist(query: str) -> None:
    assert names(query)
    assert names(query) <= set(LABELS)
    for name, matchers in re.findall(r"(nettune_tcp_\w+)\{([^}]*)\}", query):
        assert set(re.findall(r"(\w+)\s*=", matchers)) <= LABELS[name]
    for labels in re.findall(r"(?:by|ignoring|on) \(([^)]*)\)", query):
        assert set(re.findall(r"\w+", labels)) <= set.union(*(LABELS[name] for name in names(query)))


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_an_alert_names_labels_that_it_has(rule: dict) -> None:
    known = set.union(TARGET, *(LABELS[name] for name in names(rule["expr"])))
    assert set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"]))) <= known
    assert rule["labels"]["severity"] in ("warning", "critical")


def test_the_legends_of_the_dashboard_name_labels_that_exist() -> None:
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel["targets"]:
            known = set.union(*(LABELS[name] for name in names(target["expr"])))
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= known


@pytest.mark.skipif(not TESTS.exists(), reason="the collection as installed has no tests of the alert rules")
def test_each_alert_has_a_test() -> None:
    (tests,) = yaml.safe_load(TESTS.read_text())["tests"]
    tested = "".join(row["labels"] for row in tests["promql_expr_test"][0]["exp_samples"])
    assert [rule["alert"] for rule in alerts() if f'"{rule["alert"]}"' not in tested] == []


def test_the_guide_names_metrics_that_exist() -> None:
    assert names(GUIDE.read_text()) <= set(LABELS)
