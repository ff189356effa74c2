# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let one system call of a run fail, or kill the run at it.

The functions of the module `os` are replaced while a run lasts. Calls on files below one directory are counted; others,
such as those of the test itself, are left alone.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
from contextlib import contextmanager
from typing import Any, Callable, Iterator, NamedTuple

# Calls that change something, and calls that only read.
CHANGING = ("write", "fsync", "rename", "unlink", "mkdir", "rmdir", "fchmod", "fchown")
READING = ("stat", "lstat", "fstat", "read", "readlink", "listdir", "statvfs", "access")
KILL = 0
_TEMPORARY = re.compile(r"\.nettune-[\w-]+\.tmp")
_REAL = {name: getattr(os, name) for name in (*CHANGING, *READING, "open")}
_FLOCK = fcntl.flock


class Call(NamedTuple):
    """One system call of a run. path: of the host, a rename's new one."""

    name: str
    path: str

    @property
    def changes(self) -> bool:
        return self.name in CHANGING or self.name in ("create", "open to write", "prlimit", "daemon-reload")


class Fault(NamedTuple):
    """The call `number`, counted from 1, fails with `error` (KILL: the process is killed).

    lasting: whether all later calls of the kind, changing or reading, fail too. reading: which kind is counted.
    """

    number: int
    error: int
    lasting: bool = False
    reading: bool = False


class Injection:
    """Counts the calls below `root`. calls: those that were counted, in order. fault: None to only count."""

    def __init__(self, root: str, fault: Fault | None = None, *, reading: bool = False) -> None:
        self.root = os.path.realpath(root)
        self.fault = fault
        self.reading = fault.reading if fault else reading
        self.calls: list[Call] = []
        self.failed: Call | None = None

    def step(self, name: str, path: str = "") -> None:
        """Count a call, and raise its error or kill the process if it is the one to fail."""
        call = Call(name, path)
        if call.changes == self.reading:
            return
        self.calls.append(call)
        fault = self.fault
        number = len(self.calls)
        if fault is None or number < fault.number or (number > fault.number and not fault.lasting):
            return
        self.failed = self.failed or call
        if fault.error == KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(fault.error, os.strerror(fault.error), path or None)

    @contextmanager
    def active(self) -> Iterator[Injection]:
        """Inject the fault into the body."""
        for name in _REAL:
            setattr(os, name, self._opening if name == "open" else self._wrapped(name))
        fcntl.flock = self._flock
        try:
            yield self
        finally:
            fcntl.flock = _FLOCK
            for name, real in _REAL.items():
                setattr(os, name, real)

    def _wrapped(self, name: str) -> Callable[..., Any]:
        real = _REAL[name]

        def call(*args: Any, **named: Any) -> Any:
            path = self._path(args[1] if name == "rename" else args[0], named)
            # The kernel's side of a fake host is files as well; only opening and writing them is a call of ours.
            if path is not None and not (path.startswith("/proc/") and name in ("mkdir", "unlink")):
                self.step(name, path)
                if name == "write" and path.startswith("/proc/"):
                    os.ftruncate(args[0], 0)
            return real(*args, **named)

        return call

    def _opening(self, path: Any, flags: int, *args: Any, **named: Any) -> int:
        shown = self._path(path, named)
        if shown is not None:
            writes = flags & (os.O_WRONLY | os.O_RDWR)
            self.step("create" if flags & os.O_CREAT else "open to write" if writes else "open", shown)
            # Opening a file of /proc does not empty it, and its value is replaced by one write.
            flags &= ~os.O_TRUNC if shown.startswith("/proc/") else ~0
        return _REAL["open"](path, flags, *args, **named)

    def _flock(self, descriptor: int, how: int) -> None:
        path = self._path(descriptor, {})
        if path is not None:
            self.step("flock", path)
        _FLOCK(descriptor, how)

    def _path(self, given: Any, named: dict[str, Any]) -> str | None:
        """Return the path on the host, or None for another file."""
        if not isinstance(given, (str, int, os.PathLike)):
            return None
        directory = next((named[one] for one in ("dir_fd", "dst_dir_fd") if named.get(one) is not None), None)
        if isinstance(given, int):
            whole = self._link(given)
        elif directory is not None:
            whole = os.path.normpath(f"{self._link(directory)}/{os.fspath(given)}")
        else:
            whole = os.fspath(given)
        if whole != self.root and not whole.startswith(self.root + "/"):
            return None
        return _TEMPORARY.sub("(temporary)", whole[len(self.root) :] or "/")

    @staticmethod
    def _link(descriptor: int) -> str:
        try:
            return str(_REAL["readlink"](f"/proc/self/fd/{descriptor}"))
        except OSError:
            return ""
