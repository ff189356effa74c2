# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail server is also a client: mail it got during the changes went on to the relay at once."""

from __future__ import annotations

import time

from testinfra.host import Host

SECONDS_TO_RELAY = 120


def test_every_mail_was_relayed_at_the_first_attempt(host: Host) -> None:
    # Mail goes on arriving, and on a busy machine some of it is still in the queue.
    deadline = time.monotonic() + SECONDS_TO_RELAY
    attempts: list[str] = []
    while len(attempts) < 100 and time.monotonic() < deadline:
        log = host.check_output("journalctl --identifier=postfix/smtp --output=cat").splitlines()
        attempts = [line for line in log if "status=" in line]
        assert [line for line in attempts if "status=sent" not in line] == []
        time.sleep(1)
    assert len(attempts) >= 100
