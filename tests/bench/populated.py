# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Populations as those see them who measure beside: a network namespace, for as long as a `with` lasts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


class CannotPopulate(Exception):
    """The population could not be made; says what stood in the way."""


class Population:
    """`size` sockets of a mix (see mixes.py), in a network namespace of their own."""

    def __init__(self, mix: str, size: int) -> None:
        command = ["unshare", "--net", "--", sys.executable, "-m", "tests.bench.population", mix, str(size)]
        self._what = f"{size} sockets of the mix {mix}"
        self._process = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Population:
        self._answer()
        return self

    def __exit__(self, *_exception: object) -> None:
        # The end of its input tells it to end what it started.
        self._process.communicate()

    @property
    def namespace(self) -> str:
        """The path of the network namespace."""
        return f"/proc/{self._process.pid}/ns/net"

    def renew(self) -> int:
        """Keep sockets in TIME_WAIT for another minute; how many there are."""
        assert self._process.stdin
        self._process.stdin.write("renew\n")
        self._process.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            _output, errors = self._process.communicate()
            raise CannotPopulate(f"{self._what}: {errors.strip() or 'ended without a word'}")
        return line
