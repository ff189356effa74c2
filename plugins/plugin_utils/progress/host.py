# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show how many hosts a task has finished, from the action plugin, which runs in a separate process for each host.

The processes share a file in the temporary directory of the run. A thread of each draws the line; they take turns.
A failure to draw is ignored, because it must not fail the task.
"""

from __future__ import annotations

import fcntl
import functools
import json
import os
import threading
import time
from contextlib import contextmanager, suppress
from typing import Any, Callable, Iterator, Mapping

from ansible import constants
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.nettune.tcp.plugins.plugin_utils.progress import screen
from ansible_collections.nettune.tcp.plugins.plugin_utils.progress.count import FAILED, OK, UNREACHABLE, Count
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import prints_text

_Run = Callable[..., "dict[str, Any]"]

_FEWEST_HOSTS = 5
_INTERVAL = 1.0
# The host of this process while its action runs.
_followed: list[Host] = []


def counted(run: _Run) -> _Run:
    """Decorate ActionBase.run() so that its host counts as running until it returns or raises."""

    @functools.wraps(run)
    def decorated(self: Any, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        host = _host_of(self._task, task_vars or {}) if screen.ON_TERMINAL else None
        return host.follow(lambda: run(self, tmp, task_vars)) if host else run(self, tmp, task_vars)

    return decorated


def expect(seconds: float) -> None:
    """Tell how much longer the host of this process is going to take, if it is counted."""
    for host in _followed:
        host.expect(seconds)


def _host_of(task: Any, task_vars: Mapping[str, Any]) -> Host | None:
    """Return the host of this process, or None if the progress of the task is not shown."""
    with suppress(Exception):
        hosts = [str(name) for name in task_vars["ansible_play_batch"]]
        # Such a task runs several times on each host, or on one host only, or goes on after its action has returned.
        special = task.loop or task.until or task.run_once or task.async_val
        if len(hosts) >= _FEWEST_HOSTS and not special and prints_text():
            file = os.path.join(constants.DEFAULT_LOCAL_TMP, f"nettune-progress-{task._uuid}")
            return Host(str(task_vars["inventory_hostname"]), hosts, file)
    return None


class Host:
    """One of the `hosts` of a task. file: path of the file that their processes share."""

    def __init__(self, name: str, hosts: list[str], file: str) -> None:
        self._name = name
        self._hosts = hosts
        self._file = file

    def follow(self, run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the result of `run`, drawing the line while it runs; its exceptions are raised."""
        outcome, ended = FAILED, threading.Event()
        self._update(lambda count, now: count.start(self._name, now))
        thread = threading.Thread(target=self._draw_until, args=(ended,), daemon=True)
        thread.start()
        _followed.append(self)
        try:
            result = run()
            outcome = UNREACHABLE if result.get("unreachable") else FAILED if result.get("failed") else OK
            return result
        except AnsibleConnectionFailure:
            outcome = UNREACHABLE
            raise
        finally:
            _followed.remove(self)
            ended.set()
            # A process that ends while its thread sends a message would block the queue of all processes.
            thread.join()
            self._update(lambda count, now: count.finish(self._name, outcome, now))

    def expect(self, seconds: float) -> None:
        """Note how much longer the host is going to take."""
        self._update(lambda count, now: count.expect(self._name, now + seconds))

    def _draw_until(self, ended: threading.Event) -> None:
        while not ended.wait(_INTERVAL):
            self._update(_draw)

    def _update(self, change: Callable[[Count, float], None]) -> None:
        """Change the count in the file, which is locked meanwhile."""
        with suppress(Exception), _locked(self._file) as stream:
            now = time.monotonic()
            text = stream.read()
            count = Count(**json.loads(text)) if text else None
            if count is None or not count.covers(self._name):
                count = Count(self._hosts, began=now)
            change(count, now)
            stream.seek(0)
            stream.truncate()
            json.dump(count.document(), stream)


def _draw(count: Count, now: float) -> None:
    """Draw the line, unless another process drew it in the last second."""
    if now - max(count.drawn, count.began) >= _INTERVAL:
        count.drawn = now
        screen.draw(count.text(now))


@contextmanager
def _locked(path: str) -> Iterator[Any]:
    """Open a file for reading and writing, and lock it against other processes."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream
