# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import ActionFailure


def test_has_the_message_and_no_traceback() -> None:
    failure = ActionFailure("set target")
    assert str(failure) == "set target"
    # Only ansible-core 2.18 has a result in the exception.
    assert vars(failure).get("result", {"failed": True, "msg": "set target"}) == {"failed": True, "msg": "set target"}
