# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a pending change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._confirm import pending
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.pending import (
    NOFILE,
    SYSCTL,
    LimitStep,
    Part,
    Pending,
    State,
    Step,
)

ROWS = {
    "version": 1,
    "profiles": {"web": None},
    "texts": {"mail": {"texts": ["old"]}},
    "keys": {"a.b": None},
    "taken": {},
}
STEP = Step("a.b", "1", ("2",), "a.b", "1")
LIMIT = LimitStep(812, 4711, [1024, 4096], [[2048, 4096]])
PARAMETERS = Part(SYSCTL, {"name": "web"}, (STEP,), rows=ROWS, finished=True)
LIMITS = Part(NOFILE, {"name": "web"}, limits=(LIMIT,), documents={"nofile": {}}, finished=True)
TOLD = {"at": "2026-01-31T12:00:01Z", "deadline": "2026-01-31T12:00:00Z", "why": "expired"}
PENDING = Pending("web", "boot", 60.5, "2026-01-31T12:00:00Z", (PARAMETERS, LIMITS), {"pid": 7, "start": 8})
STATE = State(PENDING, {SYSCTL: {"mail": TOLD}})


@pytest.mark.parametrize("state", [State(), STATE, State(PENDING), State(None, {NOFILE: {"web": TOLD}})])
def test_document_round_trip(state: State) -> None:
    written = json.loads(json.dumps(pending.render(state)))
    again = pending.parse(written)
    assert json.loads(json.dumps(pending.render(again))) == written
    assert (again.pending is None, again.taken_back) == (state.pending is None, state.taken_back)


def test_empty_state_is_an_empty_document() -> None:
    assert pending.render(State()) == {}
    assert pending.parse({}) == State()


def without(*path: Any) -> dict[str, Any]:
    document = json.loads(json.dumps(pending.render(STATE)))
    place = document
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return document


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"version": 3}, r"the journal of pending changes \(/var/lib/nettune/tcp/confirm.json\) has format 3"),
        ({"pending": None}, "version is None"),
        (without("pending"), "damaged: the field"),
        (without("taken_back"), "damaged: the field"),
        (without("pending", "due"), "damaged: a field is missing or has the wrong type"),
        (without("pending", "parts"), "damaged: the field"),
        (without("pending", "parts", 0, "steps"), "damaged: .*parts has no steps"),
        (without("pending", "parts", 0, "steps", 0, "ours"), "damaged: a field is missing or has the wrong type"),
        (without("pending", "parts", 1, "limits", 0, "start"), "damaged: a field is missing or has the wrong type"),
        ({"version": 1, "pending": [], "taken_back": {}}, "damaged: a field is missing or has the wrong type"),
        (
            {"version": 1, "pending": {"parts": None}, "taken_back": {}},
            "damaged: a field is missing or has the wrong type",
        ),
    ],
)
def test_damaged_or_newer_document_is_refused(document: dict[str, Any], message: str) -> None:
    with pytest.raises(JournalError, match=message):
        pending.parse(document)


def test_originals_are_from_before_the_first_run() -> None:
    later = Part(
        SYSCTL,
        {"name": "web", "settings": {}},
        (Step("a.b", "2", None, "a.b", "2"),),
        rows={
            "version": 1,
            "profiles": {"web": {"x": 1}},
            "texts": {},
            "keys": {"a.b": {"y": 1}, "c.d": None},
            "taken": {},
        },
    )
    joined = pending.joined(PARAMETERS, later)
    assert [step.value for step in joined.steps] == ["1", "2"]
    assert joined.rows == {**ROWS, "keys": {"a.b": None, "c.d": None}}
    assert (joined.options, joined.finished) == (later.options, False)
    assert pending.joined(None, later) == later


def test_rows_of_two_formats_are_joined_in_the_older_one() -> None:
    later = PARAMETERS._replace(rows={**ROWS, "version": 2, "written_by": "1.0.0", "readable_from": "1.0.0"})
    assert pending.joined(PARAMETERS, later).rows["version"] == 1


def test_limits_are_joined_by_process() -> None:
    later = Part(NOFILE, {}, limits=(LIMIT._replace(before=[2048, 4096], ours=[[8192, 8192]]), LIMIT._replace(start=1)))
    joined = pending.joined(LIMITS, later)
    assert joined.limits[0] == LIMIT._replace(ours=([2048, 4096], [8192, 8192]))
    assert joined.limits[1].start == 1
    assert joined.documents == {"nofile": {}}


def test_steps_have_the_values_that_were_read_back() -> None:
    part = PARAMETERS._replace(steps=(STEP, Step("a.b", "2", None, "a.b", "2")), finished=False)
    read = pending.as_read(part, {"a.b": "3"}, since=1)
    assert [step.ours for step in read.steps] == [("2",), ("3",)]
    assert read.finished


@pytest.mark.parametrize(
    ("kind", "name", "left", "records"),
    [
        (SYSCTL, "web", [NOFILE], ["mail"]),
        (SYSCTL, None, [NOFILE], []),
        (NOFILE, "web", [SYSCTL], ["mail"]),
        (SYSCTL, "mail", [SYSCTL, NOFILE], []),
        (NOFILE, "mail", [SYSCTL, NOFILE], ["mail"]),
    ],
)
def test_removing_a_part(kind: str, name: str | None, left: list[str], records: list[str]) -> None:
    after = STATE.without(kind, name)
    assert after.pending
    assert [part.kind for part in after.pending.parts] == left
    assert list(after.taken_back.get(SYSCTL, {})) == records


def test_change_is_removed_with_its_last_part() -> None:
    assert STATE.without(SYSCTL, "web").without(NOFILE, "web").pending is None


@pytest.mark.parametrize("given", [1, 60, 86400])
def test_valid_seconds(given: int) -> None:
    assert pending.check_seconds(given) == given


@pytest.mark.parametrize("given", [0, -60, 86401, True, "60", 1.5, None])
def test_invalid_seconds(given: Any) -> None:
    with pytest.raises(
        InvalidOption, match="confirm_within: .* is not allowed; it must be whole seconds from 1 to 86400"
    ):
        pending.check_seconds(given)


def test_message_after_the_waiting_process_was_stopped() -> None:
    assert pending.lost("web", {**TOLD, "why": "stopped"}) == (
        "the change of profile web was rolled back at 2026-01-31T12:00:01Z, before its deadline 2026-01-31T12:00:00Z,"
        " because the process that waits for it was stopped, as at a shutdown; apply it again"
    )
