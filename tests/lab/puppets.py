# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes in private hosts that do with their sockets what they are told: see puppet.py."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from typing import Any

from inventory import Host
from namespaces import LabError

_SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "puppet.py")
_SECONDS_TO_END = 10


class Puppet:
    """One such process. It ends at close(), with its host, or with whoever started it."""

    def __init__(self, host: Host) -> None:
        self._name = host.name
        # In a session of its own: Ctrl-C ends the lab, and the lab ends this.
        self._process = host.popen(
            host.python,
            _SCRIPT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.pid = self.tell("count")["pid"]

    def tell(self, call: str, **arguments: Any) -> Any:
        """Have it do one of its calls, and its answer; raises LabError with what went wrong."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps([call, arguments]) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline() or "null")
        except BrokenPipeError:
            answer = None
        if answer is None:
            raise LabError(f"{self._name}: a process ended at {call}{arguments}: {self._last_words()}")
        if "error" in answer:
            raise LabError(f"{self._name}: {answer['error']}")
        return answer["done"]

    def close(self) -> None:
        """End the process, and with it all of its sockets."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            # What it has left in the host goes with that.
            self._process.kill()
            self._process.wait()

    def _last_words(self) -> str:
        assert self._process.stderr
        return self._process.stderr.read().strip()
