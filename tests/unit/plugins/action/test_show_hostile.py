# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of hosts that are not what our modules return: they are shown as text, or refused by the host's name."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import pytest
from ansible.utils.display import Display
from ansible_collections.nettune.tcp.plugins.action.show import draw, in_terms
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import emit, export, facts
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import ActionFailure
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import Line, Row, Screen, paragraph, table
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run

GOOD = {"total": 5, "states": {"CLOSE_WAIT": 5}, "partial": []}
# An escape sequence, the same in one character, a text that runs from right to left, a template, and a tag.
HOSTILE = "\x1b[31mred\x9b31m\u202e{{ lookup('pipe', 'id') }}<script>\r\n\x07"


def run(**of_hosts: dict[str, Any]) -> Run:
    hostvars = {host: {"ansible_facts": {"nettune_tcp": found}, "facts": {}} for host, found in of_hosts.items()}
    return Run(hostvars, list(of_hosts), list(of_hosts), list(of_hosts), args={"registered": "facts"})


@pytest.mark.parametrize("states", ["x", ["x"], {"CLOSE_WAIT": "many"}, 7])
def test_malformed_result_is_refused_by_the_name_of_its_host(states: Any) -> None:
    with pytest.raises(ActionFailure, match=r"^the result of web2 does not have the form that nettune.tcp returns \("):
        draw(facts, run(web1=GOOD, web2={**GOOD, "states": states}, web3=GOOD))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("nettune_from: cannot read a.json.gz", "report_from: cannot read a.json.gz"),
        ("No host matches nettune_from", "No host matches nettune_from"),
    ],
)
def test_a_message_names_the_variable_of_the_role(message: str, expected: str) -> None:
    assert in_terms(message, "report_") == expected
    assert in_terms(message, None) == in_terms(message, "nettune_") == message


def test_our_own_errors_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_for_all_together(given: Run) -> Screen:
        if len(given.hosts) > 1:
            raise KeyError("x")
        return Screen([], {}, [], [])

    monkeypatch.setattr(facts, "draw", fails_for_all_together)
    with pytest.raises(KeyError):
        draw(facts, run(web1=GOOD, web2=GOOD))


def test_what_is_displayed_has_no_control_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(Display, "display", lambda _self, text, **_options: shown.append(text))
    monkeypatch.setattr(emit, "prints_text", lambda: True)
    lines = [Line(HOSTILE), *paragraph(HOSTILE, width=80), *table(("A",), [Row([HOSTILE])], width=80)]
    result = emit.show(lines)
    for text in (*shown, *result.get("lines", ())):
        assert text.isprintable(), text
    assert "{{ lookup" in shown[0]


def test_csv_has_no_formulas_and_no_control_characters() -> None:
    formulas = ["=cmd()", "+1", "-1", "@x", "\t=1", " =1", "\uff1d1", HOSTILE]
    screen = Screen(
        [], {}, [], [{"host": each, "=name()": [each], f"{HOSTILE}{at}": {}} for at, each in enumerate(formulas)]
    )
    text = export.contents(screen, "x.csv")
    assert text.replace("\n", "").replace("\t", "").isprintable()
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == len(formulas) + 1
    assert all(not cell.strip().startswith(("=", "+", "-", "@", "\uff1d")) for row in rows for cell in row)


def test_huge_text_is_cut() -> None:
    start = time.monotonic()
    lines = [*table(("A", "B"), [Row(["x" * 10_000_000, "y"])], width=80), *paragraph("z " * 5_000_000, width=80)]
    assert sum(len(line.text) for line in lines) < 20_000
    assert time.monotonic() - start < 25
