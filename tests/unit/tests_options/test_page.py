# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import playbooks, rows
from ansible_collections.nettune.tcp.tests.options import metrics_page, results_page, role_pages
from ansible_collections.nettune.tcp.tests.options.page import PAGE, text


def test_page_is_current() -> None:
    assert PAGE.read_text() == text(), "run python -m tests.options to update the page"


def test_page_of_metrics_is_current() -> None:
    assert metrics_page.PAGE.read_text() == metrics_page.text(), "run python -m tests.options to update the page"


def test_page_of_result_files_is_current() -> None:
    assert results_page.PAGE.read_text() == results_page.text(), "run python -m tests.options to update the page"


def test_keys_of_a_schema_with_lists_and_free_names() -> None:
    host = {"type": "object", "properties": {"host": {"type": "string"}, "states": {"additionalProperties": {}}}}
    schema = {"properties": {"hosts": {"type": "array", "items": host, "description": "All."}, "version": {"const": 1}}}
    assert list(results_page.keys(schema)) == [
        ("hosts", "array", "All."),
        ("hosts[].host", "string", ""),
        ("hosts[].states", "any", ""),
        ("version", "``1``", ""),
    ]


@pytest.mark.parametrize("page", role_pages.PAGES, ids=lambda page: page.parent.name)
def test_readme_of_a_role_has_its_variables(page: Path) -> None:
    assert page.read_text() == role_pages.text(page), "run python -m tests.options to update the README"


def test_description_of_a_variable() -> None:
    option = {
        "description": ["See O(nettune.tcp.sysctl_profile#module:settings), O(tuning_services)", "or V(a|b)."],
        "choices": ["x", "y"],
    }
    assert role_pages._meaning(option) == (
        "See `settings` of `nettune.tcp.sysctl_profile`, `tuning_services` or `a\\|b`. One of `x`, `y`."
    )


def test_page_has_every_option_and_playbook() -> None:
    page = text()
    assert all(f"``{name}``" in page for name in rows.NAMES)
    assert all(f"\nnettune.tcp.{name}\n---" in page for name in playbooks.NAMES)
