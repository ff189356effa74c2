# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import os

import pytest

pytest.importorskip("ansible.utils.display")

from ansible_collections.nettune.tcp.plugins.plugin_utils.progress import screen
from ansible_collections.nettune.tcp.plugins.plugin_utils.progress.screen import ERASE, Rewritten

LINE = ERASE + "1 of 9 hosts answered"
ERASED = (ERASE, {"newline": False, "screen_only": True})


class Printer:
    """Record what is printed through Rewritten, on a clock set by hand."""

    def __init__(self):
        self.printed, self.now = [], 100.0
        self.display = Rewritten(lambda msg, **options: self.printed.append((msg, options)), lambda: self.now)


@pytest.fixture
def printer():
    return Printer()


def test_the_line_is_erased_before_other_text(printer):
    printer.display(LINE, newline=False)
    printer.display("ok: [web1]")
    printer.display("ok: [web2]", color="green")
    assert printer.printed == [
        (LINE, {"newline": False}),
        ERASED,
        ("ok: [web1]", {}),
        ("ok: [web2]", {"color": "green"}),
    ]


def test_the_line_replaces_itself(printer):
    for _time in range(2):
        printer.display(LINE)
    assert printer.printed == [(LINE, {})] * 2


@pytest.mark.parametrize(("later", "drawn"), [(0.0, False), (0.2, False), (0.4, True)])
def test_the_line_is_not_drawn_between_the_lines_of_a_host(printer, later, drawn):
    printer.display("+net.ipv4.tcp_tw_reuse = 1")
    printer.now += later
    printer.display(LINE)
    printer.display("changed: [web1]")
    assert (ERASED in printer.printed) is drawn


def test_text_for_the_log_alone_leaves_the_line(printer):
    printer.display(LINE)
    printer.display("for the log", log_only=True)
    assert ERASED not in printer.printed


def test_the_process_of_a_host_only_sends_messages_on(printer, monkeypatch):
    monkeypatch.setattr(os, "getpid", lambda: -1)
    printer.display(LINE)
    printer.display("phase 1")
    assert printer.printed == [(LINE, {}), ("phase 1", {})]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stdout", "term", "installed"),
    [(Terminal, "xterm", True), (Terminal, "dumb", False), (Terminal, None, False), (io.StringIO, "xterm", False)],
)
def test_display_is_wrapped_on_a_terminal_only(monkeypatch, stdout, term, installed):
    class Display:
        columns = 79

        def display(self, msg, **options):
            raise NotImplementedError

    display = Display()
    monkeypatch.setattr(screen, "Display", lambda: display)
    monkeypatch.setattr("sys.stdout", stdout())
    if term is None:
        monkeypatch.delenv("TERM", raising=False)
    else:
        monkeypatch.setenv("TERM", term)
    assert screen._install() is installed
    assert isinstance(display.display, Rewritten) is installed


def test_the_line_is_cut_to_the_width(monkeypatch):
    shown = []

    class Display:
        columns = 10

        def display(self, msg, **options):
            shown.append((msg, options))

    monkeypatch.setattr(screen, "Display", Display)
    screen.draw("0123456789abc")
    assert shown == [(ERASE + "0123456789", {"newline": False, "screen_only": True})]
