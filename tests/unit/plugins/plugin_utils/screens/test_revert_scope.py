# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.revert_scope import draw
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run

FLEET = {
    **{
        f"web{number}": {"got": {"profiles": [{"name": "client"}, {"name": "web"}], "drift": []}}
        for number in (1, 2, 3)
    },
    "mail1": {"got": {"profiles": [{"name": "mail"}], "drift": []}},
    "db1": {"got": {"profiles": [], "drift": []}},
    "dead": {"got": {"unreachable": True, "msg": "no route"}},
}


def screen(**options):
    return draw(Run(FLEET, list(FLEET), list(FLEET), args={"registered": "got", "options": options}))


def test_without_a_target_the_profiles_are_listed_and_every_host_is_refused():
    drawn = screen(nettune_profile=None, target_given=False)
    assert [line.text for line in drawn.lines] == [
        "HOST      WOULD REVERT",
        "mail1     mail",
        "web[1-3]  client, web",
        "dead      unreachable: no route",
        "db1: no profile",
        "",
        "Nothing was reverted. Name the hosts with -e target=GROUP or --limit HOST; -e",
        "target=all reverts all of them.",
    ]
    assert list(drawn.failures) == list(FLEET)
    assert "-e target=GROUP or --limit HOST" in drawn.failures["web1"]["msg"]
    assert drawn.failures["dead"] == {"msg": "no route", "unreachable": True}


def test_one_profile_is_listed_if_it_was_chosen():
    drawn = screen(nettune_profile="client", target_given=False)
    assert [line.text for line in drawn.lines][1] == "web[1-3]  client"


def test_named_hosts_are_accepted():
    drawn = screen(nettune_profile="web", target_given=True)
    assert (drawn.lines, drawn.failures) == ([], {})


@pytest.mark.parametrize("given", [True, False])
def test_a_wrong_profile_is_an_error_that_lists_the_existing_ones(given):
    with pytest.raises(InvalidOption, match="no host has a profile 'wbe'; existing profiles: client, mail, web"):
        screen(nettune_profile="wbe", target_given=given)
