# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The watchdog of a trial as a program, on records that are damaged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._host import trial_watchdog
from ansible_collections.nettune.tcp.plugins.module_utils._host.trial_lock import TRIALS
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.catalogue import find
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host.trial_value import TrialValue
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost

DAMAGED = {
    "empty": ("", "Expecting value"),
    "not JSON": ("{", "Expecting property name"),
    "not UTF-8": (b"\xff\xfe", "can't decode byte"),
    "a list": ("[]", "lacks one of the fields token, key"),
    "a field is missing": ('{"token": "t0", "key": "net.ipv4.tcp_fin_timeout"}', "lacks one of the fields"),
}


@pytest.fixture(params=DAMAGED)
def damaged(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[FakeHost, str]:
    content, reason = DAMAGED[request.param]
    host = FakeHost(tmp_path)
    file = Path(host.locate(f"{TRIALS}/{trial_watchdog.PENDING}"))
    file.parent.mkdir(parents=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return host, reason


def test_the_program_names_a_damaged_record_and_is_not_started_again(damaged: tuple[FakeHost, str]) -> None:
    host, reason = damaged
    program = [sys.executable, "-I", trial_watchdog.__file__, host.locate(TRIALS), "t0", "1"]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == trial_watchdog.DAMAGED
    assert done.stderr.startswith(f"nothing was restored: {host.locate(TRIALS)}/in-force.json is damaged: ")
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_trial_names_a_damaged_record(damaged: tuple[FakeHost, str]) -> None:
    host, reason = damaged
    parameter = find("net.ipv4.tcp_fin_timeout")
    assert parameter is not None
    with pytest.raises(ApplyFailed, match="tcp_fin_timeout could not be restored to 60: .* is damaged: ") as caught:
        TrialValue(host, parameter, "60").restore()
    assert reason in str(caught.value)


def test_the_fields_that_are_read_are_written(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    Path(host.locate(TRIALS)).mkdir(parents=True)
    parameter = find("net.ipv4.tcp_fin_timeout")
    assert parameter is not None
    TrialValue(host, parameter, "60").begin(name="busy_hour", token="t0", boot_id="b")
    written = json.loads(host.read_text(f"{TRIALS}/{trial_watchdog.PENDING}") or "")
    assert set(trial_watchdog._FIELDS) <= set(written)
