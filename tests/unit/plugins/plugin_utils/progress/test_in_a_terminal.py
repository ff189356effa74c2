# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task on six hosts, which are this machine, in a terminal."""

from __future__ import annotations

import importlib.util
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

if importlib.util.find_spec("ansible.executor") is None:
    pytest.skip("only a controller shows progress", allow_module_level=True)

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[5]
ERASE = "\r\x1b[K"
# Playbooks and roles begin with such a check. Any module will do; this one takes as long as it is told to.
PLAYBOOK = """
- hosts: all
  gather_facts: false
  tasks:
    - nettune.tcp.check_options:
        playbook: diagnose
      run_once: true
    - nettune.tcp.tcp_diagnosis_info:
        sample: 2
      when: inventory_hostname != 'web6'
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return what the terminal got, and the log."""
    place = tmp_path_factory.mktemp("progress")
    (place / "ansible_collections" / "nettune").mkdir(parents=True)
    (place / "ansible_collections" / "nettune" / "tcp").symlink_to(ROOT)
    (place / "play.yml").write_text(PLAYBOOK)
    host = f"ansible_connection=local ansible_python_interpreter={sys.executable}"
    (place / "inventory").write_text("".join(f"web{number} {host}\n" for number in range(1, 7)))
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")},
        "ANSIBLE_HOME": str(place / "home"),
        "ANSIBLE_COLLECTIONS_PATH": str(place),
        "ANSIBLE_LOG_PATH": str(place / "log"),
        "ANSIBLE_NOCOLOR": "1",
        "TERM": "xterm",
    }
    command = [sys.executable, "-m", "ansible.cli.playbook", "-i", "inventory", "--forks", "6", "play.yml"]
    terminal, stdout = pty.openpty()
    with subprocess.Popen(command, cwd=place, env=env, stdin=stdout, stdout=stdout, stderr=stdout) as process:
        os.close(stdout)
        shown = b"".join(_parts(terminal))
    os.close(terminal)
    assert process.returncode == 0, shown.decode()
    return shown.decode(), (place / "log").read_text()


def _parts(terminal):
    """Yield what is written to a terminal, until the last process has closed it."""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            return
        if not part:
            return
        yield part


def test_the_progress_is_shown(run):
    drawn = re.findall(r"\r\x1b\[K([^\r\x1b]+)", run[0])
    assert drawn[0].startswith("0 of 6 hosts answered, "), run[0]


def test_it_is_erased_before_anything_else_is_printed(run):
    rows = [row.split(ERASE) for row in run[0].replace("\r\n", "\n").split("\n")]
    assert not [row for row in rows if "answered" in row[-1]]
    assert not [row for row in rows for part in row[:-1] if part and not re.match(r"\d of 6 hosts answered, ", part)]
    last = [row[-1] for row in rows]
    # web1 has also checked the options.
    assert {text for text in last if text.startswith("ok: ")} == {f"ok: [web{number}]" for number in range(1, 6)}
    assert "skipping: [web6]" in last


def test_the_log_has_none_of_it(run):
    assert "ok: [web1]" in run[1]
    assert "answered" not in run[1]
    assert "\x1b" not in run[1]
