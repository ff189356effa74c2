# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_options in a play, as the playbooks use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.playbook_runs import run

pytestmark = pytest.mark.long

PLAY = """
- name: Gather TCP facts
  hosts: "{{ lookup('nettune.tcp.target_hosts', target | default('all')) }}"
  gather_facts: false
  tasks:
    - name: Check the options
      nettune.tcp.check_options:
        playbook: facts
      run_once: true
      register: __nettune
    - name: Stop if help was requested
      ansible.builtin.meta: end_play
      when: __nettune.end_play
    - name: Show the options
      ansible.builtin.debug:
        msg: >-
          top={{ __nettune.options.nettune_top }} target={{ __nettune.options.target }}
          {{ 'given' if __nettune.options.target_given else 'default' }}
"""
INVENTORY = "[web]\nweb[1:3]\n[web:vars]\nnettune_top=5\nprofile=production\n[db]\ndb1\n"


def test_options_of_the_hosts(tmp_path: Path) -> None:
    code, output = run(tmp_path, PLAY, "-e", "target=web", inventory=INVENTORY)
    assert code == 0, output
    assert output.count("top=5 target=web given") == 3
    assert "localhost" not in output
    assert "WARNING" not in output


def test_all_problems_are_reported_together(tmp_path: Path) -> None:
    command = "target=web nettune_sampel=2 format=json nettune_rows=many nettune_output={{x}}"
    code, output = run(tmp_path, PLAY, "-e", command, inventory=INVENTORY)
    assert code == 2, output
    for sentence in (
        "-e: format is now called nettune_format.",
        "-e: unknown variable nettune_sampel; did you mean nettune_sample?",
        "nettune_rows is 'many'; it must be a whole number.",
        "nettune_output: its template cannot be evaluated: 'x' is undefined.",
    ):
        assert sentence in " ".join(output.split())
    # Each on lines of its own, and all in the message of the task.
    assert output.count("-e: format is now called nettune_format.") == 2
    assert "Traceback" not in output
    assert "Origin:" not in output


@pytest.mark.parametrize(
    ("options", "host", "sentence"),
    [
        (["-e", "target=mail"], "localhost", "No inventory host matches 'mail'. Pick a group"),
        (["-e", "target=web", "-l", "db1"], "db1", "No inventory host matches 'web' within --limit db1. Pick a group"),
    ],
)
def test_pattern_without_hosts(tmp_path: Path, options: list[str], host: str, sentence: str) -> None:
    code, output = run(tmp_path, PLAY, *options, inventory=INVENTORY)
    assert code == 2, output
    assert sentence in output
    recap = [line.split()[0] for line in output.partition("PLAY RECAP")[2].splitlines()[1:] if line]
    assert recap == [host]


def test_a_recording_needs_no_host_of_the_inventory(tmp_path: Path) -> None:
    (tmp_path / "monday.json.gz").touch()
    play = PLAY.replace("default('all')", "default('all'), given=nettune_from | default('')")
    given = ("-e", f"nettune_from={tmp_path}/monday.json.gz", "-e", "target=mail")
    code, output = run(tmp_path, play, *given, inventory=INVENTORY)
    assert code == 0, output
    assert "top=10 target=mail given" in output
    assert "WARNING" not in output
    code, output = run(tmp_path, play, *given, "--limit", "db1", inventory=INVENTORY)
    assert code == 2, output
    assert "--limit selects hosts of the inventory; select those of a recording with -e target." in output


def test_localhost_needs_no_inventory(tmp_path: Path) -> None:
    code, output = run(tmp_path, PLAY, "-e", "target=localhost")
    assert code == 0, output
    assert "top=10 target=localhost" in output


def test_help_contacts_no_host(tmp_path: Path) -> None:
    code, output = run(tmp_path, PLAY, "-e", "nettune_help=true nettune_sampel=1", inventory=INVENTORY)
    assert code == 0, output
    assert "nettune_subset           list   the quick ones  min,counters\n" in output
    assert "top=" not in output
    assert "web1" not in output


def test_help_does_not_warn_of_a_missing_group(tmp_path: Path) -> None:
    code, output = run(tmp_path, PLAY.replace("all", "mail"), "-e", "nettune_help=true", inventory=INVENTORY)
    assert code == 0, output
    assert "WARNING" not in output
    assert "nettune_subset " in output


@pytest.mark.parametrize("callback", ["minimal", "oneline"])
def test_refusal_is_not_an_exception(tmp_path: Path, callback: str) -> None:
    (tmp_path / "ansible.cfg").write_text(f"[defaults]\nstdout_callback = {callback}\n")
    code, output = run(tmp_path, PLAY, "-e", "target=web format=json", inventory=INVENTORY)
    assert code == 2, output
    assert output.count("-e: format is now called nettune_format.") == 1
    assert "xception" not in output
