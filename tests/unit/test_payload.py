# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bytes that a task sends to a host, as Ansible packs it, compared with the module ping.

A module sends everything that it imports. The bounds leave room for ansible-core 2.18, whose ping is smaller.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

if importlib.util.find_spec("ansible.executor") is None:
    pytest.skip("only a controller packs modules", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
PING = "ansible.builtin.ping"
# tcp_facts_fast is what tcp_facts sends for its default subsets, and what tcp_watch sends for each sample. The other
# bounds are a tenth above what is sent with the newest ansible-core, so that growth is noticed.
MOST = {
    "nettune.tcp.tcp_facts_fast": 1.15,
    "nettune.tcp.tcp_facts": 1.62,
    "nettune.tcp.tcp_diagnosis_info": 2.21,
    "nettune.tcp.sysctl_profile": 2.70,
    "nettune.tcp.nofile_limits": 3.22,
    "nettune.tcp.profile_info": 3.22,
}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """Return {module: bytes}, from a process of its own: Ansible's loader changes how Python imports."""
    place = tmp_path_factory.mktemp("collections")
    (place / "ansible_collections" / "nettune").mkdir(parents=True)
    (place / "ansible_collections" / "nettune" / "tcp").symlink_to(ROOT)
    env = {**os.environ, "ANSIBLE_HOME": str(place / "home"), "ANSIBLE_COLLECTIONS_PATH": str(place)}
    script = Path(__file__).parent / "support" / "shipped.py"
    command = [sys.executable, str(script), str(place), PING, *MOST]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(("module", "most"), MOST.items())
def test_bytes_are_bounded(shipped, module, most):
    ratio = shipped[module] / shipped[PING]
    assert ratio <= most, f"{module} sends {ratio:.3f} times as many bytes as {PING}: {shipped}"
