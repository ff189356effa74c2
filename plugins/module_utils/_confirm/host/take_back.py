# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roll back a change of this host that nobody has confirmed in time.

While a change is pending, a copy of this file is in the journal's directory, and a process of the host runs it alone:

    python3 -I /var/lib/nettune/tcp/take_back.py UNTIL UNIT    wait until the deadline as a service of systemd
    python3 -I /var/lib/nettune/tcp/take_back.py UNTIL         the same detached; print the pid once it waits
    python3 -I /var/lib/nettune/tcp/take_back.py               the same for what is due now, from an earlier version

UNTIL is in seconds of the monotonic clock. The rollback works on a host where no process can start any more, so this
one starts none, has imported all it needs, and is locked in memory. SIGTERM makes it roll back at once.

It imports the standard library only, and not `tempfile`, which maps OpenSSL (5 MB). The journal's document `confirm`
(see pending.py) says what to restore. What someone else has changed since is left alone.

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
import time
from contextlib import suppress
from typing import Any, Callable, Dict

DIRECTORY = "/var/lib/nettune/tcp"
SCRIPT = f"{DIRECTORY}/take_back.py"
CONFIRM = "confirm"
EXPIRED, REBOOTED, STOPPED, REQUESTED = "expired", "rebooted", "stopped", "requested"

_INFINITY, _START = (1 << 64) - 1, 22
# Seconds between attempts to take the lock, and to roll back after an error.
_POLL, _RETRY, _ATTEMPTS = 0.1, 5.0, 60
_TRIES = 3  # a value may fail once for a passing reason, or until a later one is restored
_FOREIGN = "changed by someone else since"
# <asm/mman.h>: of most architectures, and of powerpc and sparc.
_MCL_CURRENT = (1, 0x2000)
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
        """Return the text of a file, or None if it is absent. Raises OSError if it cannot be read."""
        try:
            with open(self.root + path, encoding="utf-8", errors="surrogateescape") as stream:
                return stream.read()
        except (FileNotFoundError, NotADirectoryError, ProcessLookupError):
            return None

    def value(self, name: str) -> str | None:
        """Return a parameter as the kernel prints it, with single spaces; None if it does not exist."""
        text = self.text(_path(name))
        return None if text is None else " ".join(text.split())

    def load(self, name: str) -> Document:
        """Return a document of the journal; {} if there is none. Raises ValueError if it is damaged, such as empty."""
        text = self.text(f"{DIRECTORY}/{name}.json")
        try:
            return {} if text is None else json.loads(text)
        except ValueError as error:
            raise ValueError(f"{DIRECTORY}/{name}.json is damaged ({error}): repair it or move it away") from error

    def save(self, name: str, document: Document) -> None:
        """Replace a document; remove it if it is empty."""
        path = f"{self.root}{DIRECTORY}/{name}.json"
        _replace(path, json.dumps(document, indent=1) + "\n") if document else _remove(path)

    def boot_id(self) -> str:
        return (self.text("/proc/sys/kernel/random/boot_id") or "").strip()

    def _write(self, name: str, value: str) -> None:
        with open(self.root + _path(name), "wb", buffering=0) as stream:  # /proc/sys takes one write(2)
            stream.write(value.encode() + b"\n")


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

    Values and limits come first: the journal needs a disk, and the log a reader. All can be repeated if interrupted.
    """
    document = host.load(CONFIRM)
    pending = document["pending"]
    parts = [part for part in reversed(pending["parts"]) if not part["confirming"]]
    results = [([], []) if why == REBOOTED else _put_back(host, part) for part in parts]
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    for part, (_left, failed) in zip(parts, results):
        for name, journal in journals_before(part, host.load, failed).items():
            host.save(name, journal)
        names = document.setdefault("taken_back", {}).setdefault(part["kind"], {})
        names[pending["name"]] = {"at": at, "why": why, "deadline": pending["deadline"]}
    kept = [part for part in pending["parts"] if part["confirming"]]
    document["pending"] = {**pending, "parts": kept} if kept else None
    host.save(CONFIRM, document)
    for part, (left, failed) in zip(parts, results):
        host.log(_said(pending, part, why, left, failed))


def journals_before(part: Document, load: Callable[[str], Document], failed: list[str]) -> dict[str, Document]:
    """Return the journal's documents as they were before a part, by name; they keep the rows of `failed` parameters."""
    found = {name: row for name, row in part["documents"].items() if name in ("sysctl", "nofile")}
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
    todo = [(f"pid {row['pid']}", _limit_back, row) for row in part["limits"]]
    todo += [(step["name"], _value_back, step) for step in reversed(part["steps"])]
    for _attempt in range(_TRIES):
        failed = []
        for what, put_back, row in todo:
            try:
                reason = put_back(host, row)
                left += [f"{what} ({reason})"] if reason else []
            except (OSError, ValueError):
                failed.append((what, put_back, row))
        todo = failed
    return left, [what for what, _put_back, _row in todo]


def _value_back(host: Host, step: Document) -> str:
    """Restore a value, or return why it was left alone. ours: None if it was not read back."""
    found = host.value(step["name"])
    if found in (step["before"], None):
        return ""
    if step["ours"] is not None and found not in step["ours"]:
        return _FOREIGN
    host.write(step["write"], step["value"])
    if host.value(step["name"]) != step["before"]:
        raise ValueError(step["name"])
    return ""


def _limit_back(host: Host, row: Document) -> str:
    """Restore the limit of a process that still runs, or return why it was left alone (see _nofile/live.py)."""
    stat = (host.text(f"/proc/{row['pid']}/stat") or "").rpartition(")")[2].split()
    if len(stat) <= _START - 3 or int(stat[_START - 3]) != row["start"]:
        return ""
    with suppress(FileNotFoundError, ProcessLookupError):  # it has ended
        # Python has -1 for infinity.
        found = [number % (_INFINITY + 1) for number in host.prlimit(row["pid"], resource.RLIMIT_NOFILE)]
        if found not in row["ours"]:
            return "" if found == row["before"] else _FOREIGN
        opened = f"{host.root}/proc/{row['pid']}/fd"
        held = len(os.listdir(opened)) if os.path.isdir(opened) else 0
        if row["before"][0] < min(found[0], 2 * held):
            return f"it holds {held} descriptors and keeps {found[0]} until it restarts"
        soft, hard = (number if number < _INFINITY else resource.RLIM_INFINITY for number in row["before"])
        host.prlimit(row["pid"], resource.RLIMIT_NOFILE, (soft, hard))
    return ""


def _with(rows: Document, before: Document) -> Document:
    """Return the rows with those of `before`, where None removes a row."""
    return {name: row for name, row in {**rows, **before}.items() if row is not None}


def _said(pending: Document, part: Document, why: str, left: list[str], failed: list[str]) -> str:
    what = {"sysctl": "kernel parameters", "nofile": "open-file limits"}.get(part["kind"], part["kind"])
    stopped = f"the process that waits was stopped before the deadline {pending['deadline']}"
    reasons = {REBOOTED: "the host was rebooted", STOPPED: stopped, EXPIRED: f"not confirmed by {pending['deadline']}"}
    said = f"{what} of profile {pending['name']} were rolled back: {reasons.get(why, 'as requested')}"
    said += f"; left alone: {', '.join(left)}" if left else ""
    return said + (f"; could not be restored: {', '.join(failed)}" if failed else "")


def _path(name: str) -> str:
    """Return the path of a parameter. A slash in a name stands for a dot in the path (sysctl.d(5))."""
    path = "/proc/sys/" + name.translate(str.maketrans("./", "/."))
    if "/../" in path:
        raise ValueError(name)
    return path


def _replace(path: str, text: str) -> None:
    """Replace a file durably. The temporary file has one name: on a full disk this is tried again and again."""
    temporary = f"{os.path.dirname(path)}/.nettune-take-back.tmp"
    with open(temporary, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.rename(temporary, path)
    directory = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _log(text: str) -> None:
    syslog.openlog("nettune.tcp", syslog.LOG_PID, syslog.LOG_DAEMON)
    syslog.syslog(syslog.LOG_WARNING, text)


def _lock(root: str) -> int | None:
    """Return the journal's lock (see _host/journal.py), or None if a run has it. Raises FileNotFoundError."""
    descriptor = os.open(root + DIRECTORY, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    is_locked = False
    try:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_locked = os.path.samestat(os.stat(root + DIRECTORY), os.fstat(descriptor))
    finally:
        if not is_locked:
            os.close(descriptor)
    return descriptor if is_locked else None


def wait(host: Host, until: float, identity: Document) -> None:
    """Roll back the change at its deadline, or on SIGTERM, unless it is confirmed before. Start no process.

    until: the deadline when this process was started; the journal may have a later one meanwhile.
    identity: what the journal has in `timer` if it is this process that waits.
    """
    is_stopped, failures = False, 0
    again: float | None = until
    while again is not None:
        # main() blocks SIGTERM, so that it never interrupts a rollback.
        is_stopped = signal.sigtimedwait([signal.SIGTERM], max(again - time.monotonic(), 0.0)) is not None or is_stopped
        try:
            again = _decide(host, identity, is_stopped)
            failures = 0
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, MemoryError) as error:
            failures += 1
            again = None if is_stopped or failures == _ATTEMPTS else time.monotonic() + _RETRY
            if again is None or failures == 1:
                then = "the next run of nettune.tcp tries again" if again is None else "trying again every 5 s"
                host.log(f"cannot roll back the pending change: {error!r}; {then}")


def _decide(host: Host, identity: Document, is_stopped: bool) -> float | None:
    """Roll back the change if it is due; return when to look again, or None if nothing is left to wait for."""
    if is_stopped and not _is_waiting_here(host.load(CONFIRM), identity):
        return None  # a run has confirmed, reverted or armed it again, and holds the lock until this process ends
    try:
        descriptor = _lock(host.root)
    except FileNotFoundError:
        return None  # nothing is pending
    if descriptor is None:
        return time.monotonic() + _POLL
    try:
        document = host.load(CONFIRM)
        why = over(document, boot_id=host.boot_id(), monotonic=time.monotonic())
        if is_stopped and not why and _is_waiting_here(document, identity):
            why = STOPPED
        if why:
            take_back(host, why)
            document = host.load(CONFIRM)
        pending = document.get("pending")
        if not pending:
            _remove(host.root + SCRIPT)
        is_settled = not pending or all(part["confirming"] for part in pending["parts"])
        return None if is_settled or is_stopped else pending["due"]
    finally:
        os.close(descriptor)


def _is_waiting_here(document: Document, identity: Document) -> bool:
    timer = (document.get("pending") or {}).get("timer", {})
    return all(timer.get(field) == value for field, value in identity.items())


def main(arguments: list[str], host: Host) -> None:
    """Wait and roll back; see above for the arguments."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
    until = float(arguments[0]) if arguments else 0.0
    identity: Document = {"unit": arguments[1] if len(arguments) > 1 else ""}
    if len(arguments) == 1:
        if os.fork():
            os._exit(0)  # the child belongs to init from now on
        identity = {"pid": os.getpid()}
    _stay_in_memory(host)
    if len(arguments) == 1:
        os.write(1, b"%d\n" % os.getpid())
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):  # the run that started this process reads to the end
            os.dup2(nothing, descriptor)
    elif path := os.environ.get("NOTIFY_SOCKET"):  # of systemd, which waits for this word (sd_notify(3))
        import socket

        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stream:
            stream.sendto(b"READY=1", "\0" + path[1:] if path.startswith("@") else path)
    wait(host, until, identity)


def _stay_in_memory(host: Host) -> None:
    """Exempt this process from the OOM killer and lock it in memory, as far as that is allowed."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as stream:
        stream.write("-1000")
    with suppress(OSError, ValueError, LookupError, TypeError):
        over(host.load(CONFIRM), boot_id=host.boot_id(), monotonic=0.0)  # allocates what the deadline needs
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        library = ctypes.CDLL(None)
        any(library.mlockall(flags) == 0 for flags in _MCL_CURRENT)


if __name__ == "__main__":
    main(sys.argv[1:], Host())
