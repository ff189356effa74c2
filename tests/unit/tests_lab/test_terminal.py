# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen of the demo."""

from __future__ import annotations

import io
import re

import pytest
import terminal
from machine import Snapshot
from namespaces import LabError
from terminal import Terminal, table


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def plain():
    return io.StringIO()


def test_steps_are_numbered_and_statements_marked(plain):
    shown = Terminal(plain)
    for title in ("First", "Second"):
        shown.step(title, "Why.")
    shown.command("true")
    shown.progress("never shown without a terminal")
    shown.output("a", "", "b")
    shown.check(True, "it is so", "")
    assert re.sub(r"\d\.\d s", "0.0 s", plain.getvalue()).splitlines() == [
        "",
        "1. First",
        "   Why.",
        "",
        "2. Second",
        "   Why.",
        "   $ true",
        "   │ a",
        "   │",
        "   │ b",
        "   ✓ it is so (0.0\u00a0s)",
    ]


def test_a_pause_waits_for_a_person_only(plain, monkeypatch):
    answers = Screen("\nnot read")
    monkeypatch.setattr(terminal.sys, "stdin", answers)
    Terminal(plain).pause("Press Enter.")
    assert (plain.getvalue(), answers.tell()) == ("", 0)
    screen = Screen()
    Terminal(screen).pause("Press Enter.")
    assert "Press Enter." in screen.getvalue()
    assert answers.read() == "not read"


def test_a_false_statement_is_an_error_and_not_printed(plain):
    with pytest.raises(LabError, match="not true: it is so\nit is not"):
        Terminal(plain).check(False, "it is so", "it is not")
    assert plain.getvalue() == ""


def test_long_text_is_wrapped_and_a_long_command_stays_one_command(plain, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    shown = Terminal(plain)
    shown.step("Title", "word " * 30)
    command = "ansible-playbook -i inventory playbooks/tune_web.yml --check --diff"
    shown.command(command)
    text = plain.getvalue()
    assert max(map(len, text.splitlines())) <= 40
    assert re.sub(r" \\\n\s+", " ", text[text.index("   $") :]) == f"   $ {command}\n"


def test_progress_is_overwritten_on_a_terminal(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    shown = Terminal(screen)
    shown.progress("half")
    shown.check(True, "whole", "")
    assert re.fullmatch(r"\r\x1b\[K   … half\r\x1b\[K   ✓ whole \(\d\.\d\u00a0s\)\n", screen.getvalue())


@pytest.mark.parametrize(
    ("after", "code", "line"),
    [
        ({"/a": "1"}, 0, "✓ all 1 values and the files of this machine are unchanged"),
        ({"/a": "2"}, 1, "│ /a: '1' is now '2'"),
    ],
)
def test_a_change_of_this_machine_is_an_error(plain, monkeypatch, after, code, line):
    snapshots = [Snapshot({"/a": "1"}, {}), Snapshot(after, {})]
    monkeypatch.setattr(terminal, "this_machine", lambda: snapshots.pop(0))
    assert Terminal(plain).run(lambda: None) == code
    assert line in plain.getvalue()


def test_an_error_ends_the_run_with_its_lines(plain):
    def fail():
        raise LabError("it broke:\nline 1\nline 2")

    assert Terminal(plain).run(fail) == 1
    assert plain.getvalue() == "   ✗ it broke:\n   │ line 1\n   │ line 2\n"


def test_a_table_leaves_out_rows_of_zeros():
    columns = {
        "web1": {"LISTEN": 1, "CLOSING": 0, "TIME_WAIT": 28232},
        "web2": {"LISTEN": 12, "CLOSING": 0, "TIME_WAIT": 0},
    }
    assert table(columns) == ["             web1   web2", "LISTEN          1     12", "TIME_WAIT   28232      0"]
