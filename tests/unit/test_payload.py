# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task sends to a host, as Ansible packs it, against a module that does nothing."""

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
TRIVIAL, SMALL, WHOLE = "ansible.builtin.ping", "nettune.tcp.tcp_reading", "nettune.tcp.tcp_facts"
NEAR = 1.15
# A collection's module is four packages more before it imports anything, and of ansible-core 2.18, where one that does
# nothing is 29 files, that is all there is room for: so many are those, two packages of ours, and two files.
MOST_MORE = 8


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    place = tmp_path_factory.mktemp("collections")
    (place / "ansible_collections" / "nettune").mkdir(parents=True)
    (place / "ansible_collections" / "nettune" / "tcp").symlink_to(ROOT)
    env = {**os.environ, "ANSIBLE_HOME": str(place / "home"), "ANSIBLE_COLLECTIONS_PATH": str(place)}
    command = [sys.executable, str(Path(__file__).with_name("shipped.py")), str(place), TRIVIAL, SMALL, WHOLE]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("module", "most"),
    [
        pytest.param(SMALL, NEAR, id="what everybody reads"),
        pytest.param(WHOLE, 1.62, id="breakdowns, other ways and namespaces"),
    ],
)
def test_bytes_are_near_those_of_a_module_that_does_nothing(shipped, module, most):
    ratio = shipped[module]["bytes"] / shipped[TRIVIAL]["bytes"]
    assert ratio <= most, f"{module} is {ratio:.3f} times {TRIVIAL}; what is imported is shipped: {shipped}"


def test_files_are_few(shipped):
    trivial, small = shipped[TRIVIAL]["files"], shipped[SMALL]["files"]
    assert small <= max(NEAR * trivial, trivial + MOST_MORE), f"{SMALL} is of {small} files, {TRIVIAL} of {trivial}"
