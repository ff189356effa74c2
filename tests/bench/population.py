# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A population of real sockets, made and held in a network namespace of its own: `unshare --net` runs this.

    unshare --net python -m tests.bench.population web 100000

When all is made it says `ready`. A line on its standard input starts the minute of every socket in TIME_WAIT anew and
is answered with their number. When its standard input ends, so do the processes that hold the sockets.
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
from .pairs import IPV6_NETWORK, MOST_PLACES, leave
from .time_wait import renew

_LAB = Path(__file__).resolve().parents[1] / "lab" / "populations.py"
_SPARE_DESCRIPTORS = 100
_SECONDS_BETWEEN_RENEWALS = 25.0
_PR_SET_PDEATHSIG = 1
# So many of each rare state for 100,000 sockets; made against a remote end that falls silent.
_RARE = {"listen": 100, "syn-recv": 200, "syn-sent": 200, "fin-wait1": 100, "last-ack": 100, "closing": 20}
_BOUND = 50
_SETTINGS = {
    "net/ipv4/tcp_max_tw_buckets": "4000000",
    "net/ipv4/tcp_rfc1337": "1",
    "net/ipv4/tcp_tw_reuse": "0",
    "net/ipv4/ip_local_port_range": "1024 65535",
    "net/ipv6/ip_nonlocal_bind": "1",
    "net/core/somaxconn": "4096",
    # Nothing is ever sent.
    "net/ipv4/tcp_rmem": "4096 4096 4096",
    "net/ipv4/tcp_wmem": "4096 4096 4096",
    # What waits for an answer that never comes waits for longer than a benchmark lasts.
    "net/ipv4/tcp_syn_retries": "100",
    "net/ipv4/tcp_synack_retries": "100",
    "net/ipv4/tcp_orphan_retries": "100",
}


def main(name: str, size: int) -> None:
    """Make `size` sockets of the mix `name`, hold them, and end what holds them."""
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit())
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    asked = orders(name, size, most=limit - _SPARE_DESCRIPTORS)
    if len(asked) > MOST_PLACES:
        raise SystemExit(f"{size} sockets take {len(asked)} processes of {limit} descriptors, {MOST_PLACES} may be")
    _arrange(name)
    with contextlib.ExitStack() as held:
        _work_all(asked, held)
        if MIXES[name].rare:
            held.enter_context(_rare(size))
            held.enter_context(_bound(_BOUND))
        if name == "close_wait":
            # The ends that closed are orphans in FIN_WAIT2 for another second.
            time.sleep(3)
        print("ready", flush=True)
        for _line in sys.stdin:
            print(renew(), flush=True)


def _arrange(name: str) -> None:
    settings = {**_SETTINGS, **({"net/ipv4/tcp_fin_timeout": "1"} if name == "close_wait" else {})}
    for path, value in settings.items():
        Path("/proc/sys", path).write_text(value)
    for command in (["link", "set", "lo", "up"], ["route", "add", "local", IPV6_NETWORK, "dev", "lo"]):
        subprocess.run(["ip", *(["-6"] if IPV6_NETWORK in command else []), *command], check=True)


def _work_all(asked: list[Order], held: contextlib.ExitStack) -> None:
    """As many processes at a time as there are processors; what does not stay by itself is made last."""
    waiting = sorted(asked, key=lambda order: order.kind == "time_wait", reverse=True)
    answers: dict[int, Order] = {}
    renewed = time.monotonic()
    while waiting or answers:
        while waiting and len(answers) < (os.cpu_count() or 1):
            order = waiting.pop()
            pid, answer = _work(order)
            answers[answer] = order
            held.callback(_end, pid)
        for answer in select.select(list(answers), [], [], _SECONDS_BETWEEN_RENEWALS)[0]:
            if os.read(answer, 8) != b"ready":
                raise SystemExit(f"{answers[answer]} could not be made")
            os.close(answer)
            del answers[answer]
        if time.monotonic() - renewed > _SECONDS_BETWEEN_RENEWALS:
            renewed = time.monotonic()
            renew()


def _work(order: Order) -> tuple[int, int]:
    """Fork a process that carries out an order and holds its sockets; its number, and where it says `ready`."""
    answer, said = os.pipe()
    pid = os.fork()
    if pid:
        os.close(said)
        return pid, answer
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        _descriptors = leave(order)
        os.write(said, b"ready")
        os.close(said)
        while True:
            signal.pause()
    finally:
        os._exit(1)


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@contextlib.contextmanager
def _rare(size: int) -> Iterator[None]:
    numbers = {state: max(number * size // 100_000, 3) for state, number in _RARE.items()}
    options = [word for state, number in numbers.items() for word in (f"--{state}", str(number))]
    command = [sys.executable, str(_LAB), "--ipv6", "8", "--mapped", "6", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        if not child.stdout.readline():
            raise SystemExit("sockets in rare states could not be made")
        yield
        child.stdin.close()


@contextlib.contextmanager
def _bound(number: int) -> Iterator[None]:
    """Sockets that have a port and no connection: nobody is to count them."""
    with contextlib.ExitStack() as held:
        for _socket in range(number):
            held.enter_context(socket.socket()).bind(("127.0.0.1", 0))
        yield


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
