# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import threading
import time
from types import SimpleNamespace

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible import constants
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.nettune.tcp.plugins.plugin_utils.progress import host, screen

HOSTS = [f"web{number}" for number in range(1, 6)]


class Action:
    """An action of `host`. answer: its result, or a function that returns or raises."""

    def __init__(self, name="web1", answer=None, **task):
        settings = {"loop": None, "until": [], "run_once": False, "async_val": 0, "_uuid": "1-2-3", **task}
        self._task = SimpleNamespace(**settings)
        self._name, self._answer = name, answer or {"changed": False}

    @host.counted
    def run(self, tmp=None, task_vars=None):
        """Answer."""
        return self._answer() if callable(self._answer) else self._answer

    def on(self, hosts=HOSTS):
        return self.run(task_vars={"ansible_play_batch": hosts, "inventory_hostname": self._name})


@pytest.fixture(autouse=True)
def drawn(monkeypatch, tmp_path):
    """Return the list of lines drawn, one as often as possible."""
    found = []
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(screen, "ON_TERMINAL", True)
    monkeypatch.setattr(screen, "draw", found.append)
    monkeypatch.setattr(host, "prints_text", lambda: True)
    monkeypatch.setattr(host, "_INTERVAL", 0.01)
    return found


@pytest.fixture
def saved(tmp_path):
    return lambda: json.loads((tmp_path / "nettune-progress-1-2-3").read_text())


def until(drawn):
    """Return an answer that comes after a line was drawn."""

    def answer():
        deadline = time.monotonic() + 5
        while not drawn and time.monotonic() < deadline:
            time.sleep(0.005)
        return {"changed": False}

    return answer


def test_the_line_is_drawn_while_the_action_runs(drawn, saved):
    assert Action("web1", {"changed": False, "failed": True}).on() == {"changed": False, "failed": True}
    assert Action("web2", until(drawn)).on() == {"changed": False}
    assert drawn[0].startswith("1 of 5 hosts answered, 1 failed, ")
    assert saved()["finished"] == {"web1": "failed", "web2": "ok"}
    assert saved()["running"] == {}
    assert not [thread for thread in threading.enumerate() if thread.daemon and "_draw" in thread.name]


def test_unreachable_and_failed_hosts_are_counted(saved):
    def raising(error):
        raise error

    Action("web1", {"unreachable": True}).on()
    with pytest.raises(AnsibleConnectionFailure):
        Action("web2", lambda: raising(AnsibleConnectionFailure("gone"))).on()
    with pytest.raises(ValueError, match="wrong"):
        Action("web3", lambda: raising(ValueError("wrong"))).on()
    assert saved()["finished"] == {"web1": "unreachable", "web2": "unreachable", "web3": "failed"}


def test_an_action_tells_how_long_it_takes(saved):
    def answer():
        host.expect(60)
        return {"changed": False}

    before = time.monotonic()
    Action("web1", answer).on()
    assert before + 60 <= saved()["ends"]["web1"] <= time.monotonic() + 60


def test_the_next_batch_is_counted_anew(saved):
    Action("web1").on()
    Action("db1").on([f"db{number}" for number in range(1, 7)])
    assert saved()["finished"] == {"db1": "ok"}


@pytest.mark.parametrize(
    ("task", "hosts"),
    [
        ({}, HOSTS[:4]),
        ({"loop": [1, 2]}, HOSTS),
        ({"until": ["done"]}, HOSTS),
        ({"run_once": True}, HOSTS),
        ({"async_val": 60}, HOSTS),
    ],
    ids=["few hosts", "loop", "until", "run_once", "async"],
)
def test_tasks_whose_progress_is_not_shown(tmp_path, task, hosts):
    assert Action(**task).on(hosts) == {"changed": False}
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_drawn_into_a_document(monkeypatch, tmp_path):
    monkeypatch.setattr(host, "prints_text", lambda: False)
    assert Action().on() == {"changed": False}
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_drawn_without_a_terminal(monkeypatch, tmp_path):
    monkeypatch.setattr(screen, "ON_TERMINAL", False)
    assert Action().on() == {"changed": False}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["{", '{"hosts": 1}', "[]"])
def test_a_damaged_file_does_not_fail_the_task(tmp_path, damage):
    (tmp_path / "nettune-progress-1-2-3").write_text(damage)
    assert Action().on() == {"changed": False}


def test_a_missing_directory_does_not_fail_the_task(monkeypatch):
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", "/nonexistent")
    assert Action().on() == {"changed": False}


def test_a_failure_to_draw_does_not_fail_the_task(monkeypatch, saved):
    tried = []

    def draw(text):
        tried.append(text)
        raise OSError("no terminal")

    monkeypatch.setattr(screen, "draw", draw)
    assert Action("web1", until(tried)).on() == {"changed": False}
    assert tried
    assert saved()["finished"] == {"web1": "ok"}
