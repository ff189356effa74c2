# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let Ctrl-C end an action that would run forever, without ending the play.

Ansible's main process ends the whole play on Ctrl-C. So the handler is installed there, when the action plugin is
imported and before a process is forked for each host; shared memory tells those processes. If no action is running, or
on a second Ctrl-C, the previous handler is called.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator

_FORK = multiprocessing.get_context("fork")


class Interruptible:
    """An action that runs until Ctrl-C, for each host in its own process. `notify` is called once, on Ctrl-C."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._running = _FORK.Value("i", 0)
        self._ended = _FORK.Event()
        self._before: Any = None
        self._installed_in = 0

    def install(self) -> None:
        """Install the handler, which only the main thread can do."""
        if threading.current_thread() is threading.main_thread():
            self._installed_in = os.getpid()
            self._before = signal.signal(signal.SIGINT, self._handle)

    @property
    def ended(self) -> bool:
        """Return whether Ctrl-C was pressed."""
        return self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait; return True, at once, on Ctrl-C."""
        return self._ended.wait(max(0.0, seconds))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Return a context in which Ctrl-C ends only this action."""
        with self._running.get_lock():
            self._running.value += 1
        try:
            yield
        finally:
            with self._running.get_lock():
                self._running.value -= 1

    def _handle(self, number: int, frame: Any) -> None:
        if os.getpid() != self._installed_in:
            return  # The terminal signals the process of each host too; `ended` tells them.
        if self._running.value and not self._ended.is_set():
            self._ended.set()
            self._notify()
        elif callable(self._before):
            self._before(number, frame)
