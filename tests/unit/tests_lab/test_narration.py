# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the demo talks."""

from __future__ import annotations

import io
import re

import narration
import pytest
from claims import ClaimFailed, Moment, claim
from load_runs import Load, load
from narration import Narrator, table


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def plain():
    return io.StringIO()


def test_a_step_has_its_number_its_reason_and_its_tick(plain):
    say = Narrator(plain, colours=True)
    for title in ("First", "Second"):
        say.step(title, "Why.")
    say.command("true")
    say.output("a\n\nb")
    say.done("It held")
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
        "   ✓ It held (0.0 s)",
    ]


def test_long_text_is_wrapped_and_a_long_command_stays_one_command(plain, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    say = Narrator(plain, colours=False)
    say.step("Title", "word " * 30)
    command = "ansible-playbook -i inventory playbooks/tune-web.yml --check --diff"
    say.command(command)
    lines = plain.getvalue().splitlines()
    assert max(map(len, lines)) <= 40
    shown = "\n".join(lines[lines.index(next(line for line in lines if "$" in line)) :])
    assert re.sub(r" \\\n\s+", " ", shown) == f"   $ {command}"


def test_a_failure_keeps_its_lines(plain):
    Narrator(plain, colours=False).failed("It broke:\nline 1\nline 2")
    assert plain.getvalue() == "   ✗ It broke:\n   │ line 1\n   │ line 2\n"


def test_without_a_terminal_there_are_no_escapes_and_progress_is_rare(plain, monkeypatch):
    now = 0.0
    monkeypatch.setattr(narration.time, "monotonic", lambda: now)
    say = Narrator(plain, colours=True)
    for now in (1.0, 2.0, 6.0, 7.0, 12.0):
        say.progress(f"at {now}")
    assert plain.getvalue() == "   … at 6.0\n   … at 12.0\n"


def test_on_a_terminal_progress_is_overwritten():
    terminal = Terminal()
    say = Narrator(terminal, colours=False)
    say.progress("half")
    say.done("whole")
    assert re.fullmatch(r"\r\x1b\[K   … half\r\x1b\[K   ✓ whole \(\d\.\d s\)\n", terminal.getvalue())


def test_colours_only_on_a_terminal_that_wants_them(plain):
    for stream, colours, coloured in ((plain, True, False), (Terminal(), False, False), (Terminal(), True, True)):
        Narrator(stream, colours=colours).done("held")
        assert ("\033[32m" in stream.getvalue()) is coloured


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        ({}, []),
        (
            {"web1": {"LISTEN": 1, "TIME_WAIT": 28232}, "web2": {"LISTEN": 12}},
            ["             web1   web2", "LISTEN          1     12", "TIME_WAIT   28232      -"],
        ),
        ({"a": {}}, ["   a"]),
    ],
)
def test_table(columns, lines):
    assert table(columns).splitlines() == lines


def test_a_claim_that_does_not_hold_ends_the_demo():
    claim(True, "never said")
    with pytest.raises(ClaimFailed, match="said"):
        claim(False, "said")


def test_differences_of_two_moments():
    before = Moment({"/proc/sys/a": "1", "/proc/sys/b": "1"}, {"/etc/x": "old", "/etc/y": "same"})
    after = Moment({"/proc/sys/a": "2", "/proc/sys/b": "1"}, {"/etc/z": "new", "/etc/y": "same"})
    assert before.differences(after) == ["/proc/sys/a: '1' is now '2'", "/etc/x", "/etc/z"]
    assert before.differences(before) == []


def test_a_load_says_how_it_went():
    line = '{"answered": 3, "failures": {"EADDRNOTAVAIL": 2, "EMFILE": 1}, "seconds": 1.5, "ended": true}'
    assert load(line) == Load(3, {"EADDRNOTAVAIL": 2, "EMFILE": 1}, 1.5)
    assert str(load(line)) == "3 requests answered, 3 failed (EADDRNOTAVAIL, EMFILE)"
    assert str(Load(3, {}, 1.0)) == "3 requests answered, none failed"
