# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible import constants
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import emit
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import ActionFailure, show, terminal_width
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import CRITICAL, DIM, Line

LINES = [Line("web1  ok"), Line("web2  drifted", CRITICAL), Line("written: /x.json", DIM)]
TEXTS = ["web1  ok", "web2  drifted", "written: /x.json"]


class Display:
    """Stands for Ansible's Display."""

    columns = 131

    def __init__(self, shown: list[tuple[str, str | None]]) -> None:
        self._shown = shown

    def display(self, text: str, color: str | None = None) -> None:
        self._shown.append((text, color))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    """Return the list of displayed lines, each with its color."""
    found: list[tuple[str, str | None]] = []
    monkeypatch.setattr(emit, "Display", lambda: Display(found))
    monkeypatch.setattr(constants, "CALLBACKS_ENABLED", [])
    return found


def test_lines_are_displayed_in_their_colors_and_returned(
    shown: list[tuple[str, str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DEFAULT_STDOUT_CALLBACK", "default")
    assert show(iter(LINES)) == {"lines": TEXTS, "_ansible_verbose_override": True}
    assert shown == list(zip(TEXTS, (None, constants.COLOR_ERROR, constants.COLOR_VERBOSE)))


@pytest.mark.parametrize("callback", ["minimal", "ansible.builtin.oneline"])
def test_callback_that_prints_results_gets_no_second_copy(
    callback: str, shown: list[tuple[str, str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DEFAULT_STDOUT_CALLBACK", callback)
    assert show(LINES) == {}
    assert [text for text, _color in shown] == TEXTS
    # A further callback, such as one that writes a log, only has the result.
    monkeypatch.setattr(constants, "CALLBACKS_ENABLED", ["log_plays"])
    assert show(LINES)["lines"] == TEXTS


# `tree` is no subclass of the default callback, as those that print documents; the last one does not exist.
@pytest.mark.parametrize("callback", ["tree", "ansible.posix.not_installed"])
def test_nothing_is_displayed_beside_a_document(
    callback: str, shown: list[tuple[str, str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DEFAULT_STDOUT_CALLBACK", callback)
    assert show(LINES) == {"lines": TEXTS, "_ansible_verbose_override": True}
    assert shown == []


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize(
    ("columns", "width"),
    [("100", 100), ("12", 40), ("", 132), ("wide", 132), ("-5", 132), (None, 132)],
)
def test_width_is_that_of_columns_or_the_terminal(
    columns: str | None, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    assert terminal_width() == width


def test_has_the_message_and_no_traceback() -> None:
    failure = ActionFailure("set target")
    assert str(failure) == "set target"
    # Only ansible-core 2.18 has a result in the exception.
    assert vars(failure).get("result", {"failed": True, "msg": "set target"}) == {"failed": True, "msg": "set target"}
