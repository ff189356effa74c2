# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the lab has its hosts diagnosed and cured."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import examination
import pytest
from ansible_output import AnsibleFailed
from case import Case
from examination import Examination


class Orphans(Case):
    remedies = ("orphans",)


class Timeout(Case):
    tuning = {"net.ipv4.tcp_fin_timeout": 2}


@pytest.fixture
def examine(monkeypatch, tmp_path):
    """An examination, the commands it ran, and what they are to say."""
    log = io.StringIO()
    log.name = "the log"
    lab = SimpleNamespace(state=str(tmp_path), inventory="hosts.yml", hosts=dict.fromkeys("abc"))
    ran, says, told = [], [], []

    def run(command, *, env, log):
        ran.append((command, env))
        yield from says

    monkeypatch.setattr(examination, "run", run)
    return SimpleNamespace(examination=Examination(lab, log, watch=told.append), ran=ran, says=says, told=told)


def test_hosts_are_diagnosed_together_by_this_checkout(examine):
    examine.says += ['a | SUCCESS => {"findings": []}', None, 'b | SUCCESS => {"findings": [1]}']
    assert examine.examination.diagnose(["a", "b"]) == {"a": {"findings": []}, "b": {"findings": [1]}}
    ((command, env),) = examine.ran
    assert command[:4] == ["ansible", "a,b", "-i", "hosts.yml"]
    assert env["ANSIBLE_FORKS"] == "3"
    assert env["ANSIBLE_COLLECTIONS_PATH"].endswith("playbooks/collections")
    assert examine.told == ["ansible runs, 0 s"] * 3


def test_a_host_without_a_diagnosis_is_an_error(examine):
    examine.says += ['a | SUCCESS => {"findings": []}']
    with pytest.raises(AnsibleFailed, match="no diagnosis of b; all that was said is in the log"):
        examine.examination.diagnose(["a", "b"])


@pytest.mark.parametrize(
    ("cases", "cures"),
    [
        ({"a": Orphans, "b": Case}, {"a": {"remedies": ["orphans"], "settings": {}}}),
        ({"a": Timeout}, {"a": {"remedies": [], "settings": {"net.ipv4.tcp_fin_timeout": 2}}}),
    ],
)
def test_the_role_is_run_on_those_that_it_cures(examine, cases, cures):
    examine.says += ["TASK [tuning : Set it] ***"]
    assert examine.examination.cure(cases) == examine.says
    ((command, _env),) = examine.ran
    assert json.loads(command[-1]) == {"lab_cures": cures}
    assert examine.told == ["Set it, 0 s"]


def test_where_nothing_is_for_the_role_it_is_not_run(examine):
    assert examine.examination.cure({"a": Case}) == []
    assert examine.ran == []
