# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove from the output of a playbook what differs from run to run."""

from __future__ import annotations

import re
from collections import Counter
from typing import Iterable, Iterator, Mapping


def _without_numbers(match: re.Match[str]) -> str:
    return match[1] + re.sub(r"\d+", "0", match[2]) + "}"


def _with_83_series(match: re.Match[str]) -> str:
    return match[1] + "83".rjust(len(match[2]))


_REPLACED = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "2026-01-31T12:00:00Z"),
    (re.compile(r"\d{8}T\d{6}"), "20260131T120000"),
    (re.compile(r"\b(pid|PID) \d+"), r"\1 4711"),
    (re.compile(r"(?<= on )(web\d+), \d+(?= on web)"), r"\1, 4711"),
    # Connections and memory of the whole machine, and limits that depend on its memory, in results as JSON.
    (re.compile(r'(?<="pages": )\d+'), "17"),
    (re.compile(r'("(?:conntrack|orphans|time_wait)": \{)([^{}]*)\}'), _without_numbers),
    (re.compile(r"(?<=tcp_max_tw_buckets lowered from )\d+"), "131072"),
    # The open-file limit of a process that this machine has started.
    (re.compile(r"[\d.]+ %( of its limit of )\d+"), r"1.5 %\g<1>20000"),
    # Metrics: a port or peer that is listed has series of its own.
    (re.compile(r"^(web\S+)( +[\d-]+)(?=  would be written)", re.MULTILINE), _with_83_series),
    (re.compile(r"^(web\d+(?:, web\d+)+)( +[\d-]+)$", re.MULTILINE), _with_83_series),
    (re.compile(r"^\d+(?= series of )", re.MULTILINE), "166"),
    # A sample of watch: the time of day, interrupts, context switches and processor time.
    (re.compile(r"^\d\d:\d\d:\d\d(?=  \w)", re.MULTILINE), "12:00:00"),
    (re.compile(r"\bin \d+ cs \d+ sy +\d+%"), "in 1000 cs 2000 sy 10%"),
    (re.compile(r"(?<= samples of )(\d+ hosts?) in \d+ s\b"), r"\1 in 9 s"),
)
# A line that watch or trial prints for a host during a task.
_LIVE = re.compile(r"^(?:12:00:00)?  ([\w-]+)(?:  \d|: .* left$)")
# The result of a task on a host. A failed one may be followed by a line that says that it is ignored.
_STATUS = re.compile(r"^(?:ok|changed|skipping|included|fatal|failed): \[([\w-]+)\]")
# With the callback minimal it has more lines, up to a brace.
_MINIMAL = re.compile(r"^([\w-]+) \| \w+!? => \{$")
_IGNORING = "...ignoring"
# An error that the callback prints before the result: where the task is, and the lines around it.
_ERROR = "[ERROR]: "
_END_OF_ERROR = re.compile(r"^ +\^ column \d+$")


def stable(text: str, places: Mapping[str, str]) -> str:
    """Return the text with constant times and numbers of processes, and with the hosts of a task in natural order.

    places: directories and the names to print instead.
    """
    for place, name in places.items():
        text = text.replace(place, name)
    for pattern, constant in _REPLACED:
        text = pattern.sub(constant, text)
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(_in_order(_blocks(lines))).rstrip() + "\n"


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield an error with all its lines and the empty one after it, a result with its lines, and each other line."""
    block: list[str] = []
    for line in lines:
        if block and not _continues(block, line):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _continues(block: list[str], line: str) -> bool:
    if _STATUS.match(block[0]):
        return line == _IGNORING
    if _MINIMAL.match(block[0]):
        return block[-1] != "}"
    ended = len(block) > 1 and _END_OF_ERROR.match(block[-2])
    return block[0].startswith(_ERROR) and not ended and not _STATUS.match(line) and not line.startswith("TASK [")


def _in_order(blocks: Iterable[list[str]]) -> Iterator[str]:
    """Yield the lines; those of results that follow one another are sorted."""
    results: list[list[str]] = []
    for block in [*blocks, []]:
        if block and (block[0].startswith(_ERROR) or _LIVE.match(block[0]) or _status(block)):
            results.append(block)
            continue
        for result in _sorted(results):
            yield from result
        results = []
        yield from block


def _sorted(results: Iterable[list[str]]) -> list[list[str]]:
    """Return the first live line of each host, the second ones and so on, then the errors, then the results.

    Those of a trial are left out: it depends on the machine's speed which of its phases they show.
    """
    lives: Counter[str] = Counter()
    keys = []
    for block in results:
        live, status = _LIVE.match(block[0]), _status(block)
        lives[live[1] if live else ""] += 1
        if live and block[0].endswith(" left"):
            continue
        kind = (0, lives[live[1]]) if live else (2, 0) if status else (1, 0)
        found = live or status
        keys.append((kind, _natural(found[1]) if found else ("", 0), block))
    return [block for _kind, _host, block in sorted(keys)]


def _status(block: list[str]) -> re.Match[str] | None:
    return _STATUS.match(block[0]) or _MINIMAL.match(block[0])


def _natural(host: str) -> tuple[str, int]:
    number = re.search(r"\d+$", host)
    return (host[: number.start()], int(number[0])) if number else (host, 0)
