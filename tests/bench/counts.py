# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What contestants printed, as numbers by state under one name each, so that their answers can be compared."""

from __future__ import annotations

import ast
import re

# The kernel's numbers begin with 1.
STATES = ("ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT")
STATES += ("LAST_ACK", "LISTEN", "CLOSING")
# What ss and node_exporter say otherwise than netstat.
_NAMES = {"ESTAB": "ESTABLISHED", "SYN-RCVD": "SYN_RECV", "FIN_WAIT_1": "FIN_WAIT1", "FIN_WAIT_2": "FIN_WAIT2"}
_METRIC = re.compile(r'^node_tcp_connection_states\{state="(\w+)"\} (\S+)$', re.MULTILINE)


def of_facts(text: str) -> dict[str, int]:
    """The facts of the collection, as Python writes them."""
    return {state: number for state, number in ast.literal_eval(text)["states"].items() if number}


def of_lines(text: str) -> dict[str, int]:
    """Lines of a state and a number, the state by any of its names or by the kernel's number; headings are left out."""
    rows = [line.split() for line in text.splitlines()]
    return _known({name: int(number) for name, number in rows})


def of_metrics(text: str) -> dict[str, int]:
    """node_exporter's tcpstat."""
    return _known({name: int(float(number)) for name, number in _METRIC.findall(text)})


def _known(numbers: dict[str, int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, number in numbers.items():
        state = STATES[int(name) - 1] if name.isdigit() else name.upper().replace("-", "_")
        state = _NAMES.get(state, state)
        if state in STATES and number:
            counts[state] = counts.get(state, 0) + number
    return counts


def strays(counts: dict[str, int], others: dict[str, int]) -> int:
    """By how many sockets two answers differ, added up over the states."""
    return sum(abs(counts.get(state, 0) - others.get(state, 0)) for state in STATES)
