# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a command, told of its output as it comes. The commands are Python's own."""

from __future__ import annotations

import io
import os
import sys

import pytest
from ansible_output import AnsibleFailed
from ansible_runs import environment, program, run


class Log(io.StringIO):
    name = "demo.log"


def told(script: str, log: Log) -> list[str | None]:
    return list(run([sys.executable, "-c", script], env=dict(os.environ), log=log))


def test_lines_come_whole_and_are_logged():
    log = Log()
    script = "import sys; sys.stdout.write('one\\ntw'); sys.stdout.flush(); print('o\\n\\nlast', end='')"
    assert [line for line in told(script, log) if line is not None] == ["one", "two", "", "last"]
    assert log.getvalue().endswith("one\ntwo\n\nlast\n")


def test_errors_are_output_too():
    assert "to stderr" in told("import sys; print('to stderr', file=sys.stderr)", Log())


def test_silence_is_told_of():
    assert None in told("import time; time.sleep(0.8)", Log())


def test_a_failure_says_the_command_its_end_and_where_all_of_it_is():
    with pytest.raises(AnsibleFailed) as failure:
        told("print(*range(40), sep='\\n'); exit(3)", Log())
    first, *last = str(failure.value).splitlines()
    assert "ended with 3 (all of it: demo.log)" in first
    assert last == [str(number) for number in range(15, 40)]


def test_the_users_settings_have_no_part(monkeypatch, tmp_path):
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", "minimal")
    monkeypatch.setenv("ANSIBLE_BECOME_PASS", "secret")
    env = environment(str(tmp_path))
    assert env["ANSIBLE_STDOUT_CALLBACK"] == "default"
    assert "ANSIBLE_BECOME_PASS" not in env
    assert env["PATH"] == os.environ["PATH"]
    assert env["ANSIBLE_CONFIG"] == str(tmp_path / "ansible.cfg")
    assert (tmp_path / "ansible.cfg").read_text() == "[defaults]\n"


def test_a_program_beside_this_python_comes_first():
    assert program(os.path.basename(sys.executable)) == sys.executable
    assert program("no-such-program") == "no-such-program"
