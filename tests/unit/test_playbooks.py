# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files of all playbooks have in common.

Each variable that decides what a playbook does next has a value if its task was skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

_ROOT = Path(__file__).parents[2]
_PLAYBOOKS = [path for path in sorted(_ROOT.glob("playbooks/*.yml")) if not path.is_symlink()]
_DECISIVE = ("__nettune", "__nettune_shown", "__nettune_scope", "__nettune_profiles")


@pytest.mark.parametrize("path", _PLAYBOOKS, ids=lambda path: path.stem)
def test_a_skipped_task_leaves_a_sentence_instead_of_an_undefined_variable(path):
    (play,) = yaml.safe_load(path.read_text(encoding="utf-8"))
    registered = {task.get("register") for task in play["tasks"]}

    assert registered & set(_DECISIVE)
    assert play["vars_files"] == ["vars/skipped.yml"]


def test_the_sentences_exist():
    found = yaml.safe_load((_ROOT / "playbooks/vars/skipped.yml").read_text(encoding="utf-8"))

    assert set(found) == set(_DECISIVE)
    assert all("undef(hint=" in found[name] for name in _DECISIVE[:3])


def test_the_role_says_that_its_variables_were_not_checked():
    found = yaml.safe_load((_ROOT / "roles/tuning/vars/main.yml").read_text(encoding="utf-8"))

    assert "undef(hint='the variables were not checked" in found["__tuning"]


@pytest.mark.parametrize(
    "path", [path for path in _PLAYBOOKS if path.stem.startswith("tune")], ids=lambda path: path.stem
)
def test_tune_playbooks_have_the_batches_of_a_rollout(path):
    (play,) = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert play["serial"] == "{{ query('nettune.tcp.batches', nettune_serial | default([], true)) }}"
