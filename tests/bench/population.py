# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Populations of real sockets, made and held in their own network namespaces.

    unshare --net python -m tests.bench.population web 100000

Population runs this command. It prints `ready` once all sockets exist. Each line of its input restarts the minute of
every socket in TIME_WAIT, and it prints their number. It ends the processes that hold the sockets at the end of its
input.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

from .mixes import MIXES, Order, orders
from .pairs import IPV6_NETWORK, MOST_PLACES, make
from .time_wait import renew

_ROOT = Path(__file__).resolve().parents[2]
_LAB = _ROOT / "tests" / "lab" / "populations.py"
_SPARE_DESCRIPTORS = 100
_SECONDS_BETWEEN_RENEWALS = 25.0
_PR_SET_PDEATHSIG = 1
# Numbers of rare states for 100,000 sockets, made with a silent peer.
_RARE = {"listen": 100, "syn-recv": 200, "syn-sent": 200, "fin-wait1": 100, "last-ack": 100, "closing": 20}
_BOUND = 50
_SETTINGS = {
    "net/ipv4/tcp_max_tw_buckets": "4000000",
    "net/ipv4/tcp_rfc1337": "1",
    "net/ipv4/tcp_tw_reuse": "0",
    "net/ipv4/ip_local_port_range": "1024 65535",
    "net/ipv6/ip_nonlocal_bind": "1",
    "net/core/somaxconn": "4096",
    # No data is ever sent.
    "net/ipv4/tcp_rmem": "4096 4096 4096",
    "net/ipv4/tcp_wmem": "4096 4096 4096",
    # Sockets that wait for an answer outlast every benchmark.
    "net/ipv4/tcp_syn_retries": "100",
    "net/ipv4/tcp_synack_retries": "100",
    "net/ipv4/tcp_orphan_retries": "100",
}


class CannotPopulate(Exception):
    """The population could not be made; the message is the reason."""


class Population:
    """`size` sockets of a mix for the duration of a `with` block."""

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
        # The process ends at the end of its input.
        self._process.communicate()

    @property
    def namespace(self) -> str:
        """The path of the network namespace."""
        return f"/proc/{self._process.pid}/ns/net"

    def renew(self) -> int:
        """Keep sockets in TIME_WAIT for another minute, and return their number."""
        assert self._process.stdin
        self._process.stdin.write("renew\n")
        self._process.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            _output, errors = self._process.communicate()
            raise CannotPopulate(f"{self._what}: {errors.strip() or 'the process ended without a message'}")
        return line


def main(name: str, size: int) -> None:
    """Make `size` sockets of the mix `name`, hold them, and end the processes that hold them."""
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit())
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    wanted = orders(name, size, most=limit - _SPARE_DESCRIPTORS)
    if len(wanted) > MOST_PLACES:
        raise SystemExit(
            f"{size} sockets need {len(wanted)} processes of {limit} descriptors; at most {MOST_PLACES} work"
        )
    _set_up_network(name)
    with contextlib.ExitStack() as held:
        _carry_out(wanted, held)
        if MIXES[name].rare:
            held.enter_context(_rare(size))
            # Sockets with a port but without a connection must not be counted.
            for _socket in range(_BOUND):
                held.enter_context(socket.socket()).bind(("127.0.0.1", 0))
        if name == "close_wait":
            # The client ends are orphans in FIN_WAIT2 for another second.
            time.sleep(3)
        print("ready", flush=True)
        for _line in sys.stdin:
            print(renew(), flush=True)


def _set_up_network(name: str) -> None:
    settings = {**_SETTINGS, **({"net/ipv4/tcp_fin_timeout": "1"} if name == "close_wait" else {})}
    for path, value in settings.items():
        Path("/proc/sys", path).write_text(value)
    for command in (["link", "set", "lo", "up"], ["-6", "route", "add", "local", IPV6_NETWORK, "dev", "lo"]):
        subprocess.run(["ip", *command], check=True)


def _carry_out(wanted: list[Order], held: contextlib.ExitStack) -> None:
    """Carry out orders in as many processes at a time as there are processors, those of TIME_WAIT last."""
    waiting = sorted(wanted, key=lambda order: order.kind == "time_wait", reverse=True)
    running: dict[int, Order] = {}
    renewed = time.monotonic()
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            order = waiting.pop()
            pid, answer = _start(order)
            running[answer] = order
            held.callback(_end, pid)
        for answer in select.select(list(running), [], [], _SECONDS_BETWEEN_RENEWALS)[0]:
            if os.read(answer, 8) != b"ready":
                raise SystemExit(f"could not make {running[answer]}")
            os.close(answer)
            del running[answer]
        if time.monotonic() - renewed > _SECONDS_BETWEEN_RENEWALS:
            renewed = time.monotonic()
            renew()


def _start(order: Order) -> tuple[int, int]:
    """Fork a process that carries out an order and holds its sockets; return its id, and where it writes `ready`."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write_end)
        return pid, read_end
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        _descriptors = make(order)
        os.write(write_end, b"ready")
        os.close(write_end)
        while True:
            signal.pause()
    finally:
        os._exit(1)


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@contextlib.contextmanager
def _rare(size: int) -> Iterator[None]:
    """Hold a few sockets in each of the rare states."""
    numbers = {state: max(number * size // 100_000, 3) for state, number in _RARE.items()}
    options = [word for state, number in numbers.items() for word in (f"--{state}", str(number))]
    command = [sys.executable, str(_LAB), "--ipv6", "8", "--mapped", "6", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        if not child.stdout.readline():
            raise SystemExit("could not make sockets in rare states")
        yield
        child.stdin.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
