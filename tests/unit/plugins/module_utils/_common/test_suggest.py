# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.suggest import closest, did_you_mean

WORDS = ("at_least", "at_most", "include")


@pytest.mark.parametrize(
    ("word", "near"), [("at_leest", "at_least"), ("includes", "include"), ("xyz", None), (5, None)]
)
def test_closest_word(word, near):
    assert closest(word, WORDS) == near


def test_cutoff_0_always_finds_a_word():
    assert closest("xyz", WORDS, cutoff=0.0) in WORDS
    assert closest("xyz", [], cutoff=0.0) is None


def test_hint():
    assert did_you_mean("at_least") == "; did you mean at_least?"
    assert did_you_mean(None) == ""
