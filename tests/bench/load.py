# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply, verify, gather and revert while connections live, come and go, and count the connections that fail.

A server and its clients are in two local test hosts. Phases without and with our work take turns. After them the module
files of ping and tcp_facts run in turns on the server's host, each at the same interval.
"""

from __future__ import annotations

import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, NamedTuple

from tests.gate.places import BIN

from .fleet.hosts import CONTROLLER, Fleet, ansible_environment
from .measure import Stopwatch
from .payload import Payload, kept
from .playbooks import PROFILE

_SERVER = "web1"
_PORT, _PORTS_OF_A_PAIR = 20000, 100
# Descriptors of a process for connections that come and go.
_SPARE_DESCRIPTORS = 5000
_SECONDS_TO_OPEN = 120
# The server's host keeps as many sockets in TIME_WAIT as come in a minute.
_SETTINGS = {"net/ipv4/ip_local_port_range": "1024 65535", "net/ipv4/tcp_max_tw_buckets": "600000"}
_GATHERED = {
    "ping": ("ansible.builtin.ping", {}),
    "tcp_facts": ("nettune.tcp.tcp_facts", {}),
    "tcp_facts min": ("nettune.tcp.tcp_facts", {"gather_subset": ["min"]}),
}
_PROFILE = {"name": "bench", "settings": PROFILE}
Figures = dict[str, Any]
Say = Callable[[str], None]


class Size(NamedTuple):
    """Connections that live, new ones a second, seconds of a phase, phases of each kind, seconds between gatherings."""

    live: int
    rate: int
    seconds: int = 15
    rounds: int = 3
    interval: int = 10
    gatherings: int = 12


class Traffic:
    """Clients and servers for the duration of a `with` block: pairs of processes, as one has too few descriptors."""

    def __init__(self, fleet: Fleet, visits: Path, size: Size, *, stopwatch: Path) -> None:
        self._fleet = fleet
        # The stopwatch gives them the processor before the controller; its report is not used.
        self._command = [str(stopwatch), "2", "-", "-20", str(visits)]
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        pairs = -(-size.live // max(limit - _SPARE_DESCRIPTORS, limit // 2))
        self._shares = [(_share(size.live, pairs, one), _share(size.rate, pairs, one)) for one in range(pairs)]
        self._servers: list[subprocess.Popen[str]] = []
        self._clients: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Traffic:
        for host in (_SERVER, CONTROLLER):
            writes = [f"echo '{value}' > /proc/sys/{path}" for path, value in _SETTINGS.items()]
            self._fleet.host(host).run("sh", "-c", "; ".join(writes))
        address = self._fleet.host(_SERVER).ipv4
        ports = [str(_PORT + number * _PORTS_OF_A_PAIR) for number in range(len(self._shares))]
        try:
            self._servers += [self._start(_SERVER, "serve", port) for port in ports]
            _wait_until_ready(self._servers)
            for port, (live, rate) in zip(ports, self._shares):
                self._clients.append(self._start(CONTROLLER, "visit", address, port, str(live), str(rate)))
            _wait_until_ready(self._clients)
        except BaseException:
            self.__exit__()
            raise
        self.figures()
        return self

    def __exit__(self, *_exception: object) -> None:
        for process in (*self._clients, *self._servers):
            process.communicate()

    def figures(self) -> Figures:
        """Return the figures since the last call, of all clients together."""
        for one in self._clients:
            assert one.stdin
            one.stdin.write("\n")
            one.stdin.flush()
        rows = [json.loads(_line(one)) for one in self._clients]
        return total(rows)

    def _start(self, host: str, *arguments: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return self._fleet.host(host).popen(
            *self._command, *arguments, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, start_new_session=True
        )


def total(rows: list[Figures]) -> Figures:
    """Return the sums of figures, with the longest of their times."""
    return {name: (max if name.endswith("_ms") else sum)(row[name] for row in rows) for name in rows[0]}


def measured(size: Size, *, visits: Path, stopwatch: Path, python: Path, say: Say) -> dict[str, Any]:
    """Return {'size', 'sockets', 'phases': [figures with 'phase', 'seconds' and 'runs'], 'cpu': [{name: seconds}]}."""
    with tempfile.TemporaryDirectory(prefix="nb-") as directory, Fleet(1, ssh=False, state=Path(directory)) as fleet:
        payloads = _payloads(python, Path(directory) / "payloads")
        with Traffic(fleet, visits, size, stopwatch=stopwatch) as traffic:
            say(f"  {size.live} connections are open, {size.rate} more come and go each second")
            phases = []
            for _round in range(size.rounds):
                for name, work in (("control", None), ("ours", fleet)):
                    phases.append(_phase(name, work, traffic, size.seconds))
                    say(f"  {_described(phases[-1])}")
            traffic.figures()
            began = time.monotonic()
            watch = Stopwatch(stopwatch, namespace=f"/proc/{fleet.host(_SERVER).process.pid}/ns/net", nice=-20)
            cpu = _gather(payloads, watch, size, python)
            seconds = time.monotonic() - began
            phases.append({"phase": "gathering", **traffic.figures(), "seconds": seconds, "runs": len(cpu)})
            say(f"  {_described(phases[-1])}")
            sockets = fleet.host(_SERVER).run("cat", "/proc/net/sockstat").stdout
    return {"size": size._asdict(), "sockets": _sockets(sockets), "phases": phases, "cpu": cpu}


def _phase(name: str, work: Fleet | None, traffic: Traffic, seconds: float) -> Figures:
    """Return the figures of one phase: `work` gets runs of the playbook until the time is over."""
    began, runs = time.monotonic(), 0
    while work and time.monotonic() - began < seconds:
        subprocess.run(work.command(_play()), check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        runs += 1
    time.sleep(max(0.0, began + seconds - time.monotonic()))
    return {"phase": name, **traffic.figures(), "seconds": time.monotonic() - began, "runs": runs}


def _play() -> list[dict[str, Any]]:
    """Return the play that applies 25 parameters, verifies them, gathers, and reverts them."""
    tasks = [
        {"name": "Apply the profile", "nettune.tcp.sysctl_profile": _PROFILE},
        {
            "name": "Verify it",
            "nettune.tcp.profile_info": {"expect": ["bench"]},
            "register": "verified",
            "failed_when": "verified.drift | length > 0",
        },
        {"name": "Gather TCP facts", "nettune.tcp.tcp_facts": {}},
        {"name": "Revert it", "nettune.tcp.sysctl_profile": {"name": "bench", "state": "absent"}},
    ]
    return [{"name": "Work under load", "hosts": _SERVER, "gather_facts": False, "tasks": tasks}]


def _gather(payloads: dict[str, Payload], watch: Stopwatch, size: Size, python: Path) -> list[dict[str, float]]:
    """Return the processor time of each module in each interval, in which they run at equal distances."""
    rows: list[dict[str, float]] = []
    due = time.monotonic()
    for _interval in range(size.gatherings):
        rows.append({})
        for name, payload in payloads.items():
            time.sleep(max(0.0, due - time.monotonic()))
            rows[-1][name] = watch.run([python, payload.path]).cpu_seconds
            due += size.interval / len(payloads)
    return rows


def _payloads(python: Path, place: Path) -> dict[str, Payload]:
    place.mkdir()
    env = ansible_environment(place)
    return {
        name: kept(
            module, options, ansible=BIN / "ansible", python=python, env=env, into=place / name.replace(" ", "-")
        )
        for name, (module, options) in _GATHERED.items()
    }


def _wait_until_ready(processes: list[subprocess.Popen[str]]) -> None:
    until = time.monotonic() + _SECONDS_TO_OPEN
    for one in processes:
        if _line(one).strip() != "ready" or time.monotonic() > until:
            raise SystemExit("the connections could not be opened")


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise SystemExit("a process of the traffic has ended")
    return line


def _share(number: int, pairs: int, one: int) -> int:
    return number // pairs + (one < number % pairs)


def _sockets(sockstat: str) -> dict[str, int]:
    """Return the sockets in use and in TIME_WAIT."""
    words = next(line for line in sockstat.splitlines() if line.startswith("TCP:")).split()
    return {name: int(words[words.index(name) + 1]) for name in ("inuse", "tw")}


def _described(one: Figures) -> str:
    return (
        f"{one['phase']}, {one['seconds']:.0f} s: {one['opened']} new connections, {one['failed']} failed,"
        f" {one['slow']} answers after more than 1 s, at most {one['longest_ms']:.0f} ms;"
        f" {one['live']} live, {one['lost']} of them failed; runs: {one['runs']}"
    )
