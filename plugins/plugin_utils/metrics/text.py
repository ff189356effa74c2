# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
r"""The text format of Prometheus, version 0.0.4 (Prometheus documentation, "Exposition formats").

    # HELP nettune_tcp_sockets Sockets by state
    # TYPE nettune_tcp_sockets gauge
    nettune_tcp_sockets{host="web1",state="ESTABLISHED"} 400

In the value of a label, a backslash, a quote and a newline are escaped by a backslash.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Iterable

from .metric import HOST, Metric
from .series import Series
from .table import METRICS

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}


class Exposition:
    """The text of many hosts, which is added to host by host, as all series of a large fleet take much memory."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}

    def add(self, series: Iterable[Series]) -> None:
        """Add series, each of which may be added once only."""
        for each in series:
            self._lines.setdefault(each.metric.name, []).append(_line(each))

    def text(self) -> str:
        """Return the text, the metrics in the order of their table."""
        parts = [(_head(metric), self._lines[metric.name]) for metric in METRICS if metric.name in self._lines]
        return "".join(f"{head}{''.join(lines)}" for head, lines in parts)


def render(series: Iterable[Series]) -> str:
    """Return the text of series."""
    exposition = Exposition()
    exposition.add(series)
    return exposition.text()


# Most labels of a fleet are states, ports and the host of the line before.
@lru_cache(maxsize=4096)
def escaped(label: str) -> str:
    r"""Return the value of a label as it is written between the quotes.

    Other control characters, and bytes that are not UTF-8, become text such as \x1b, whose backslash is escaped.
    """
    return "".join(map(_character, label)) if not _is_simple(label) else label


def number(value: float) -> str:
    """Return a value as Prometheus reads it."""
    return str(int(value)) if value == int(value) else repr(float(value))


def _head(metric: Metric) -> str:
    text = metric.help.replace("\\", "\\\\").replace("\n", "\\n")
    return f"# HELP {metric.name} {text}\n# TYPE {metric.name} {metric.kind}\n"


def _line(series: Series) -> str:
    names = (HOST, *series.metric.labels)
    labels = ",".join(f'{name}="{escaped(value)}"' for name, value in zip(names, series.labels))
    return f"{series.metric.name}{{{labels}}} {number(series.value)}\n"


def _is_simple(label: str) -> bool:
    return label.isascii() and label.isprintable() and not any(char in label for char in _ESCAPES)


def _character(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if unicodedata.category(char) in ("Cc", "Cs"):
        return char.encode("unicode_escape", "backslashreplace").decode("ascii").replace("\\", "\\\\")
    return char
