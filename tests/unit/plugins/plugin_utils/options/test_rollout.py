# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import rollout
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.origins import Origins

GIVEN = Origins({"nettune_serial": "1,10%"}, {}, {})
PLAY = rollout.Play([1, "10%"], "linear", ["all"], [])


def template(_name: str, value: Any, _host: str | None) -> Any:
    return value


def test_values_have_defaults() -> None:
    assert rollout.values({}, template) == {"nettune_serial": [], "nettune_on_failure": "batch"}
    assert rollout.values({"nettune_serial": "2", "nettune_on_failure": "all"}, template) == {
        "nettune_serial": [1, 2],
        "nettune_on_failure": "all",
    }


@pytest.mark.parametrize("wrong", [{"nettune_serial": "0"}, {"nettune_on_failure": "everything"}])
def test_invalid_values_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidOption, match=next(iter(wrong))):
        rollout.values(wrong, template)


def test_a_rollout_of_a_play_with_batches_is_allowed() -> None:
    assert rollout.check({"nettune_serial": [1, "10%"], "tuning_confirm_within": 300}, GIVEN, PLAY) == []
    assert rollout.check({"nettune_serial": []}, GIVEN, PLAY._replace(serial=[], strategy="free")) == []
    in_the_play = Origins({}, {"nettune_serial": [1]}, {})
    assert rollout.check({"nettune_serial": [1]}, in_the_play, PLAY._replace(strategy="debug")) == []


@pytest.mark.parametrize(
    ("given", "play", "window", "sentence"),
    [
        (Origins({}, {}, {"web1": {}}), PLAY, 300, "nettune_serial has no effect in the inventory; set it with -e"),
        (
            GIVEN,
            PLAY._replace(serial=[]),
            300,
            "nettune_serial is set, but the play has no batches; give the play serial:",
        ),
        (GIVEN, PLAY._replace(strategy="free"), 300, "nettune_serial needs the strategy linear, not free"),
        (GIVEN, PLAY._replace(strategy="ansible.builtin.host_pinned"), 300, "needs the strategy linear"),
        (GIVEN, PLAY._replace(run_tags=["sysctl"]), 300, "nettune_serial cannot be combined with the tags sysctl"),
        (GIVEN, PLAY._replace(skip_tags=["verify"]), 300, "cannot be combined with the tags verify"),
        (GIVEN, PLAY, 0, "tuning_confirm_within is 0; with nettune_serial a change must be pending until its batch"),
    ],
)
def test_what_does_not_go_with_it_is_one_sentence(
    given: Origins, play: rollout.Play, window: int, sentence: str
) -> None:
    found = rollout.check({"nettune_serial": [1, "10%"], "tuning_confirm_within": window}, given, play)
    assert len(found) == 1
    assert sentence in found[0]
    assert found[0].count(". ") == 0
