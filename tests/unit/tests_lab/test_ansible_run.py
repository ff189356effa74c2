# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running Ansible on a lab, and parsing its output."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import ansible_run
import pytest
from ansible_run import Ansible, Result, changes, collections_path, message, results, summary
from namespaces import LabError

PLAYBOOK = """
PLAY [Tune web servers] ********************************************************

TASK [nettune.tcp.tuning : Apply the kernel parameters] ************************
--- before: running values (/proc/sys)
+++ after: running values (/proc/sys)
@@ -1 +1 @@
-net.ipv4.tcp_tw_reuse = 2
+net.ipv4.tcp_tw_reuse = 1

changed: [web2]
--- before: running values (/proc/sys)
+++ after: running values (/proc/sys)
@@ -1 +1 @@
-net.ipv4.tcp_tw_reuse = 0
+net.ipv4.tcp_tw_reuse = 1

changed: [web1]

TASK [nettune.tcp.tuning : Show the result] ************************************
web1, web2: 1 of 5 kernel parameters changed
  KERNEL PARAMETER  BEFORE
  tcp_tw_reuse      2
ok: [web1]

TASK [Print nothing] ***********************************************************
ok: [web1]
ok: [web2]

PLAY RECAP *********************************************************************
web1                       : ok=3    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
"""
DIFF = [
    "--- before: running values (/proc/sys)",
    "+++ after: running values (/proc/sys)",
    "@@ -1 +1 @@",
    "-net.ipv4.tcp_tw_reuse = 2",
    "+net.ipv4.tcp_tw_reuse = 1",
]


def test_results_of_a_playbook():
    found = list(results(PLAYBOOK))
    assert [(result.status, result.host) for result in found] == [
        *[("changed", "web2"), ("changed", "web1")],
        *[("ok", "web1")] * 2,
        ("ok", "web2"),
    ]
    assert found[0] == Result("Apply the kernel parameters", "web2", "changed", DIFF, {})
    assert found[1].diff[-2] == "-net.ipv4.tcp_tw_reuse = 0"
    assert found[2].diff[-1] == "  tcp_tw_reuse      2"
    assert found[-1] == Result("Print nothing", "web2", "ok", [], {})
    assert [changes(found, host) for host in ("web1", "web2", "web3")] == [1, 1, 0]


def test_results_of_a_module():
    output = '[WARNING]: x\nweb1 | SUCCESS => {\n    "a": 1\n}\nweb2 | CHANGED => {"a": {"b": []}}\n'
    assert [(result.host, result.value) for result in results(output)] == [
        ("web1", {"a": 1}),
        ("web2", {"a": {"b": []}}),
    ]
    assert list(results("[WARNING]: No hosts matched, nothing to do\n")) == []


def test_a_summary_shows_one_host_and_names_all_changed_hosts():
    changed = ["Apply the kernel parameters:", *(f"  {line}" for line in DIFF), "  changed: web1, web2"]
    assert summary(results(PLAYBOOK), host="web2", diffs_only=True) == changed
    assert summary(results(PLAYBOOK), host="web2") == [
        *changed,
        "Show the result:",
        "  web1, web2: 1 of 5 kernel parameters changed",
        "    KERNEL PARAMETER  BEFORE",
        "    tcp_tw_reuse      2",
    ]


@pytest.mark.parametrize(
    ("value", "lines"), [({}, []), ({"msg": "a\nb"}, ["a", "b"]), ({"msg": ["a", "b: c"]}, ["a", "b: c"])]
)
def test_message(value, lines):
    assert message(Result("", "web1", "ok", [], value)) == lines


def test_the_link_to_the_checkout_follows_it(monkeypatch, tmp_path):
    link = tmp_path / "state" / "collections" / "ansible_collections" / "nettune" / "tcp"
    for name in ("old", "new", "new"):
        (tmp_path / name).mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / name)
        assert collections_path(str(tmp_path / "state")) == str(tmp_path / "state" / "collections")
        assert link.readlink() == tmp_path / name


@pytest.fixture
def ansible(monkeypatch, tmp_path):
    """Return a function that runs a Python script instead of Ansible's programs, its log and its progress."""
    log, progress = io.StringIO(), []
    log.name = "demo.log"
    lab = SimpleNamespace(state=str(tmp_path), inventory="hosts.yml", hosts={"web1": None})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", "minimal")
    monkeypatch.setenv("ANSIBLE_BECOME_PASS", "secret")

    def run(script: str) -> Ansible:
        program = tmp_path / "ansible"
        program.write_text(f"#!{sys.executable}\n{script}")
        program.chmod(0o755)
        monkeypatch.setattr(ansible_run.sys, "executable", str(tmp_path / "python"))
        return Ansible(lab, log, progress.append)

    return SimpleNamespace(run=run, log=log, progress=progress)


def test_output_is_parsed_and_logged(ansible):
    made = ansible.run("print('TASK [role : Do it] ***')\nprint('web1 | SUCCESS => {\"a\": 1}')")
    assert made.module(["web1"], "some.module") == {"web1": {"a": 1}}
    assert ansible.log.getvalue().startswith("\n$ ansible web1 -i hosts.yml -m some.module\nTASK ")
    assert ansible.progress == ["starting Ansible", "Do it"]


def test_a_missing_host_is_an_error(ansible):
    with pytest.raises(LabError, match=r"no result of some\.module from web2; see demo\.log"):
        ansible.run("print('web1 | SUCCESS => {}')").module(["web1", "web2"], "some.module")


def test_a_failure_has_the_command_and_its_last_lines(ansible):
    with pytest.raises(LabError) as failure:
        ansible.run("print(*range(40), sep='\\n'); exit(3)").module(["web1"], "some.module")
    first, *last = str(failure.value).splitlines()
    assert first.startswith("`ansible web1 ")
    assert first.endswith("ended with 3 (all output: demo.log):")
    assert last == [str(number) for number in range(15, 40)]


def test_settings_of_the_user_are_ignored(ansible):
    names = ("STDOUT_CALLBACK", "BECOME_PASS", "COLLECTIONS_PATH")
    script = f"import os, json\nfound = [os.environ.get('ANSIBLE_' + name) for name in {names}]\n"
    found = ansible.run(script + "print('web1 | SUCCESS =>', json.dumps({'found': found}))").module(["web1"], "m")
    callback, password, collections = found["web1"]["found"]
    assert (callback, password) == ("default", None)
    assert Path(collections, "ansible_collections", "nettune", "tcp").resolve() == Path.cwd()
