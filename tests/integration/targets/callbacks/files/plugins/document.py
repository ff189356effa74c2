# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stdout callback that prints one JSON document at the end: a list of the results of all tasks."""

from __future__ import annotations

import json
from typing import Any

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    """Collects the results."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "document"

    def __init__(self) -> None:
        super().__init__()
        self._results: list[dict[str, Any]] = []

    def v2_runner_on_ok(self, result: Any) -> None:
        self._collect(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._collect(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._collect(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._display.display(json.dumps(self._results))

    def _collect(self, result: Any) -> None:
        found = json.loads(self._dump_results(result._result))
        self._results.append({"task": result._task.get_name(), "host": result._host.get_name(), **found})
