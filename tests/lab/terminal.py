# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Output of the demo and of a shown case: numbered steps, commands, their output, progress, checked statements."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import time
from typing import Callable, Mapping, TextIO

from machine import this_machine
from namespaces import LabError

_WIDEST = 100
_INDENT = "   "
_BOLD, _DIM, _GREEN, _RED, _PLAIN = "\033[1m", "\033[2m", "\033[32m", "\033[31m", "\033[0m"


class Terminal:
    """Writes to `stream`; colours and progress only if it is a terminal."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
        self._stream = stream
        self._interactive = stream.isatty()
        self._colours = self._interactive and "NO_COLOR" not in os.environ
        self._width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)
        self._number = 0
        self._began = time.monotonic()

    def title(self, text: str) -> None:
        """Print the heading."""
        self._line(self._coloured(text, _BOLD))
        self._line("On local test hosts; this machine is not changed.")

    def step(self, title: str, explanation: str) -> None:
        """Start the next step and its clock."""
        self._number += 1
        self._began = time.monotonic()
        self._line("")
        self._line(self._coloured(f"{self._number}. {title}", _BOLD))
        self._wrapped(explanation, _INDENT)

    def command(self, text: str) -> None:
        """Print a command as a user would type it."""
        self._wrapped(text, f"{_INDENT}$ ", f"{_INDENT}    ", joint=" \\")

    def output(self, *lines: str) -> None:
        """Print lines of a command's output, set apart from the text."""
        for line in lines:
            self._line(f"{_INDENT}{self._coloured('│', _DIM)} {line}".rstrip())

    def progress(self, text: str) -> None:
        """Show the current activity; the next line replaces it."""
        if self._interactive:
            self._stream.write("\r\033[K" + self._coloured(f"{_INDENT}… {text}"[: self._width - 1], _DIM))
            self._stream.flush()

    def pause(self, text: str) -> None:
        """Print a text and wait for Enter, if a person can press it."""
        if self._interactive and sys.stdin.isatty():
            self._wrapped(text, _INDENT)
            sys.stdin.readline()

    def check(self, true: bool, statement: str, otherwise: object) -> None:
        """Print a statement if it is true; else raise LabError with it and `otherwise`, the actual values."""
        if not true:
            raise LabError(f"not true: {statement}\n{otherwise}")
        seconds = self._coloured(f"({time.monotonic() - self._began:.1f}\u00a0s)", _DIM)
        self._wrapped(f"{statement} {seconds}", _INDENT + self._coloured("✓ ", _GREEN), f"{_INDENT}  ")

    def run(self, act: Callable[[], None]) -> int:
        """Run `act`, check that it left this machine unchanged, and return the exit code; print an error."""
        before = this_machine()
        try:
            act()
            self.step("Clean up", "The local test hosts are removed.")
            changed = before.differences(this_machine())
            statement = f"all {len(before.values)} values and the files of this machine are unchanged"
            self.check(not changed, statement, "\n".join(changed))
        except LabError as error:
            first, *more = str(error).splitlines()
            self._wrapped(first, _INDENT + self._coloured("✗ ", _RED), f"{_INDENT}  ")
            self.output(*more)
            return 1
        except KeyboardInterrupt:
            self._line("interrupted; the local test hosts are removed")
            return 130
        return 0

    def close(self, text: str, *lines: str) -> None:
        """Print the last paragraph and the lines below it."""
        self._line("")
        self._wrapped(text, "")
        for line in lines:
            self._line(_INDENT + line)

    def _wrapped(self, text: str, first: str, rest: str | None = None, joint: str = "") -> None:
        lines = textwrap.wrap(
            text,
            self._width - len(joint),
            initial_indent=first,
            subsequent_indent=first if rest is None else rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._line(f"{joint}\n".join(lines))

    def _line(self, text: str) -> None:
        self._stream.write(("\r\033[K" if self._interactive else "") + text + "\n")
        self._stream.flush()

    def _coloured(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._colours else text


def table(columns: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return the lines of {heading: {row: number}} as columns side by side, without rows of zeros."""
    rows = [row for row in next(iter(columns.values())) if any(column[row] for column in columns.values())]
    cells = [["", *columns], *([row, *(str(column[row]) for column in columns.values())] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    return [
        "   ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))])
        for line in cells
    ]
