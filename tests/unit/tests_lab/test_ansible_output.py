# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking Ansible's output apart."""

from __future__ import annotations

import pytest
from ansible_output import AnsibleFailed, Result, answers, message, recap, short, task_name, task_results

PLAYBOOK = """
PLAY [Tune web servers] ********************************************************

TASK [nettune.tcp.tuning : Hold the kernel parameters of the profile] **********
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

TASK [Show what became of the kernel parameters] *******************************
ok: [web1] => 
    msg:
    - of web1
ok: [web2] => 
    msg:
    - PARAMETER  NOW
    - tcp_tw_reuse  1  changed, with a remark that is so long that the callback folds
        it

TASK [Say nothing] *************************************************************
ok: [web1]
ok: [web2]

PLAY RECAP *********************************************************************
web1                       : ok=3    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0   
web2                       : ok=3    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0   
""".splitlines()  # noqa: W291


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("TASK [Show it] ****", "Show it"),
        ("TASK [nettune.tcp.tuning : Show it] ****", "Show it"),
        ("TASK [nettune.tcp.web : Take 1 : 2] *", "Take 1 : 2"),
        ("PLAY [Show it] ****", None),
        ("ok: [web1]", None),
        ("", None),
    ],
)
def test_task_name(line, name):
    assert task_name(line) == name


def test_task_results():
    results = list(task_results(PLAYBOOK))
    assert [(result.verdict, result.host) for result in results] == [
        ("changed", "web2"),
        ("changed", "web1"),
        ("ok", "web1"),
        ("ok", "web2"),
        ("ok", "web1"),
        ("ok", "web2"),
    ]
    assert results[0].text[-1] == "+net.ipv4.tcp_tw_reuse = 1"
    assert results[1].text[-2] == "-net.ipv4.tcp_tw_reuse = 0"
    assert results[2].text == ["msg:", "- of web1"]
    assert results[-1] == Result("Say nothing", "ok", "web2", [])


def test_no_output_no_results():
    assert list(task_results([])) == []


def test_short_is_of_one_host_and_names_all_that_changed():
    assert short(task_results(PLAYBOOK), of="web2", diffs_only=False) == [
        "Hold the kernel parameters of the profile:",
        "  --- before: running values (/proc/sys)",
        "  +++ after: running values (/proc/sys)",
        "  @@ -1 +1 @@",
        "  -net.ipv4.tcp_tw_reuse = 2",
        "  +net.ipv4.tcp_tw_reuse = 1",
        "  changed: web1, web2",
        "Show what became of the kernel parameters:",
        "  PARAMETER  NOW",
        "  tcp_tw_reuse  1  changed, with a remark that is so long that the callback folds it",
    ]


def test_short_with_diffs_only():
    lines = short(task_results(PLAYBOOK), of="web2", diffs_only=True)
    assert lines[-1] == "  changed: web1, web2"
    assert len(lines) == 7


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ([], []),
        (["msg: all is well"], ["all is well"]),
        (["changed: false", "msg: all is well"], ["all is well"]),
        (["msg:", "- a", "- 'b: c'"], ["a", "b: c"]),
        (["msg:", "-   service: nginx"], ["msg:", "-   service: nginx"]),
        (["a: b: c"], ["a: b: c"]),
        (["just text"], ["just text"]),
    ],
)
def test_message(text, lines):
    assert message(text) == lines


def test_recap():
    counts = recap(PLAYBOOK)
    assert counts.keys() == {"web1", "web2"}
    assert counts["web1"]["ok"] == 3
    assert counts["web2"]["changed"] == 1
    assert recap(["ok: [web1]"]) == {}


def test_answers():
    output = 'web1 | SUCCESS => {\n    "a": 1\n}\nweb2 | CHANGED => {"a": {"b": []}}\n'
    assert answers(output) == {"web1": {"a": 1}, "web2": {"a": {"b": []}}}
    assert answers("[WARNING]: No hosts matched, nothing to do\n") == {}


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ('web1 | FAILED! => {"msg": "no netlink"}', "web1: .*no netlink"),
        ('web1 | UNREACHABLE! => {"msg": "no way"}', "web1: .*no way"),
        ("web1 | SUCCESS => \n    a: 1\n", "what web1 answered is not JSON"),
    ],
)
def test_answers_that_are_none(output, said):
    with pytest.raises(AnsibleFailed, match=said):
        answers(output)
