# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restore a parameter when the trial that changed it has died. Runs as a program, and is imported as a module.

    python3 -I watchdog.py DIRECTORY TOKEN SECONDS

A trial holds a lock while it runs, and the kernel releases the lock however the trial ends. This program waits for the
lock, at most SECONDS in case the trial hangs, and then restores what DIRECTORY/in-force.json says is changed.

It imports the standard library only, as neither Ansible nor the collection may be there any more.

A copy of an earlier release may run after the collection was upgraded, so a field that is read here keeps its name.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import time

PENDING = "in-force.json"
PID_FILE = "watchdog.pid"
_ATTEMPTS, _SECONDS_BETWEEN = 10, 1.0
_FIELDS = ("token", "key", "before", "boot_id", "boot_id_path", "path", "ours", "unread")
# systemd does not start this program again after this exit code.
DAMAGED = 3


class Overdue(Exception):
    """The time for the trial is over."""


def put_back(directory: str, token: str | None = None) -> str:
    """Restore what `directory`/in-force.json says is changed. token: only for the trial with this token.

    Return why the parameter does not have its original value, or an empty string if it has. A value that the trial did
    not write is left alone; so is every value after a reboot. Raises ValueError if the file is damaged.
    """
    path = os.path.join(directory, PENDING)
    record = _record(path)
    if record is None or (token is not None and record["token"] != token):
        return ""
    said = _put_back(record)
    os.unlink(path)
    return said


def _put_back(record: dict) -> str:
    key, before = record["key"], record["before"]
    if record["boot_id"] != _text(record["boot_id_path"]):
        return f"{key} was reset by a reboot"
    now = _text(record["path"])
    if now is None:
        return f"{key} no longer exists"
    if now == before:
        return ""
    if not record["unread"] and now not in record["ours"]:
        return f"someone else has set {key} to {now}, which was left alone"
    # A single write(2), as files of /proc/sys require.
    descriptor = os.open(record["path"], os.O_WRONLY | os.O_TRUNC)
    try:
        os.write(descriptor, (before + "\n").encode())
    finally:
        os.close(descriptor)
    return ""


def _record(path: str) -> dict | None:
    """Return what the file says is changed; None if there is no file. Raises ValueError if it is damaged."""
    try:
        text = _text(path)
        record = None if text is None else json.loads(text)
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}") from error
    if record is not None and not (isinstance(record, dict) and set(_FIELDS) <= set(record)):
        raise ValueError(f"{path} is damaged: it lacks one of the fields {', '.join(_FIELDS)}")
    return record


def _text(path: str) -> str | None:
    """Return the text of a file with single spaces, or None if there is no such file."""
    try:
        with open(path, encoding="utf-8") as stream:
            return " ".join(stream.read().split())
    except FileNotFoundError:
        return None


def _overdue(_signal: int, _frame: object) -> None:
    raise Overdue


def _wait(directory: str, seconds: float) -> None:
    """Wait until the trial has released its lock, at most `seconds`."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    pid_file = os.path.join(directory, PID_FILE)
    with open(pid_file + ".new", "w", encoding="ascii") as stream:
        stream.write(str(os.getpid()))
    os.rename(pid_file + ".new", pid_file)
    signal.signal(signal.SIGALRM, _overdue)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        signal.setitimer(signal.ITIMER_REAL, 0)
    except Overdue:
        pass


def main() -> int:
    """Wait, then restore; try again for a while if the kernel refuses."""
    directory, token, seconds = sys.argv[1:]
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        _wait(directory, float(seconds))
    except FileNotFoundError:  # the trial was removed with its directory
        return 0
    for _attempt in range(_ATTEMPTS):
        try:
            put_back(directory, token)
        except OSError:
            time.sleep(_SECONDS_BETWEEN)
        except ValueError as error:
            sys.stderr.write(f"nothing was restored: {error}\n")
            return DAMAGED
        else:
            return 0
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
