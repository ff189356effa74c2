# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import journal
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import EMPTY, Original, Profile, State
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import Request

FIN, ALIVE = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_time"
REQUEST = Request("at_least", "30", True, "reason")
WEB = Profile({FIN: REQUEST}, True, ("text\udce9",), "8080", "boot")
STATE = State({"web": WEB}, {FIN: Original("60", ("30",), ("30",), "30")})


@pytest.mark.parametrize(
    "state",
    [
        EMPTY,
        STATE,
        State({"web": Profile({}), "mail": WEB._replace(persistent=False)}, {}),
        State({}, {FIN: Original("60", ("30", "20"), ("31", "20"), None, settled=False)}),
        State({"web": Profile({"z.z": REQUEST, "a.a": REQUEST})}, {}),
    ],
)
def test_document_round_trip(state: State) -> None:
    back = journal.parse(json.loads(json.dumps(journal.render(state))))
    assert back == state
    assert [list(one.requests) for one in back.profiles.values()] == [
        list(one.requests) for one in state.profiles.values()
    ]


def test_empty_state_is_an_empty_document() -> None:
    assert journal.render(EMPTY) == {}
    assert journal.parse({}) == EMPTY


ROW = {"before": "60", "ours": ["30"], "asked": ["30"], "line": "30", "settled": True}
PROFILE = {"requests": {}, "persistent": True, "texts": [], "listeners": "", "boot_id": ""}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            {"version": 3, "profiles": {}, "keys": {}},
            "the journal of kernel parameters (/var/lib/nettune/tcp/sysctl.json) has format 3",
        ),
        ({"version": "1", "profiles": {}, "keys": {}}, "version is '1'"),
        ({"profiles": {}, "keys": {}}, "version is None"),
        ({"version": 1}, "damaged"),
        ({"version": 1, "profiles": {}}, "damaged"),
        ({"version": 1, "profiles": [], "keys": {}}, "damaged"),
        ({"version": 1, "profiles": {}, "keys": []}, "damaged"),
        ({"version": 1, "profiles": {"web": {}}, "keys": {}}, "damaged"),
        ({"version": 1, "profiles": {"web": None}, "keys": {}}, "damaged"),
        ({"version": 1, "profiles": {"web": {**PROFILE, "requests": {FIN: {}}}}, "keys": {}}, "damaged"),
        ({"version": 1, "profiles": {"web": {**PROFILE, "texts": "text"}}, "keys": {}}, "damaged"),
        ({"version": 1, "profiles": {"web": {**PROFILE, "texts": [1]}}, "keys": {}}, "damaged"),
        ({"version": 1, "profiles": {"web": {**PROFILE, "more": 1}}, "keys": {}}, "damaged"),
        ({"version": 1, "profiles": {}, "keys": {FIN: {}}}, "damaged"),
        ({"version": 1, "profiles": {}, "keys": {FIN: {**ROW, "more": 1}}}, "damaged"),
        ({"version": 1, "profiles": {}, "keys": {FIN: {**ROW, "before": 60}}}, "damaged"),
        ({"version": 1, "profiles": {}, "keys": {FIN: {**ROW, "before": []}}}, "damaged"),
        ({"version": 1, "profiles": {}, "keys": {FIN: {**ROW, "ours": []}}}, "damaged"),
        ({"version": 1, "profiles": {}, "keys": {FIN: {**ROW, "ours": "30"}}}, "damaged"),
        ({"version": 1, "profiles": {}, "keys": {FIN: {**ROW, "ours": [None]}}}, "damaged"),
        ({"version": 1, "profiles": {}, "keys": {FIN: {**ROW, "asked": []}}}, "damaged"),
        ({"version": 1, "profiles": {}, "keys": {FIN: {**ROW, "line": 30}}}, "damaged"),
    ],
)
def test_damaged_or_newer_document_is_refused(document: dict[str, Any], message: str) -> None:
    with pytest.raises(JournalError) as refused:
        journal.parse(document)
    assert message in str(refused.value)


def test_format_1_is_migrated() -> None:
    request = {"how": "at_least", "value": "30", "listeners": True, "why": "reason"}
    newer = {"how": "value", "value": "600", "listeners": False, "reason": "already in format 2"}
    profile = {**PROFILE, "requests": {FIN: request, ALIVE: newer}}
    requests = journal.parse({"version": 1, "profiles": {"web": profile}, "keys": {FIN: ROW}}).profiles["web"].requests
    assert requests == {FIN: REQUEST, ALIVE: Request("value", "600", reason="already in format 2")}


def test_reboot_drops_nonpersistent_profiles_and_their_originals() -> None:
    trial = Profile({FIN: REQUEST, ALIVE: REQUEST}, persistent=False, boot_id="first")
    kept = Profile({FIN: REQUEST}, boot_id="first")
    row = Original("1", ("2",), ("2",))
    state = State({"trial": trial, "web": kept}, {FIN: row, ALIVE: row, "left.over": row})
    assert journal.current(state, boot_id="first") == state
    after = journal.current(state, boot_id="second")
    assert list(after.profiles) == ["web"]
    assert sorted(after.keys) == ["left.over", FIN]


def test_drop_in_left_by_an_interrupted_removal_applies_after_a_reboot() -> None:
    trial = Profile({FIN: REQUEST}, persistent=False, texts=("old",), boot_id="first")
    state = State({"trial": trial}, {FIN: Original("60", ("30",), ("30",), "30"), ALIVE: Original("1", ("2",), ("2",))})
    assert journal.current(state, boot_id="first") == state
    assert journal.current(state, boot_id="second") == State({"trial": trial._replace(requests={})}, state.keys)


def test_transition_has_everything_of_both_states() -> None:
    before = State(
        {"web": Profile({FIN: REQUEST}, texts=("old",)), "gone": Profile({})},
        {FIN: Original("60", ("30",), ("30",), "30"), ALIVE: Original("7200", ("600",), ("600",))},
    )
    after = State(
        {"web": Profile({FIN: REQUEST}, texts=("new",)), "come": Profile({})},
        {FIN: Original("60", ("20",), ("20",)), "new.key": Original("1", ("2",), ("2",))},
    )
    found = journal.during(before, after)
    assert sorted(found.profiles) == ["come", "gone", "web"]
    assert found.profiles["web"].texts == ("old", "new")
    assert found.keys == {
        FIN: Original("60", ("30", "20"), ("30", "20"), "30", settled=False),
        ALIVE: Original("7200", ("600",), ("600",)),
        "new.key": Original("1", ("2",), ("2",), settled=False),
    }


def test_unchanged_value_is_listed_once() -> None:
    assert journal.during(STATE, STATE).keys[FIN].ours == ("30",)
    assert journal.during(STATE, STATE).profiles["web"].texts == WEB.texts
    newer = State({}, {FIN: Original("60", ("20",), ("20",), "20")})
    assert journal.during(STATE, newer).keys[FIN].line == "20"
