# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.nettune.tcp.plugins.action.lint_host import ActionModule

LISTENERS = {"ansible_facts": {"nettune_tcp": {"listeners": [{"address": "0.0.0.0", "port": 8123}]}}}
KERNEL = {"ansible_facts": {"nettune_sysctl": {"keys": {"kernel.osrelease": {"value": "5.15.0"}}}}}


class Action(ActionModule):
    def __init__(self, **args):
        self._task = SimpleNamespace(args=args)
        self.ran = []
        self.results = {"nettune.tcp.sysctl_facts": KERNEL, "nettune.tcp.tcp_facts": LISTENERS}

    def _execute_module(self, module_name=None, **_options):
        self.ran.append(module_name)
        return self.results[module_name]


@pytest.fixture(autouse=True)
def _run(monkeypatch):
    monkeypatch.setattr(ActionBase, "run", lambda self, tmp=None, task_vars=None: {})


@pytest.fixture(name="path")
def _path(tmp_path):
    path = tmp_path / "sysctl.conf"
    path.write_bytes(b"net.ipv4.ip_local_port_range = 8001 9000\n# \xff\xfe\n")
    return str(path)


def test_without_facts_no_host_is_contacted(path):
    action = Action(path=path)
    result = action.run()
    assert action.ran == []
    assert [row["line"] for row in result["settings"]] == [1]
    assert result["changed"] is False


def test_with_facts_settings_are_compared_with_the_host(path):
    action = Action(path=path, facts=True)
    assert action.run()["settings"][0]["verdict"] == "collides"
    assert action.ran == ["nettune.tcp.sysctl_facts", "nettune.tcp.tcp_facts"]


def test_the_failure_of_a_module_is_the_result(path):
    action = Action(path=path, facts=True)
    action.results["nettune.tcp.sysctl_facts"] = {"failed": True, "msg": "no python"}
    assert action.run() == {"failed": True, "msg": "no python"}


@pytest.mark.parametrize(
    ("args", "message"),
    [({"path": "/nowhere"}, "cannot read /nowhere: No such file"), ({"kernel": "new"}, "kernel is")],
)
def test_errors_are_sentences(path, args, message):
    with pytest.raises(AnsibleActionFail, match=message):
        Action(**{"path": path, **args}).run()


def test_huge_file_is_refused_before_it_is_read(tmp_path):
    huge = tmp_path / "huge.conf"
    with huge.open("wb") as file:
        file.truncate(2**32)
    with pytest.raises(AnsibleActionFail, match=r"4096\.0 MiB; at most 16 MiB"):
        Action(path=str(huge)).run()
