# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the output of the programs that the benchmark compares."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.subsets import states_of
from ansible_collections.nettune.tcp.tests.bench.compared_programs import (
    RARE_STATES,
    count_difference,
    parse_facts,
    parse_lines,
    parse_metrics,
)

EXPECTED = {"ESTABLISHED": 70, "FIN_WAIT2": 5, "LISTEN": 2}
METRICS = """\
# HELP node_tcp_connection_states Number of connection states.
node_tcp_connection_states{state="established"} 70
node_tcp_connection_states{state="fin_wait2"} 5
node_tcp_connection_states{state="listen"} 2
node_tcp_connection_states{state="rx_queued_bytes"} 4e+06
node_scrape_collector_success{collector="tcpstat"} 1
"""


@pytest.mark.parametrize(
    "text",
    [
        "ESTAB 70\nFIN-WAIT-2 5\nLISTEN 2\n",
        "LISTEN 2\nESTABLISHED 70\nFIN_WAIT2 5\n",
        "1 70\n5 5\n10 2\n",
        "ESTABLISHED 70\nFIN_WAIT2 5\nLISTEN 2\nNONE 8\n",
    ],
    ids=["ss", "netstat", "kernel", "psutil"],
)
def test_lines_are_parsed(text):
    assert parse_lines(text) == EXPECTED


@pytest.mark.parametrize("text", ["ESTAB", "ESTAB many", "ESTAB 1 2", "12 1"])
def test_malformed_lines_are_refused(text):
    with pytest.raises((ValueError, IndexError)):
        parse_lines(text)


def test_metrics_are_parsed():
    assert parse_metrics(METRICS) == EXPECTED


def test_facts_are_parsed():
    assert parse_facts(str({"states": {**EXPECTED, "CLOSE": 0}, "total": 77, "rates": None})) == EXPECTED


def test_difference_is_the_sum_over_all_states():
    assert count_difference(EXPECTED, EXPECTED) == 0
    assert count_difference(EXPECTED, {"ESTABLISHED": 71, "FIN_WAIT2": 5, "TIME_WAIT": 3}) == 1 + 2 + 3


def test_the_floor_of_counts_reads_the_states_that_counts_reads():
    _counted, walked = states_of({"min"})
    assert walked == RARE_STATES
