# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words, booleans, lists and endless digits in place of a number get one sentence."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.engine import lint

FIN, MEM = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_mem"
WORDS = ("infinity", "unlimited", "yes", "true", "1e400", "ten", "9" * 5000, "0" * 5000, "0x" + "f" * 5000)
OTHERS = (True, [[1]], [[[1]]], float("inf"), float("nan"), 1e400, 0.5, 10**5000, {"at_least": [[1]]}, {"value": True})


@pytest.mark.parametrize("value", WORDS, ids=lambda value: value[:9])
@pytest.mark.parametrize("key", [FIN, MEM])
def test_word_in_a_file_is_invalid(key, value):
    (row,) = lint(f"{key} = {value}\n")
    assert row["verdict"] == "invalid"
    assert len(row["message"]) < 200


@pytest.mark.parametrize("value", [*WORDS, *OTHERS], ids=range(len(WORDS + OTHERS)))
@pytest.mark.parametrize("key", [FIN, MEM])
def test_value_of_a_dictionary_is_invalid(key, value):
    (row,) = lint({key: value})
    assert row["verdict"] == "invalid"
    assert len(row["message"]) < 200


@pytest.mark.parametrize(
    ("share", "verdict"),
    [([25, 33, 50], "ok"), ("{{ shares }}", "ok"), ("infinity", "invalid"), ([25, 33, 500], "invalid"), (5, "invalid")],
)
def test_share_of_memory(share, verdict):
    assert lint({MEM: {"share_of_memory": share}})[0]["verdict"] == verdict
    assert lint({FIN: {"share_of_memory": "infinity"}})[0]["verdict"] == "invalid"
