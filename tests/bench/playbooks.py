# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure whole playbook runs in turns: a profile in one run against one run per key, and facts of a fleet."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, Callable

from tests.gate.places import CACHE

from .compared_programs import SS
from .fleet.hosts import Fleet
from .measure import Stopwatch

# 25 parameters whose values differ from those of a new network namespace.
PROFILE = {
    "net.core.somaxconn": "8192",
    "net.ipv4.ip_local_port_range": "1024 65535",
    "net.ipv4.ip_local_reserved_ports": "7005,8001-8100",
    "net.ipv4.tcp_adv_win_scale": "2",
    "net.ipv4.tcp_base_mss": "1200",
    "net.ipv4.tcp_ecn": "1",
    "net.ipv4.tcp_fastopen": "3",
    "net.ipv4.tcp_fin_timeout": "30",
    "net.ipv4.tcp_keepalive_intvl": "15",
    "net.ipv4.tcp_keepalive_probes": "3",
    "net.ipv4.tcp_keepalive_time": "1200",
    "net.ipv4.tcp_max_syn_backlog": "16384",
    "net.ipv4.tcp_max_tw_buckets": "600000",
    "net.ipv4.tcp_mtu_probing": "1",
    "net.ipv4.tcp_no_metrics_save": "1",
    "net.ipv4.tcp_notsent_lowat": "131072",
    "net.ipv4.tcp_orphan_retries": "3",
    "net.ipv4.tcp_retries2": "8",
    "net.ipv4.tcp_rfc1337": "1",
    "net.ipv4.tcp_rmem": "4096 131072 8388608",
    "net.ipv4.tcp_slow_start_after_idle": "0",
    "net.ipv4.tcp_syn_retries": "4",
    "net.ipv4.tcp_synack_retries": "3",
    "net.ipv4.tcp_tw_reuse": "1",
    "net.ipv4.tcp_wmem": "4096 65536 8388608",
}
_THEIR_FILE = "/etc/sysctl.d/90-bench.conf"
_FILES = ("/etc/sysctl.d/99-zz-nettune-bench.conf", _THEIR_FILE, "/var/lib/nettune")
_THEIR_MODULE = CACHE / "bench" / "collections" / "ansible_collections" / "ansible" / "posix"
_SHORT_RUNS = 3
# Prints the values of the keys as JSON; with wanted values it first writes them and removes the files.
_VALUES = """\
import json, shutil, sys, os
keys, wanted = json.loads(sys.argv[1]), json.loads(sys.argv[2])
path = lambda key: "/proc/sys/" + key.replace(".", "/")
if wanted:
    for file in sys.argv[3:]:
        shutil.rmtree(file, ignore_errors=True) if os.path.isdir(file) else os.path.exists(file) and os.unlink(file)
    for key, value in wanted.items():
        open(path(key), "w").write(value + "\\n")
print(json.dumps({key: " ".join(open(path(key)).read().split()) for key in keys}))
"""
Play = list[dict[str, Any]]


def has_their_module() -> bool:
    """Return whether ansible.posix is installed."""
    return _THEIR_MODULE.exists()


def _play(*tasks: dict[str, Any], **variables: Any) -> Play:
    return [{"name": "Benchmark", "hosts": "web", "gather_facts": False, "vars": variables, "tasks": list(tasks)}]


def _one_run() -> Play:
    """Return the play that sets all parameters in one run of sysctl_profile."""
    options = {"name": "bench", "settings": PROFILE}
    return _play({"name": "Set the profile", "nettune.tcp.sysctl_profile": options})


def _loop() -> Play:
    """Return the play that loops over ansible.posix.sysctl, with its other options at their defaults."""
    options = {"name": "{{ item.key }}", "value": "{{ item.value }}", "sysctl_file": _THEIR_FILE}
    task = {"name": "Set a parameter", "ansible.posix.sysctl": options, "loop": "{{ settings | dict2items }}"}
    return _play(task, settings=PROFILE)


def _tasks() -> Play:
    """Return the play with one task of ansible.posix.sysctl per parameter."""
    options = [{"name": key, "value": value, "sysctl_file": _THEIR_FILE} for key, value in PROFILE.items()]
    return _play(*({"name": f"Set {one['name']}", "ansible.posix.sysctl": one} for one in options))


def _gathering() -> dict[str, Play]:
    """Return plays of one task each: a trivial module, the TCP facts, and the usual pipeline."""
    return {
        "ping": _play({"name": "Do nothing", "ansible.builtin.ping": {}}),
        "tcp_facts": _play({"name": "Gather TCP facts", "nettune.tcp.tcp_facts": {}}),
        "ss": _play({"name": "Count sockets", "ansible.builtin.shell": SS, "changed_when": False}),
    }


class WrongResult(Exception):
    """A run had the wrong result; its duration must not be used."""


class ProfileRuns:
    """All ways to set the profile on a fleet, each from the same state: a changing run, and a second run."""

    def __init__(self, fleet: Fleet, stopwatch: Stopwatch) -> None:
        self._fleet = fleet
        self._stopwatch = stopwatch
        self._original = self._values()[0]

    def round(self) -> dict[str, float]:
        """Return the seconds of each way, of its second run (`again`), and of `nothing`, a play of a trivial task.

        Short runs are made three times for their median, because noise weighs more in them.
        """
        plays = {"ours": _one_run(), "loop": _loop()}
        if len(self._fleet.names) == 1:  # on a fleet it takes minutes and shows the same
            plays["tasks"] = _tasks()
        row = {"nothing": median(self._seconds(_gathering()["ping"]) for _time in range(_SHORT_RUNS))}
        for name, play in plays.items():
            pairs = [self._pair(name, play) for _time in range(_SHORT_RUNS if name == "ours" else 1)]
            row[name], row[f"{name} again"] = map(median, zip(*pairs))
        self._values(self._original)
        return row

    def _pair(self, name: str, play: Play) -> tuple[float, float]:
        """Return the seconds of a run from the original state, and of a second run."""
        self._values(self._original)
        changing = self._seconds(play, name, changed=len(PROFILE) if name == "tasks" else 1)
        return changing, self._seconds(play, f"{name} again", changed=0)

    def _seconds(self, play: Play, name: str = "", *, changed: int = 0) -> float:
        """Return the duration of a play; if it has a name, check its values and its number of changes."""
        done = self._stopwatch.run(self._fleet.command(play), seconds=1800)
        if name and any(values != PROFILE for values in self._values()):
            raise WrongResult(f"{name} left other values than those of the profile")
        reported = done.output.count(f" changed={changed} ")
        if name and reported != len(self._fleet.names):
            raise WrongResult(f"{name}: {reported} of {len(self._fleet.names)} hosts reported changed={changed}")
        return done.seconds

    def _values(self, wanted: dict[str, str] | None = None) -> list[dict[str, str]]:
        """Return the values of the parameters on each host, after restoring the `wanted` ones."""
        arguments = [json.dumps(list(PROFILE)), json.dumps(wanted or {}), *_FILES]
        return [json.loads(line) for line in self._fleet.each("/usr/bin/python3", "-I", "-c", _VALUES, *arguments)]


def profile_rounds(
    hosts: int, *, ssh: bool, pipelining: bool, rounds: int, stopwatch: Path, say: Callable[[str], None]
) -> list[dict[str, float]]:
    """Return {way: seconds} of each round."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="nb-") as directory, Fleet(
        hosts, ssh=ssh, state=Path(directory), pipelining=pipelining
    ) as fleet:
        runs = ProfileRuns(fleet, Stopwatch(stopwatch))
        for _round in range(rounds):
            rows.append(runs.round())
            say(_line(rows))
    return rows


def gathering_rounds(hosts: int, *, rounds: int, stopwatch: Path, say: Callable[[str], None]) -> list[dict[str, float]]:
    """Return {task: seconds} of each round: plays of one task by ssh."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="nb-") as state, Fleet(hosts, ssh=True, state=Path(state)) as fleet:
        watch = Stopwatch(stopwatch)
        for _round in range(rounds):
            rows.append({name: watch.run(fleet.command(play)).seconds for name, play in _gathering().items()})
            say(_line(rows))
    return rows


def _line(rows: list[dict[str, float]]) -> str:
    return f"  round {len(rows)}: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in rows[-1].items())
