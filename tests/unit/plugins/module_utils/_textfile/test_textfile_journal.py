# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._textfile import journal

PATH = "/var/lib/node_exporter/nettune_tcp.prom"


def test_a_state_is_read_as_it_was_written() -> None:
    state = {PATH: (journal.digest("old"), journal.digest("new"))}
    assert journal.parse(journal.render(state)) == state
    assert journal.parse(journal.render({})) == {}


@pytest.mark.parametrize("path", ["/etc/passwd", "/var/../nettune_tcp.prom", "nettune_tcp.prom", "/nettune_tcp.prom"])
def test_another_path_is_damage(path: str) -> None:
    with pytest.raises(JournalError, match="is damaged"):
        journal.parse({**journal.FORMAT.stamp(), "files": {path: ["x"]}})


@pytest.mark.parametrize("fields", [{}, {"files": []}, {"files": {PATH: "x"}}, {"files": {PATH: [1]}}])
def test_other_fields_are_damage(fields: dict) -> None:
    with pytest.raises(JournalError, match="is damaged"):
        journal.parse({**journal.FORMAT.stamp(), **fields})


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/var/lib/x", True), ("/", False), ("x", False), ("/a/../b", False), ("/a//b", False), ("", False)],
)
def test_directories(path: str, expected: bool) -> None:
    assert journal.is_directory_path(path) is expected
