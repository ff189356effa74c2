# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a parameter back when the trial that changed it has died. A program of its own, and a module for who is nearer.

    python3 -I watchdog.py DIRECTORY TOKEN SECONDS

A trial holds a lock as long as it lives, and the kernel lets go of it whatever the trial dies of. This waits for that
lock, SECONDS at most (a trial that hangs is over too), and then takes back what DIRECTORY/in-force.json says is
changed.
It needs nothing of Ansible's and nothing of this collection's, as nothing of theirs may be there any more.
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


class Overdue(Exception):
    """The trial should have ended long ago."""


def put_back(directory: str, token: str | None = None) -> str:
    """Take back what `directory`/in-force.json says is changed, of the trial `token` only where that is given.

    Returns what became of the parameter, in words; nothing where there was nothing to do. A value that the trial did
    not write is somebody else's, and is left alone; so is everything after a reboot.
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
        return f"{key} is as the reboot has left it"
    now = _text(record["path"])
    if now is None:
        return f"{key} is gone"
    if now == before:
        return ""
    if not record["unread"] and now not in record["ours"]:
        return f"somebody else has set {key} to {now}, which was left alone"
    # One write(2), as files of /proc/sys want it.
    descriptor = os.open(record["path"], os.O_WRONLY | os.O_TRUNC)
    try:
        os.write(descriptor, (before + "\n").encode())
    finally:
        os.close(descriptor)
    return ""


def _record(path: str) -> dict | None:
    text = _text(path)
    return None if text is None else json.loads(text)


def _text(path: str) -> str | None:
    """The file's words with single blanks between them, or None where there is no such file."""
    try:
        with open(path, encoding="utf-8") as stream:
            return " ".join(stream.read().split())
    except FileNotFoundError:
        return None


def _overdue(_signal: int, _frame: object) -> None:
    raise Overdue


def _wait(directory: str, seconds: float) -> None:
    """Until the trial has let go of its lock, or `seconds` are over."""
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
    """Wait, then put back; tried again for a while where the kernel refuses."""
    directory, token, seconds = sys.argv[1:]
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        _wait(directory, float(seconds))
    except FileNotFoundError:  # the trial has been forgotten, and its directory is gone
        return 0
    for _attempt in range(_ATTEMPTS):
        try:
            put_back(directory, token)
        except OSError:
            time.sleep(_SECONDS_BETWEEN)
        else:
            return 0
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
