# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The failure of an action plugin with one sentence."""

from __future__ import annotations

from ansible.errors import AnsibleActionFail


class ActionFailure(AnsibleActionFail):
    """Fails the task with a message and nothing else."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        # ansible-core 2.18 adds a traceback, and prints "An exception occurred" above the message.
        vars(self).get("result", {}).pop("exception", None)
