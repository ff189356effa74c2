# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C as a way to end what would go on for ever, and have its result.

The controller's first process takes it for the end of the whole play. So that it can be more than that, the handler is
set there, where this module is first imported, before a process for each host is forked; what is set here is shared
with them. Where nothing goes on, or Ctrl-C comes a second time, it is what it was before.
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
    """Something that hosts do until Ctrl-C, each in a process of its own."""

    def __init__(self, say: Callable[[], None]) -> None:
        self._say = say
        self._going_on = _FORK.Value("i", 0)
        self._ended = _FORK.Event()
        self._before: Any = None
        self._listener = 0

    def listen(self) -> None:
        """Set the handler; only the main thread can, and elsewhere Ctrl-C stays what it is."""
        if threading.current_thread() is threading.main_thread():
            self._listener = os.getpid()
            self._before = signal.signal(signal.SIGINT, self._handle)

    @property
    def ended(self) -> bool:
        """Whether Ctrl-C has come."""
        return self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait; returns early, and with True, when Ctrl-C comes."""
        return self._ended.wait(max(0.0, seconds))

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Inside, Ctrl-C ends this and nothing else."""
        with self._going_on.get_lock():
            self._going_on.value += 1
        try:
            yield
        finally:
            with self._going_on.get_lock():
                self._going_on.value -= 1

    def _handle(self, number: int, frame: Any) -> None:
        if os.getpid() != self._listener:
            return  # a host's process, which the terminal has signalled as well and which is told by `ended`
        if self._going_on.value and not self._ended.is_set():
            self._ended.set()
            self._say()
        elif callable(self._before):
            self._before(number, frame)
