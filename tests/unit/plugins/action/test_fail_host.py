# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of the role tuning in plays of a user: show once for all hosts, and fail_host for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.playbook_runs import run

pytestmark = pytest.mark.long

PLAY = """
- name: Tune
  hosts: all
  gather_facts: false
  strategy: %s
  tasks:
    - name: Imitate the results of the role
      ansible.builtin.set_fact:
        __tuning_sysctl: {failed_when_result: false, msg: "{{ refusal | default('') }}"}
        __tuning: {options: {tuning_profile: web, tuning_nofile: 0}}
    - name: Show the result
      nettune.tcp.show:
        screen: tuning
        options: {profile: web}
      run_once: true
      when: inventory_hostname != 'web3'
      register: shown
    - name: Verify the profile
      nettune.tcp.fail_host:
        failures: "{{ shown.failures | default(omit) }}"
        screen: tuning
        options: {profile: web}
"""


def inventory(*names: str) -> str:
    return "[all]\n" + "".join(f"{name}{' refusal=no' if name == 'web2' else ''}\n" for name in names)


@pytest.mark.parametrize(
    ("strategy", "names", "brief"),
    [
        ("linear", ("web1", "web2"), False),
        # The condition is false on the first host, so that nothing was shown.
        ("linear", ("web3", "web2"), True),
        ("free", ("web1", "web2"), True),
    ],
)
def test_each_host_is_told_once_and_fails_itself(
    tmp_path: Path, strategy: str, names: tuple[str, ...], brief: bool
) -> None:
    code, output = run(tmp_path, PLAY % strategy, inventory=inventory(*names))
    assert code == 2, output
    assert output.splitlines().count("web2: no.") == 1, output
    assert ("Profile web: " not in output) == brief, output
    assert "failed=1" in next(line for line in output.splitlines() if line.startswith("web2  "))
    assert "failed=0" in next(line for line in output.splitlines() if line.startswith(f"{names[0]}  "))
