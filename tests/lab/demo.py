# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make demo`: a guided tour of tuning two web servers, on local test hosts.

Every statement marked with ✓ is checked before it is printed; if one is not true, the demo ends with exit code 1.

    demo.py --installed DIRECTORY    with the collection that is installed there, not with this checkout
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TextIO

from ansible_run import Ansible, changes, summary
from hosts import Host, Lab
from machine import FILES, Snapshot
from scripted_process import ScriptedProcess
from terminal import Terminal, table

_ROOT = Path(__file__).resolve().parents[2]
_LOG = Path(".cache/logs/demo.log")
_STATE = ".cache/demo"
_INVENTORY = f"{_STATE}/inventory.yml"
_EARLIER, _REQUESTS, _MOST_FAILURES = 27000, 5000, 400
# Its default depends on the memory; with little of it the kernel would destroy sockets in TIME_WAIT.
_TIME_WAIT_LIMIT = "131072"


class Tour:
    """The steps of the demo, to be run in order on the hosts of one lab."""

    def __init__(self, terminal: Terminal, log: TextIO, installed: str = "") -> None:
        self._terminal = terminal
        self._installed = installed
        self._log = log

    def run(self) -> None:
        """Run all steps. The hosts are removed at the end, also after an error."""
        with Lab(["web1", "web2", "client"], state=_STATE) as self._lab:
            self._ansible = Ansible(self._lab, self._log, self._terminal.progress, self._installed)
            self._web = [self._lab["web1"], self._lab["web2"]]
            self._start()
            self._load_before()
            self._facts()
            self._plan()
            self._apply()
            self._load_after()
            self._apply_again()
            self._revert()

    def _start(self) -> None:
        self._terminal.step(
            "Create three local test hosts",
            "client sends requests to web1, a reverse proxy, which passes them on to web2. Each host has its own"
            " network, /etc and /proc/sys/net.",
        )
        self._terminal.command(f"python3 tests/lab/hosts.py up --state {_STATE} web1 web2 client")
        for host in self._web:
            host.run("tee", "/proc/sys/net/ipv4/tcp_max_tw_buckets", input=_TIME_WAIT_LIMIT)
        self._before = {host: _snapshot(host) for host in self._web}
        backend, proxy, self._client = (ScriptedProcess(self._lab[name]) for name in ("web2", "web1", "client"))
        self._backend = {"to": self._lab["web2"].ipv4, "port": 8080}
        backend.call("serve", port=8080, behaviour="answer")
        proxy.call("serve", port=80, behaviour="proxy", options=self._backend)
        answers = self._request(1)
        addresses = ", ".join(f"{host.name} {host.ipv4}" for host in self._lab.hosts.values())
        self._terminal.check(answers == {"200 OK": 1}, f"a first request succeeded; {addresses}", answers)

    def _load_before(self) -> None:
        first, last = _port_range(self._lab["web1"])
        self._ports = last - first + 1
        self._terminal.step(
            "Load them with the kernel's defaults",
            f"For each request web1 connects to web2; the local port then stays in TIME_WAIT for 60 s. With"
            f" {self._ports} ports that is enough for {self._ports // 60} requests a second. {_EARLIER} connections are"
            " made at once, to save that minute.",
        )
        self._load_began = time.monotonic()
        answers = self._load()
        failed = answers.get("502 EADDRNOTAVAIL", 0)
        statement = f"after {answers.get('200 OK')} requests no port was left: {failed} times 502 (EADDRNOTAVAIL)"
        self._terminal.check(failed > 0, statement, f"{answers}\n{self._age()}")

    def _load_after(self) -> None:
        self._terminal.step("Load them again", "The same load, with the tuned kernel parameters.")
        answers = self._load()
        self._terminal.check(answers == {"200 OK": _REQUESTS}, f"all {_REQUESTS} requests succeeded", answers)

    def _load(self) -> dict[str, int]:
        """Use up ports of web1, then send requests; return {answer: number}."""
        self._terminal.progress(f"making {_EARLIER} connections")
        earlier = ScriptedProcess(self._lab["web1"])
        earlier.call("use_ports", first=_port_range(self._lab["web1"])[0], number=_EARLIER, **self._backend)
        earlier.end()
        return self._request(_REQUESTS)

    def _facts(self) -> None:
        self._terminal.step("Gather TCP facts", "The module counts sockets through netlink, without ss or netstat.")
        self._terminal.command(f"ansible web -i {_INVENTORY} --playbook-dir playbooks -m nettune.tcp.tcp_facts")
        answers = self._ansible.module(["web1", "web2"], "nettune.tcp.tcp_facts")
        states = {name: answer["ansible_facts"]["nettune_tcp"]["states"] for name, answer in sorted(answers.items())}
        self._terminal.output(*table(states))
        waiting = states["web1"]["TIME_WAIT"]
        statement = f"{waiting} of the {self._ports} ports of web1 are in TIME_WAIT"
        self._terminal.check(_EARLIER < waiting <= self._ports, statement, f"{waiting}\n{self._age()}")

    def _age(self) -> str:
        seconds = time.monotonic() - self._load_began
        return f"The load began {seconds:.0f} s ago; if that is more than 60 s, this machine is too busy for the demo."

    def _plan(self) -> None:
        self._terminal.step(
            "Show the plan",
            "The changes that would be made, shown for web2. Its port 8080 is inside the new port range, so it becomes"
            " a reserved port.",
        )
        self._playbook("tune_web.yml", "--check", "--diff", in_check_mode=True)
        self._check_as_before("nothing changed on web1 and web2")

    def _apply(self) -> None:
        self._terminal.step("Apply", "Original values are saved in a journal on each host first.")
        changed = self._playbook("tune_web.yml")
        ranges = [_port_range(host) for host in self._web]
        statement = "both hosts changed; outgoing connections now use ports 1024 to 65535"
        self._terminal.check(all(changed) and ranges == [(1024, 65535)] * 2, statement, (changed, ranges))

    def _apply_again(self) -> None:
        self._terminal.step("Apply again", "A second run finds no drift.")
        changed = self._playbook("tune_web.yml")
        self._terminal.check(not any(changed), "no change", changed)

    def _revert(self) -> None:
        self._terminal.step("Revert", "The journal has the original values.")
        self._playbook("revert.yml", "-e", "target=web")
        values = sum(len(snapshot.values) for snapshot in self._before.values())
        self._check_as_before(f"all {values} values and every file of web1 and web2 are as before")

    def _request(self, number: int) -> dict[str, int]:
        """Send requests from the client to the proxy; return {answer: number}."""
        self._terminal.progress(f"sending {number} requests")
        proxy = self._lab["web1"].ipv4
        return self._client.call("request", to=proxy, port=80, number=number, most_failures=_MOST_FAILURES)

    def _check_as_before(self, statement: str) -> None:
        differences = [line for host in self._web for line in self._before[host].differences(_snapshot(host))]
        self._terminal.check(not differences, statement, "\n".join(differences))

    def _playbook(self, name: str, *options: str, in_check_mode: bool = False) -> list[int]:
        """Run a playbook, show its results on web2, and return how many tasks changed each web server."""
        playbook = f"nettune.tcp.{Path(name).stem}" if self._installed else f"playbooks/{name}"
        self._terminal.command(" ".join(["ansible-playbook", "-i", _INVENTORY, playbook, *options]))
        results = self._ansible.playbook(playbook, *options)
        changed = "would change" if in_check_mode else "changed"
        self._terminal.output(*summary(results, host="web2", diffs_only=in_check_mode, changed=changed))
        return [changes(results, host.name) for host in self._web]


def _snapshot(host: Host) -> Snapshot:
    return Snapshot(host.ask("sysctls", "/proc/sys/net"), host.ask("files", *FILES))


def _port_range(host: Host) -> tuple[int, ...]:
    return tuple(map(int, host.run("cat", "/proc/sys/net/ipv4/ip_local_port_range").stdout.split()))


def main() -> int:
    """Run the demo from the top of the checkout, so that the commands shown work there."""
    parser = argparse.ArgumentParser(description="A guided tour on local test hosts.")
    parser.add_argument("--installed", metavar="DIRECTORY", type=os.path.abspath, help="collections to use")
    installed = parser.parse_args().installed or ""
    os.chdir(_ROOT)
    terminal, began = Terminal(), time.monotonic()
    terminal.title("nettune.tcp: tune two web servers")
    _LOG.parent.mkdir(parents=True, exist_ok=True)
    with _LOG.open("w", encoding="utf-8") as log:
        code = terminal.run(Tour(terminal, log, installed).run)
    if code == 0:
        terminal.close(
            f"Done in {time.monotonic() - began:.0f} s; all output of Ansible is in {_LOG}. For your own hosts, with an"
            " inventory that has a group `web` (or -e target=GROUP):",
            "$ . .cache/venv/bin/activate",
            "$ ansible-playbook -i inventory playbooks/tune_web.yml --check --diff   # show the plan",
            "$ ansible-playbook -i inventory playbooks/tune_web.yml                  # apply",
            "$ ansible-playbook -i inventory playbooks/revert.yml -e target=web      # revert",
        )
    return code


if __name__ == "__main__":
    sys.exit(main())
