# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The help of each playbook."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import help as help_screen
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import playbooks, rows
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.playbooks import Playbook


def text(name: str, width: int = 80) -> list[str]:
    return [line.text for line in help_screen.lines(playbooks.find(name), width=width)]


@pytest.mark.parametrize("playbook", playbooks.PLAYBOOKS, ids=lambda playbook: playbook.name)
@pytest.mark.parametrize("width", [80, 120, 60])
def test_help_fits_and_names_every_option(playbook: Playbook, width: int) -> None:
    shown = text(playbook.name, width)
    assert max(map(len, shown)) <= width
    if width >= 80:
        names = [line.split()[0] for line in shown if line.startswith(("target ", "nettune_"))]
        assert names == ["target", *(row.name for row in rows.of(playbook.name))]


def test_an_option_takes_two_lines() -> None:
    shown = text("facts")
    at = next(number for number, line in enumerate(shown) if line.startswith("nettune_top"))
    assert shown[at].split() == ["nettune_top", "int", "10", "20"]
    assert shown[at + 1] == "  Most rows of each list (1 to 1000)."
    assert shown[at + 2].startswith("nettune_sample")


def test_help_of_a_role_names_its_variables() -> None:
    assert any("ansible-doc -t role nettune.tcp.web nettune.tcp.tuning" in line for line in text("tune_web", 120))
    assert not any("ansible-doc" in line for line in text("facts"))
