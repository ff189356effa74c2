# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_variables in a play of a user."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.playbook_runs import run

pytestmark = pytest.mark.long

PLAY = """
- name: Set up web servers
  hosts: all
  gather_facts: false
  vars:
    nettune_own: "{{ allow | default(false) }}"
    nettune_allow_variables: "{{ ['nettune_own'] if allow | default(false) else [] }}"
  tasks:
    - name: Register a result and set a fact
      ansible.builtin.set_fact:
        tuning_persitent: true
      register: nettune_registered
    - name: Check the variables
      nettune.tcp.check_variables:
        roles: [tuning, web]
      register: __tuning
    - name: Show the ports
      ansible.builtin.debug:
        msg: "ports={{ __tuning.options.tuning_reserved_ports | join('+') }} nofile={{ __tuning.options.web_nofile }}"
"""
INVENTORY = "[web]\nweb1 web_service=nginx\nweb2 tuning_reserved_ports=7005,8001-8100\n[web:vars]\nweb_service=x\n"


def test_values_and_a_warning(tmp_path: Path) -> None:
    code, output = run(tmp_path, PLAY, "-e", '{"allow": true, "web_nofile": "9000"}', inventory=INVENTORY)
    assert code == 0, output
    assert "ports= nofile=9000" in output
    assert "ports=7005+8001-8100 nofile=9000" in output
    warnings = " ".join(output.split()).count(
        "web_service is not a variable of nettune.tcp; did you mean web_services?"
    )
    assert warnings == 1, output


def test_problems_of_each_host(tmp_path: Path) -> None:
    code, output = run(tmp_path, PLAY, "-e", "tuning_nofile=many web_nofil=3", inventory=INVENTORY)
    assert code == 2, output
    for sentence in (
        "the play: unknown variable nettune_own; -e nettune_help=true lists the options of a playbook.",
        "-e: web_nofil is not a variable of nettune.tcp; did you mean web_nofile?",
        "tuning_nofile is 'many'; it must be a whole number.",
    ):
        assert sentence in output
    assert "variable nettune_registered" not in output
    assert "tuning_persitent is" not in output


def test_the_file_for_the_results_is_checked(tmp_path: Path) -> None:
    code, output = run(tmp_path, PLAY, "-e", '{"allow": true, "nettune_output": "x.txt"}', inventory=INVENTORY)
    assert code == 2, output
    assert "nettune_output is 'x.txt'; its name must end with .json or .csv." in output
