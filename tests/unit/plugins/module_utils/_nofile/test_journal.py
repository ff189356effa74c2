# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import journal
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.journal import Raised, State, Written
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request

STATE = State(
    {"web": Request(Limit(1, 2), ("root",), ("nginx.service",))},
    {"/etc/a": Written("web", ("text",))},
    ("/etc/dir",),
    (Raised(7, 8, "nginx.service", Limit(1, 2), (Limit(3, 4),)),),
    Limit(5, 6),
    True,
    "boot",
)


@pytest.mark.parametrize("state", [State(), STATE, STATE._replace(logins=None)])
def test_round_trip_through_json(state):
    assert journal.parse(json.loads(json.dumps(journal.render(state)))) == state


def test_empty_state_has_no_document():
    assert journal.render(State(logins=Limit(1, 2))) == {}


def test_during_a_change_both_states_are_recorded():
    after = STATE._replace(
        profiles={"mail": Request(Limit(1, 2), ("root",))},
        files={"/etc/a": Written("web", ("new",)), "/etc/b": Written("mail", ("b",))},
        directories=("/etc/dir", "/etc/other"),
        raised=(Raised(7, 8, "nginx.service", Limit(1, 2), (Limit(9, 9),)),),
        reload=False,
    )
    both = journal.during(STATE, after)
    assert set(both.profiles) == {"web", "mail"}
    assert both.files == {"/etc/a": Written("web", ("text", "new")), "/etc/b": Written("mail", ("b",))}
    assert both.directories == ("/etc/dir", "/etc/other")
    assert both.raised == (Raised(7, 8, "nginx.service", Limit(1, 2), (Limit(3, 4), Limit(9, 9))),)
    assert both.reload


def test_during_a_removal_the_old_state_is_recorded():
    assert journal.during(STATE, State()) == STATE


@pytest.mark.parametrize("document", [{"version": 3}, {"version": 1}, {"version": 1, "profiles": [], "files": {}}])
def test_damaged_or_newer_document_fails(document):
    with pytest.raises(JournalError, match="journal of open-file limits"):
        journal.parse(document)
