# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the demo talks: numbered steps with their reason, commands, short output, progress, ticks with times."""

from __future__ import annotations

import shutil
import textwrap
import time
from typing import Mapping, Sequence, TextIO

_INDENT = "   "
_SECONDS_BETWEEN_PLAIN_LINES = 5.0
_WIDEST = 100
_BOLD, _DIM, _GREEN, _RED, _PLAIN = "\033[1m", "\033[2m", "\033[32m", "\033[31m", "\033[0m"


class Narrator:
    """Writes the story to `stream`. Progress is a line that rewrites itself on a terminal, else a line now and then."""

    def __init__(self, stream: TextIO, *, colours: bool) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._colours = colours and self._terminal
        self._width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)
        self._number = 0
        self._began = self._last_plain = time.monotonic()

    def title(self, text: str, explanation: str) -> None:
        """The first lines."""
        self._line(self._painted(text, _BOLD))
        self._wrapped(explanation, "")

    def step(self, title: str, why: str) -> None:
        """Begin the next step; its clock starts."""
        self._number += 1
        self._began = self._last_plain = time.monotonic()
        self._line("")
        self._line(self._painted(f"{self._number}. {title}", _BOLD))
        self._wrapped(why, _INDENT)

    def command(self, text: str) -> None:
        """The very command a user would type."""
        first, *rest = textwrap.wrap(
            text,
            self._width - 2,
            initial_indent=f"{_INDENT}$ ",
            subsequent_indent=f"{_INDENT}    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._line(self._painted(" \\\n".join([first, *rest]), _BOLD))

    def output(self, text: str) -> None:
        """Lines of a command's output, set off from the story."""
        for line in text.splitlines():
            self._line(f"{_INDENT}{self._painted('│', _DIM)} {line}".rstrip())

    def progress(self, text: str) -> None:
        """What is going on now; overwritten by what comes next."""
        if self._terminal:
            self._stream.write("\r\033[K" + self._painted(f"{_INDENT}… {text}"[: self._width - 1], _DIM))
            self._stream.flush()
        elif time.monotonic() - self._last_plain >= _SECONDS_BETWEEN_PLAIN_LINES:
            self._last_plain = time.monotonic()
            self._line(f"{_INDENT}… {text}")

    def done(self, text: str) -> None:
        """A tick: this was claimed, and it held."""
        seconds = time.monotonic() - self._began
        self._wrapped(f"{text} {self._painted(f'({seconds:.1f} s)', _DIM)}", _INDENT, self._painted("✓ ", _GREEN))

    def failed(self, text: str) -> None:
        """The end, and why."""
        first, *more = text.splitlines()
        self._wrapped(first, _INDENT, self._painted("✗ ", _RED))
        self.output("\n".join(more))

    def close(self, text: str, lines: Sequence[str]) -> None:
        """The last lines."""
        self._line("")
        self._wrapped(text, "")
        for line in lines:
            self._line(_INDENT + line)

    def _wrapped(self, text: str, indent: str, mark: str = "") -> None:
        first = indent + mark
        rest = indent + "  " * bool(mark)
        for line in textwrap.wrap(
            text, self._width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
        ):
            self._line(line)

    def _line(self, text: str) -> None:
        self._stream.write(("\r\033[K" if self._terminal else "") + text + "\n")
        self._stream.flush()

    def _painted(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._colours else text


def table(columns: Mapping[str, Mapping[str, object]]) -> str:
    """{heading: {row: value}} as columns beside each other, values to the right; a row for each that any column has."""
    rows = list(dict.fromkeys(row for column in columns.values() for row in column))
    first = max(map(len, rows), default=0)
    widths = {
        heading: max(len(heading), *(len(str(value)) for value in column.values()), 0)
        for heading, column in columns.items()
    }
    lines = [" ".join([" " * first, *(heading.rjust(width + 2) for heading, width in widths.items())])]
    for row in rows:
        cells = [str(columns[heading].get(row, "-")).rjust(width + 2) for heading, width in widths.items()]
        lines.append(" ".join([row.ljust(first), *cells]))
    return "\n".join(line.rstrip() for line in lines)
