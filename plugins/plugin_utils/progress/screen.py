# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show a line on the terminal that is rewritten, and erased before anything else is printed.

Ansible prints in its main process: the results of hosts in one thread, the messages of the processes of hosts in
another. Display cannot rewrite a line, so `display` of Ansible's Display object is wrapped, on a terminal only.
The log file gets none of it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from typing import Any, Callable

from ansible.utils.display import Display

# Carriage return, and "erase in line" of ECMA-48.
ERASE = "\r\x1b[K"
# The lines of one host follow each other more quickly than this; in seconds.
_QUIET = 0.3


class Rewritten:
    """Wraps Display.display. `display` is the method, `clock` returns seconds."""

    def __init__(self, display: Callable[..., None], clock: Callable[[], float] = time.monotonic) -> None:
        self._display = display
        self._clock = clock
        self._lock = threading.RLock()
        self._drawn = False
        self._printed = 0.0
        self._process = os.getpid()

    def __call__(self, msg: str, *args: Any, **options: Any) -> None:
        """Print a message; one that begins with ERASE is the line, unless something was printed just before it."""
        if os.getpid() != self._process:
            # The process of a host sends its messages to the main process. The lock may be locked there for ever.
            self._display(msg, *args, **options)
            return
        with self._lock:
            if str(msg).startswith(ERASE):
                if self._clock() - self._printed >= _QUIET:
                    self._drawn = True
                    self._display(msg, *args, **options)
                return
            if self._drawn and not options.get("log_only"):
                self._drawn = False
                self._display(ERASE, newline=False, screen_only=True)
            self._display(msg, *args, **options)
            self._printed = self._clock()


def draw(text: str) -> None:
    """Show the text in place of the line before it, cut to the width of the terminal. Works in any process."""
    display = Display()
    display.display(ERASE + text[: display.columns], newline=False, screen_only=True)


def _install() -> bool:
    """Wrap Display.display if standard output is a terminal that can erase a line; return whether it is."""
    with suppress(AttributeError, OSError, ValueError):
        if sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb":
            display = Display()
            display.display = Rewritten(display.display)
            return True
    return False


# On import. check_options and check_variables import this file, because Ansible's main process imports action plugins,
# unless a module is redirected to them. Standard output of the processes of hosts is no terminal.
ON_TERMINAL = _install()
