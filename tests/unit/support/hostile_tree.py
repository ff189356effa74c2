# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that nobody should read as they are, to put into a directory of configuration; and a limit of time and memory.

Each maker takes the path of a file. REASONS has what a result must say about the file; an empty reason means that the
file can be read, whatever it says.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import socket
import traceback
from pathlib import Path
from typing import Any, Callable

SECONDS, MEGABYTES = 5, 100
# A loaded machine is slower than the ones that the limits are meant for.
_SLACK = 5
_NOBODY = 65534


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the address of a socket is at most 107 bytes long
    try:
        with socket.socket(socket.AF_UNIX) as stream:
            stream.bind(path.name)
    finally:
        os.chdir(here)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(4 << 30)


def _long_line(path: Path) -> None:
    path.write_text("a.b = " + "1" * 50_000_000)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _kernel_memory(path: Path) -> None:
    path.symlink_to("/proc/kcore")


def _input_output_error(path: Path) -> None:
    path.symlink_to("/proc/self/mem")  # nothing is mapped at address 0


def _empty_link(path: Path) -> None:
    path.symlink_to("/dev/null")


def _dangling(path: Path) -> None:
    path.symlink_to("../../nowhere/at/all")


def _directory(path: Path) -> None:
    path.mkdir()


def _outside(path: Path) -> None:
    target = path.parent.parent / "outside-of-the-directory"
    target.write_text("")
    path.symlink_to(f"../{target.name}")


def _not_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00\x80 = \x00\n" * 1000)


def _digits(path: Path) -> None:
    number = "9" * 300_000
    path.write_text(f"net.ipv4.tcp_fin_timeout = {number}\ndaemon - nofile {number}\n[Service]\nLimitNOFILE={number}\n")


def _patterns(path: Path) -> None:
    path.write_text("".join(f"net/*/{number:x}*=1\n" for number in range(60_000)))


def _repeated(path: Path) -> None:
    path.write_text("a.b=1\n" * 160_000)


MAKERS: dict[str, Callable[[Path], None]] = {
    "device": _endless,
    "dangling": _dangling,
    "digits": _digits,
    "directory": _directory,
    "empty-link": _empty_link,
    "fifo": _fifo,
    "input-output-error": _input_output_error,
    "kernel-memory": _kernel_memory,
    "long-line": _long_line,
    "loop": _loop,
    "not-text": _not_text,
    "outside": _outside,
    "patterns": _patterns,
    "repeated": _repeated,
    "socket": _socket,
    "sparse": _sparse,
}
REASONS = {
    "device": "is a device, not a regular file",
    "fifo": "is a FIFO, not a regular file",
    "input-output-error": "cannot be read: EIO (Input/output error)",
    "long-line": "is larger than 1 MB",
    "loop": "cannot be read: ELOOP (Too many levels of symbolic links)",
    "socket": "is a socket, not a regular file",
    "sparse": "is larger than 1 MB",
}


def fill(directory: Path, *, suffix: str = ".conf", start: str = "50-", kinds: tuple[str, ...] = ()) -> None:
    """Make a file of each kind in the directory. Names that are not UTF-8 are among them."""
    directory.mkdir(parents=True, exist_ok=True)
    for kind in kinds or MAKERS:
        MAKERS[kind](directory / f"{start}{kind}{suffix}")
    (directory / os.fsdecode(b"60-\xff\xfe" + suffix.encode())).write_text("")


def bounded(work: Callable[[], Any], *, as_nobody: bool = False) -> Any:
    """Return what `work` returns, if it can be pickled, from a process of its own with a limit of time and memory.

    The process is killed, or gets a MemoryError, if it needs five times as much as SECONDS and MEGABYTES. as_nobody:
    whether it is not root.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        status = 1
        try:
            signal.alarm(SECONDS * _SLACK)
            most = _address_space() + MEGABYTES * _SLACK * (1 << 20)
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
            if as_nobody and os.geteuid() == 0:
                os.setgroups([])
                os.setgid(_NOBODY)
                os.setuid(_NOBODY)
            with os.fdopen(write, "wb") as stream:
                pickle.dump(work(), stream)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        found = stream.read()
    _pid, status = os.waitpid(child, 0)
    assert status == 0, f"the process ended with {status} (14: it took longer than {SECONDS * _SLACK} s)"
    return pickle.loads(found)  # noqa: S301  # written by our own process


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
