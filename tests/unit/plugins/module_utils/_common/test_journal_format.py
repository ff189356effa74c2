# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common import journal_format
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._common.journal_format import Format

LATER = {"version": 4, "written_by": "1.4.0", "readable_from": "1.3.0"}
FORMAT = Format("the journal", 3, "1.2.0", {1: lambda fields: {"b": fields["a"]}, 2: lambda fields: {"c": fields["b"]}})


@pytest.fixture(autouse=True)
def release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_format, "COLLECTION", "1.2.0")


def test_a_document_says_who_wrote_it_and_who_can_read_it() -> None:
    document = FORMAT.write({"c": 7})
    assert document == {"version": 3, "written_by": "1.2.0", "readable_from": "1.2.0", "c": 7}
    assert FORMAT.read(document) == {"c": 7}


@pytest.mark.parametrize("document", [{"version": 1, "a": 7}, {"version": 2, "b": 7}, {"version": 3, "c": 7}])
def test_older_formats_are_migrated_step_by_step(document: dict[str, Any]) -> None:
    before = dict(document)
    assert FORMAT.read(document) == {"c": 7}
    assert document == before


def test_a_later_release_that_writes_the_same_format_is_read() -> None:
    assert FORMAT.read({"version": 3, "written_by": "1.9.0", "readable_from": "1.2.0", "c": 7}) == {"c": 7}


@pytest.mark.parametrize("document", [LATER, {**LATER, "version": 3}])
def test_a_newer_document_names_the_release_that_reads_it(document: dict[str, Any]) -> None:
    with pytest.raises(JournalError) as refused:
        FORMAT.read(document)
    assert str(refused.value) == (
        "the journal was written by nettune.tcp 1.4.0, which needs at least 1.3.0 to read it; this is 1.2.0, and"
        " nothing was changed: run the playbook with nettune.tcp 1.3.0 or later"
    )


@pytest.mark.parametrize(
    "stamp",
    [
        {},
        {"written_by": "1.4.0"},
        {"written_by": 7, "readable_from": None},
        {"written_by": "1.2.0", "readable_from": "1.2.0"},
    ],
)
def test_a_newer_document_that_names_no_release(stamp: dict[str, Any]) -> None:
    with pytest.raises(JournalError) as refused:
        FORMAT.read({"version": 9, **stamp})
    assert str(refused.value) == (
        "the journal has format 9, and nettune.tcp 1.2.0 reads formats up to 3; nothing was changed: run the playbook"
        " with the release of nettune.tcp that wrote it"
    )


@pytest.mark.parametrize("version", [None, 0, -1, "3", 3.0, True, [3]])
def test_a_document_without_a_version_is_damaged(version: Any) -> None:
    with pytest.raises(JournalError, match="the journal is damaged: its version is"):
        FORMAT.read({"version": version, "c": 7})


def test_a_document_that_cannot_be_migrated_is_damaged() -> None:
    with pytest.raises(
        JournalError, match="the journal is damaged: the field .* is missing; it holds the original state"
    ):
        FORMAT.read({"version": 1})


@pytest.mark.parametrize(
    ("readable_from", "is_later"),
    [("1.10.0", True), ("2.0.0-rc.1", True), ("1.2.0", False), ("0.9.9", False), ("?", False)],
)
def test_releases_are_compared_by_their_numbers(readable_from: str, is_later: bool) -> None:
    document = {"version": 3, "written_by": "2.0.0", "readable_from": readable_from, "c": 7}
    if is_later:
        with pytest.raises(JournalError, match="or later"):
            FORMAT.read(document)
    else:
        assert FORMAT.read(document) == {"c": 7}
