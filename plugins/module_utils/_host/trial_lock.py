# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock that a trial holds while it runs, and the record of the value that it changed."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from typing import Any

from .._common.errors import JournalError
from .._common.journal_format import Format
from .._common.json_shape import Whole, check
from . import trial_watchdog
from .files import HostFiles
from .journal import DIRECTORY, Journal, check_trusted

TRIALS = f"{DIRECTORY}/trials"
# No trial can have this name: names have no hyphens.
DOCUMENT = "trials/in-force"
# Format 1 did not say which release wrote it; its fields are those of format 2. trial_watchdog.py reads them as well.
FORMAT = Format("the record of the running trial", 2, "1.0.0", {1: dict})

_VALUES = "/proc/sys/"
_SHAPE = {
    **dict.fromkeys(("name", "token", "key", "boot_id", "boot_id_path", "path", "before"), str),
    "ours": [str],
    "unread": bool,
}
_POLL_SECONDS = 0.05


def pending(files: HostFiles) -> dict[str, Any]:
    """Return {name, key, before, ...} of the trial that has changed a parameter, even if it died since; {} for none."""
    document = Journal(files).load(DOCUMENT)
    if not document:
        return {}
    record = FORMAT.read(document)
    try:
        check(record, Whole(_SHAPE), "the record")
        for path in (record["path"], record["boot_id_path"]):
            if not path.startswith(files.locate(_VALUES)) or ".." in path:
                raise ValueError(f"{path!r} is not below {_VALUES}")
    except (LookupError, TypeError, ValueError) as error:
        raise FORMAT.damaged(error) from error
    return record


def acquire(files: HostFiles, *, seconds: float = 0.0) -> int | None:
    """Return the descriptor of the lock, which forked processes share; None if a trial holds it for all `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        descriptor = _try(files)
        if descriptor is not None or time.monotonic() >= deadline:
            return descriptor
        time.sleep(_POLL_SECONDS)


def settle(files: HostFiles) -> None:
    """Restore the value of a trial that died. Call it before a change of the host, with the journal's lock held.

    Raises JournalError while a trial runs: another change would distort its measurement.
    """
    record = pending(files)
    if not record:
        remove_empty(files)
        return
    descriptor = acquire(files, seconds=1.0)
    if descriptor is None:
        raise JournalError(
            f"the trial {record['name']} is trying values of {record['key']} on this host; nothing was changed: run"
            " again when it has ended, or stop it with nettune.tcp.sysctl_trial and state: absent"
        )
    try:
        trial_watchdog.put_back(files.locate(TRIALS))
        remove_empty(files)
    finally:
        os.close(descriptor)


def remove_empty(files: HostFiles) -> None:
    """Remove the directory of the trials, with the watchdog's files, once no trial is saved."""
    with suppress(OSError):  # what is left does no harm, and the next run tries again
        names = files.listdir(TRIALS)
        if files.is_directory(TRIALS) and not any(name.endswith(".json") for name in names):
            for name in names:
                files.remove(f"{TRIALS}/{name}")
            files.remove_directory(TRIALS)


def _try(files: HostFiles) -> int | None:
    check_trusted(files)
    files.make_directory(os.path.dirname(DIRECTORY), mode=0o755)
    files.make_directory(DIRECTORY, mode=0o700)
    files.make_directory(TRIALS, mode=0o700)
    descriptor = os.open(files.locate(TRIALS), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.stat(files.locate(TRIALS)), os.fstat(descriptor)):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None
