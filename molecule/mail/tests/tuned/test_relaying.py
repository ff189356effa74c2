# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail server is also a client: mail it got during the changes went on to the relay at once."""

from __future__ import annotations

from testinfra.host import Host


def test_every_mail_was_relayed_at_the_first_attempt(host: Host) -> None:
    log = host.check_output("journalctl --identifier=postfix/smtp --output=cat").splitlines()
    attempts = [line for line in log if "status=" in line]
    assert [line for line in attempts if "status=sent" not in line] == []
    assert len(attempts) >= 100
