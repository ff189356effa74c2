# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the commands of the documentation are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documented import commands as found

RST = """
Title
=====

.. code-block:: console

    $ ansible-playbook one.yml \\
        -e a=b        # why
    web1: 4 of 5 changed
    ...
    $ second

.. code-block:: yaml

    # pod.yml: a reason
    spec: {}

.. code-block:: yaml

    tuning_overrides: {}
"""


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(found, "ROOT", tmp_path)
    path = tmp_path / "guide.rst"
    path.write_text(RST)
    return path


def test_commands_have_all_their_lines_and_no_comment(document: Path) -> None:
    first, second = found.commands(document)
    assert first.text == "ansible-playbook one.yml \\\n    -e a=b"
    assert first.shown == ["web1: 4 of 5 changed"]
    assert (second.text, second.shown) == ("second", [])


def test_only_named_blocks_are_files(document: Path) -> None:
    assert found.files(document) == {"pod.yml": "# pod.yml: a reason\nspec: {}\n"}


def test_markdown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "ROOT", tmp_path)
    path = tmp_path / "README.md"
    path.write_text("text\n\n```console\n$ first\nshown here\n```\n\n```yaml\n# group_vars/web.yml: all\na: 1\n```\n")
    assert [command.text for command in found.commands(path)] == ["first"]
    assert list(found.files(path)) == ["group_vars/web.yml"]


def test_words_that_are_missing() -> None:
    assert found.missing_words(["web1: 4 of 5 parameters changed"], "12 parameters kept\n") == ["changed"]


def test_every_document_with_commands_is_found() -> None:
    with_commands = {path.name for path in found.DOCUMENTS if list(found.commands(path))}
    assert {"README.md", "tutorial_first_host.rst", "guide_tuning.rst"} <= with_commands
