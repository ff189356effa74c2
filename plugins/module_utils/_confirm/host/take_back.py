# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roll back a change of this host that nobody has confirmed in time.

While a change is pending, a copy of this file is in the journal's directory, and a timer of the host runs it alone:

    python3 -I /var/lib/nettune/tcp/take_back.py            roll back what is due
    python3 -I /var/lib/nettune/tcp/take_back.py SECONDS    the same after so many seconds, detached; prints its pid

It therefore imports the standard library only. The journal's document `confirm` (see pending.py) says what to restore.
What someone else has changed since is left alone.

A copy of an earlier release may run after the collection was upgraded, so a field that is read here keeps its name.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import signal
import sys
import syslog
import tempfile
import time
from typing import Any, Callable, Dict

DIRECTORY = "/var/lib/nettune/tcp"
SCRIPT = f"{DIRECTORY}/take_back.py"
CONFIRM = "confirm"
EXPIRED, REBOOTED = "expired", "rebooted"

_BOOT_ID = "/proc/sys/kernel/random/boot_id"
_INFINITY = (1 << 64) - 1
_START = 22
_ROUNDING = 2.0
Document = Dict[str, Any]


class Host:
    """The host below `root`. write: sets a parameter to a value. prlimit: as in resource. log: takes one line."""

    def __init__(
        self,
        root: str = "",
        *,
        write: Callable[[str, str], None] | None = None,
        prlimit: Callable[..., Any] = resource.prlimit,
        log: Callable[[str], None] | None = None,
    ) -> None:
        self.root = root.rstrip("/")
        self.write = write or self._write
        self.prlimit = prlimit
        self.log = log or _log

    def text(self, path: str) -> str | None:
        """Return the text of a file, or None if it is absent or cannot be read."""
        try:
            with open(self.root + path, encoding="utf-8", errors="surrogateescape") as stream:
                return stream.read()
        except OSError:
            return None

    def value(self, name: str) -> str | None:
        """Return a parameter as the kernel prints it, with single spaces; None if it does not exist."""
        text = self.text(_path(name))
        return None if text is None else " ".join(text.split())

    def load(self, name: str) -> Document:
        """Return a document of the journal; {} if there is none. Raises ValueError if it is damaged."""
        return json.loads(self.text(f"{DIRECTORY}/{name}.json") or "{}")

    def save(self, name: str, document: Document) -> None:
        """Replace a document; remove it if it is empty."""
        path = f"{self.root}{DIRECTORY}/{name}.json"
        if document:
            _replace(path, json.dumps(document, indent=1) + "\n")
        elif os.path.exists(path):
            os.unlink(path)

    def boot_id(self) -> str:
        return (self.text(_BOOT_ID) or "").strip()

    def _write(self, name: str, value: str) -> None:
        descriptor = os.open(self.root + _path(name), os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, value.encode() + b"\n")
        finally:
            os.close(descriptor)


def over(document: Document, *, boot_id: str, monotonic: float) -> str:
    """Return why the window of a document is over, REBOOTED or EXPIRED; empty if it is not or nothing is pending."""
    pending = document.get("pending")
    if not pending or all(part["confirming"] for part in pending["parts"]):
        return ""
    if pending["boot_id"] != boot_id:
        return REBOOTED
    return EXPIRED if monotonic >= pending["due"] else ""


def take_back(host: Host, why: str) -> None:
    """Roll back the pending change, the last part first, and record that. Hold the journal's lock.

    It can be repeated after any interruption: what is restored already stays as it is.
    """
    document = host.load(CONFIRM)
    pending = document["pending"]
    for part in reversed([part for part in pending["parts"] if not part["confirming"]]):
        left, failed = ([], []) if why == REBOOTED else _put_back(host, part)
        for name, journal in journals_before(part, host.load, failed).items():
            host.save(name, journal)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        names = document.setdefault("taken_back", {}).setdefault(part["kind"], {})
        names[pending["name"]] = {"at": at, "why": why, "deadline": pending["deadline"]}
        host.log(_said(pending, part, why, left, failed))
    kept = [part for part in pending["parts"] if part["confirming"]]
    document["pending"] = {**pending, "parts": kept} if kept else None
    host.save(CONFIRM, document)


def journals_before(part: Document, load: Callable[[str], Document], failed: list[str]) -> dict[str, Document]:
    """Return the journal's documents as they were before a part, by name; they keep the rows of `failed` parameters."""
    found = dict(part["documents"])
    rows = part["rows"]
    if rows:
        now = load("sysctl")
        profiles = _with(now.get("profiles", {}), rows["profiles"])
        for name in set(rows["texts"]) & set(profiles):
            profiles[name] = {**profiles[name], **rows["texts"][name]}
        keys = _with(now.get("keys", {}), {key: row for key, row in rows["keys"].items() if key not in failed})
        taken = _with(now.get("taken", {}), rows["taken"])
        stamp = {field: rows[field] for field in ("version", "written_by", "readable_from") if field in rows}
        # Rows of two formats are migrated as the older one, which leaves those of the newer one as they are.
        version = min(rows["version"], now.get("version", rows["version"]))
        whole = {**stamp, **now, "version": version, "profiles": profiles, "keys": keys, "taken": taken}
        found["sysctl"] = whole if profiles or keys or taken else {}
    return found


def _put_back(host: Host, part: Document) -> tuple[list[str], list[str]]:
    """Restore limits of processes, then values, the last one first; return what was left alone and what failed."""
    left: list[str] = []
    failed: list[str] = []
    for row in part["limits"]:
        _try(f"pid {row['pid']}", lambda row=row: _limit_back(host, row), left, failed)
    for step in reversed(part["steps"]):
        _try(step["name"], lambda step=step: _value_back(host, step), left, failed)
    return left, failed


def _try(what: str, put_back: Callable[[], bool], left: list[str], failed: list[str]) -> None:
    try:
        if not put_back():
            left.append(what)
    except (OSError, ValueError):
        failed.append(what)


def _value_back(host: Host, step: Document) -> bool:
    """Restore a value; return False if someone else has changed it since. ours: None if it was not read back."""
    found = host.value(step["name"])
    if found in (step["before"], None):
        return True
    if step["ours"] is not None and found not in step["ours"]:
        return False
    host.write(step["write"], step["value"])
    if host.value(step["name"]) != step["before"]:
        raise ValueError(step["name"])
    return True


def _limit_back(host: Host, row: Document) -> bool:
    """Restore the limit of a process that still runs; return False if someone else has changed it since."""
    stat = (host.text(f"/proc/{row['pid']}/stat") or "").rpartition(")")[2].split()
    if len(stat) <= _START - 3 or int(stat[_START - 3]) != row["start"]:
        return True
    try:
        found = [_count(number) for number in host.prlimit(row["pid"], resource.RLIMIT_NOFILE)]
        if found in row["ours"]:
            soft, hard = (_rlim(number) for number in row["before"])
            host.prlimit(row["pid"], resource.RLIMIT_NOFILE, (soft, hard))
    except ProcessLookupError:
        return True
    return found in (*row["ours"], row["before"])


def _count(number: int) -> int:
    return _INFINITY if number == resource.RLIM_INFINITY else number


def _rlim(number: int) -> int:
    return resource.RLIM_INFINITY if number >= _INFINITY else number


def _with(rows: Document, before: Document) -> Document:
    """Return the rows with those of `before`, where None removes a row."""
    return {name: row for name, row in {**rows, **before}.items() if row is not None}


def _said(pending: Document, part: Document, why: str, left: list[str], failed: list[str]) -> str:
    what = {"sysctl": "kernel parameters", "nofile": "open-file limits"}.get(part["kind"], part["kind"])
    because = "the host was rebooted" if why == REBOOTED else f"not confirmed by {pending['deadline']}"
    said = f"{what} of profile {pending['name']} were rolled back: {because}"
    said += f"; changed by someone else since and left alone: {', '.join(left)}" if left else ""
    return said + (f"; could not be restored: {', '.join(failed)}" if failed else "")


def _path(name: str) -> str:
    """Return the path of a parameter. A slash in a name stands for a dot in the path (sysctl.d(5))."""
    return "/proc/sys/" + name.translate(str.maketrans("./", "/."))


def _replace(path: str, text: str) -> None:
    directory = os.path.dirname(path)
    descriptor, temporary = tempfile.mkstemp(prefix=".nettune-", suffix=".tmp", dir=directory)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.rename(temporary, path)


def _log(text: str) -> None:
    syslog.openlog("nettune.tcp", syslog.LOG_PID, syslog.LOG_DAEMON)
    syslog.syslog(syslog.LOG_WARNING, text)


def _lock(root: str) -> int | None:
    """Take the journal's lock as _host/journal.py does; None if its directory is gone, so that nothing is pending."""
    while True:
        try:
            descriptor = os.open(root + DIRECTORY, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.path.samestat(os.stat(root + DIRECTORY), os.fstat(descriptor)):
                return descriptor
            os.close(descriptor)
        except FileNotFoundError:
            return None


def _detach() -> None:
    """Continue in a child without terminal and open files; the parent prints its pid and exits."""
    child = os.fork()
    if child:
        os.write(1, b"%d\n" % child)
        os._exit(0)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.chdir("/")


def main(arguments: list[str], host: Host) -> None:
    """Roll back what is due, now or after so many seconds."""
    if arguments:
        seconds = float(arguments[0])
        _detach()
        time.sleep(seconds)  # on the monotonic clock, so that setting the time of day does not matter
    time.sleep(_too_early(host))
    descriptor = _lock(host.root)
    if descriptor is None:
        return
    try:
        _take_back_if_over(host)
    except (OSError, ValueError, LookupError, TypeError) as error:
        host.log(f"cannot roll back the pending change: {error!r}; the next run of nettune.tcp tries again")
    finally:
        os.close(descriptor)


def _too_early(host: Host) -> float:
    """Return the seconds that the timer was early, as timers round; 0 if it was armed for another deadline."""
    try:
        left = host.load(CONFIRM)["pending"]["due"] - time.monotonic()
    except (ValueError, LookupError, TypeError):
        return 0.0
    return left if 0.0 < left < _ROUNDING else 0.0


def _take_back_if_over(host: Host) -> None:
    why = over(host.load(CONFIRM), boot_id=host.boot_id(), monotonic=time.monotonic())
    if why:
        take_back(host, why)
    if not host.load(CONFIRM).get("pending") and os.path.exists(host.root + SCRIPT):
        os.unlink(host.root + SCRIPT)


if __name__ == "__main__":
    main(sys.argv[1:], Host())
