# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print lines through Ansible's Display, unless the output of the run is a document; fail with one sentence."""

from __future__ import annotations

import os
from typing import Any, Iterable

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.plugins.callback import CallbackBase
from ansible.plugins.callback.default import CallbackModule as DefaultCallback
from ansible.plugins.loader import callback_loader
from ansible.utils.display import Display

from . import line
from .line import Line

# These print every result, so a result that repeats the lines would show them twice.
_PRINT_RESULTS = ("minimal", "oneline", "ansible.builtin.minimal", "ansible.builtin.oneline")
_COLORS = {
    line.OK: "COLOR_OK",
    line.CHANGED: "COLOR_CHANGED",
    line.WARNING: "COLOR_WARN",
    line.CRITICAL: "COLOR_ERROR",
    line.DIM: "COLOR_VERBOSE",
}


def terminal_width() -> int:
    """Return the number of columns to draw in: the variable COLUMNS, else those of the terminal, else 80."""
    given = os.environ.get("COLUMNS", "")
    # Display keeps one column free, and takes 79 if there is no terminal.
    return max(40, int(given)) if given.isdecimal() else Display().columns + 1


def show(lines: Iterable[Line]) -> dict[str, Any]:
    """Print the lines if standard output is for people. Return the part of the task's result that repeats them."""
    lines = [each._replace(text=line.printable(each.text)) for each in lines]
    if prints_text():
        for each in lines:
            Display().display(each.text, color=_color(each.severity))
    if _prints_results() and not constants.CALLBACKS_ENABLED:
        return {}
    # The override keeps -v from printing the lines a second time.
    return {"lines": [each.text for each in lines], "_ansible_verbose_override": True}


def prints_text() -> bool:
    """Return whether the stdout callback prints text for people, rather than a document such as JSON."""
    return _prints_results() or issubclass(_stdout_callback(), DefaultCallback)


def _prints_results() -> bool:
    return constants.DEFAULT_STDOUT_CALLBACK in _PRINT_RESULTS


def _stdout_callback() -> type:
    found = callback_loader.get(constants.DEFAULT_STDOUT_CALLBACK, class_only=True)
    return found or CallbackBase


def _color(severity: str) -> str | None:
    name = _COLORS.get(severity)
    return getattr(constants, name) if name else None


class ActionFailure(AnsibleActionFail):
    """Fails the task with a message and nothing else."""

    # Since ansible-core 2.19: with an exception, callbacks print the message twice, with a place in our own playbook.
    omit_exception_key = True

    def __init__(self, message: str) -> None:
        super().__init__(message)
        # ansible-core 2.18 adds a traceback, and prints "An exception occurred" above the message.
        vars(self).get("result", {}).pop("exception", None)
