# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible.errors import AnsibleConnectionFailure
from ansible_collections.nettune.tcp.plugins.action import tcp_watch
from ansible_collections.nettune.tcp.plugins.action.tcp_watch import ActionModule
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state
from ansible_collections.nettune.tcp.plugins.plugin_utils.recorded_host import NotRecorded

STAT = "cpu {0} 0 {0} {0}\nintr {0}\nctxt {0}\n"


class Watching:
    """Stand in for Interruptible. after: number of waits before Ctrl-C."""

    def __init__(self, after=1000):
        self.left = after
        self.waited = []

    @property
    def ended(self):
        return self.left <= 0

    def wait(self, seconds):
        self.waited.append(seconds)
        self.left -= 1
        return self.ended

    def running(self):
        return nullcontext()


class Action(ActionModule):
    """Return `answers` in turn as results of the host; an exception is raised."""

    def __init__(self, args, answers=(), hosts=("web1",)):
        self._task = SimpleNamespace(args=args, async_val=0, check_mode=False, action="nettune.tcp.tcp_watch")
        self.shown, self.warned = [], []
        self._display = SimpleNamespace(display=self.shown.append, warning=self.warned.append)
        self._answers = list(answers)
        self.hosts = list(hosts)
        self.asked = []

    def _execute_module(self, module_name=None, module_args=None, task_vars=None, wrap_async=False):
        self.asked.append((module_name, module_args))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def watch(self):
        return self.run(None, {"inventory_hostname": "web1", "ansible_play_batch": self.hosts})


def recording(number):
    return {"changed": False, "recording": {"number": number, "after": {"/proc/stat": STAT.format(number)}}}


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *_arguments: {})
    monkeypatch.setattr(tcp_watch, "_WATCH", Watching())
    monkeypatch.setattr(tcp_watch, "_clock", lambda: "14:05:10")
    monkeypatch.setattr(tcp_watch, "terminal_width", lambda: 80)
    monkeypatch.setattr(tcp_watch, "prints_text", lambda: True)
    monkeypatch.setattr(tcp_watch.sparkline, "characters", lambda: tcp_watch.sparkline.BLOCKS)
    monkeypatch.setattr(tcp_watch.context, "CLIARGS", {"forks": 5})
    monkeypatch.setattr(
        tcp_watch,
        "facts_of",
        lambda read, *_subset, **_options: {
            "states": {**dict.fromkeys(tcp_state.NAMES, 0), "LAST_ACK": read["number"]}
        },
    )


def test_each_sample_is_shown_and_summarised():
    action = Action({"count": 3, "interval": 2}, [recording(10), recording(15), recording(12)])
    result = action.watch()
    shown = [line.split(" | ")[0] for line in action.shown]
    assert shown[0] == "14:05:10  web1  10 sockets: LAST_ACK 10"
    # The rates depend on the clock.
    assert shown[1].startswith("14:05:10  web1  15 sockets: LAST_ACK 15 ▁█ +")
    assert shown[2].startswith("14:05:10  web1  12 sockets: LAST_ACK 12 ▁█▄ -")
    assert (result["samples"], result["missed"], result["interrupted"]) == (3, 0, False)
    assert result["summary"][0] == ["web1", "LAST_ACK", "10", "12", "10", "12", "15"]
    assert [row["LAST_ACK"] for row in result["series"]] == [10, 15, 12]
    assert (result["changed"], type(result["seconds"])) == (False, float)
    assert len(tcp_watch._WATCH.waited) == 2


def test_a_parameter_that_changes_is_shown_and_returned():
    path = "/proc/sys/net/ipv4/tcp_rmem"
    texts = ["4096\t131072\t6291456\n", None, "4096 131072 6291456\n", "4096\t87380\t6291456\n"]
    answers = [recording(1) for _text in texts]
    for answer, text in zip(answers, texts):
        answer["recording"]["after"][path] = text
    action = Action({"count": 4}, answers)
    result = action.watch()
    assert path in action.asked[0][1]["after"]
    (change,) = result["changes"]
    assert change == {
        "time": result["series"][3]["time"],
        "what": "net.ipv4.tcp_rmem",
        "before": "4096 131072 6291456",
        "after": "4096 87380 6291456",
    }
    assert "web1  net.ipv4.tcp_rmem changed from 4096 131072 6291456 to" in action.shown[4]


def test_more_parameters_are_read_but_no_secrets():
    action = Action(
        {"count": 1, "parameters": ["net/ipv4/conf/eth0.1/rp_filter", "net.ipv4.tcp_fastopen_key"]}, [recording(1)]
    )
    action.watch()
    asked = action.asked[0][1]["after"]
    assert "/proc/sys/net/ipv4/conf/eth0.1/rp_filter" in asked
    assert not any("fastopen_key" in path for path in asked)


def test_text_that_is_not_the_name_of_a_parameter_is_refused():
    result = Action({"count": 1, "parameters": ["../../etc/shadow"]}).watch()
    assert result["failed"]
    assert "../../etc/shadow" in result["msg"]


def test_no_line_is_printed_into_a_document(monkeypatch):
    monkeypatch.setattr(tcp_watch, "prints_text", lambda: False)
    action = Action({"count": 2}, [recording(10), AnsibleConnectionFailure("no route")])
    assert action.watch()["samples"] == 1
    assert action.shown == []


def test_a_missed_sample_is_shown_and_the_watch_continues():
    failure = {"failed": True, "msg": "no \x1b[31mpython\nat all"}
    action = Action({"count": 3}, [AnsibleConnectionFailure("no route"), failure, recording(3)])
    result = action.watch()
    assert action.shown[0] == "14:05:10  web1  no answer: no route"
    assert action.shown[1] == "14:05:10  web1  no answer: no \\x1b[31mpython"
    assert (result["samples"], result["missed"]) == (1, 2)
    assert "unreachable" not in result


@pytest.mark.parametrize("found", [None, {}, {"after": {}}, {"after": {"/proc/stat": 13}}, {"after": ["/proc/stat"]}])
def test_a_malformed_recording_is_a_missed_sample(found):
    result = Action({"count": 1}, [{"changed": False, "recording": found}]).watch()
    assert result["unreachable"]
    assert "malformed recording" in result["msg"]


def test_a_host_that_never_answers_is_unreachable():
    result = Action({"count": 1}, [AnsibleConnectionFailure("no route")]).watch()
    assert result["unreachable"]
    assert result == {"changed": False, "unreachable": True, "msg": "no answer: no route"}


def test_ctrl_c_keeps_the_samples_so_far(monkeypatch):
    monkeypatch.setattr(tcp_watch, "_WATCH", Watching(after=2))
    action = Action({"count": 0}, [recording(1), recording(2), recording(3)])
    result = action.watch()
    assert (result["samples"], result["interrupted"]) == (2, True)


def test_an_insufficient_recording_runs_the_full_module(monkeypatch):
    def not_recorded(*_arguments, **_options):
        raise NotRecorded("sockets")

    monkeypatch.setattr(tcp_watch, "facts_of", not_recorded)
    whole = {"ansible_facts": {"nettune_tcp": {"states": dict.fromkeys(tcp_state.NAMES, 1)}}}
    action = Action({"count": 1}, [recording(1), whole])
    assert action.watch()["series"][0]["CLOSING"] == 1
    assert [name for name, _arguments in action.asked] == ["nettune.tcp.tcp_facts_fast", "nettune.tcp.tcp_facts"]


@pytest.mark.parametrize("name", ["series.csv", "series.json"])
def test_every_sample_is_appended_to_the_file(name, tmp_path):
    path = tmp_path / name
    for _watch in range(2):
        result = Action({"count": 2, "output": str(path)}, [recording(1), recording(2)]).watch()
        assert not result["changed"]
    lines = path.read_text().splitlines()
    assert len(lines) == 4 + (name == "series.csv")
    if name == "series.json":
        assert [json.loads(line)["LAST_ACK"] for line in lines] == [1, 2, 1, 2]
    else:
        assert lines[0].startswith("time,host,ESTABLISHED,")


@pytest.mark.parametrize(
    ("hosts", "warned"), [(["web1"], 0), ([f"web{n}" for n in range(1, 7)], 1), (["x", *"abcdef", "web1"], 0)]
)
def test_too_few_forks_are_warned_about_once(hosts, warned):
    action = Action({"count": 1}, [recording(1)], hosts)
    action.watch()
    assert len(action.warned) == warned
    assert not warned or "6 hosts are watched 5 at a time" in action.warned[0]
    assert not warned or "Use --forks 6 to watch all of them" in action.warned[0]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"interval": 0.1}, "interval is 0.1; it must be between 0.5 and 3600 seconds"),
        ({"count": -1}, "count is -1; it must be 0 (no limit) or more"),
        ({"output": "series.txt"}, "its name must end with .csv"),
        ({"output": "/nowhere/at/all/x.csv"}, "No such file or directory"),
        ({"counts": 1}, "counts"),
    ],
)
def test_invalid_options_are_refused(args, message):
    action = Action(args)
    result = action.watch()
    assert result["failed"]
    assert message in result["msg"]
    assert not action.asked
