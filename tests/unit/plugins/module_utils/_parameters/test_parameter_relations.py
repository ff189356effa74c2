# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.write_order import COUNTERPARTS, RELATIONS


@pytest.mark.parametrize(("lower", "lower_at", "upper", "upper_at"), RELATIONS)
def test_relations_are_between_elements_of_two_parameters(lower: str, lower_at: int, upper: str, upper_at: int) -> None:
    assert lower != upper
    assert lower_at < catalogue.find(lower).count
    assert upper_at < catalogue.find(upper).count


@pytest.mark.parametrize(("lower", "lower_at", "upper", "upper_at"), RELATIONS)
def test_the_defaults_keep_to_the_relations(lower: str, lower_at: int, upper: str, upper_at: int) -> None:
    low, high = catalogue.find(lower).default.split(), catalogue.find(upper).default.split()
    assert int(low[lower_at]) <= int(high[upper_at])


def test_each_counterpart_stands_in_one_pair() -> None:
    names = [name for pair in COUNTERPARTS for name in pair]
    assert len(names) == len(set(names))
    assert all(catalogue.find(name) is not None for name in names)
