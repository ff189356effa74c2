# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo shows, step by step, and what it claims of each."""

from __future__ import annotations

import time
from typing import Any, Collection, TextIO

from ansible_output import answers, recap, short, task_name, task_results
from ansible_runs import environment, run
from claims import FILES, Moment, claim
from hosts import Host, Lab
from load_runs import Load, put_load, serve
from narration import Narrator, table

STATE = ".cache/demo"
INVENTORY = f"{STATE}/inventory.yml"
REQUESTS = 30000
_PORTS = range(32768, 60999 + 1)
_EARLIER = 27000
_CLIENT = f"client --proxy web1:80 --requests {REQUESTS} --failures 400 --seconds 40".split()
# A machine with little memory would drop connections from TIME_WAIT before the ports run out.
_ROOM_FOR_TIME_WAIT = 131072


class Story:
    """The steps; those of one lab share it, its values before, and the figures of the first load."""

    def __init__(self, narrator: Narrator, log: TextIO, lab: Lab) -> None:
        self._say = narrator
        self._log = log
        self._lab = lab
        self._web = [lab["web1"], lab["web2"]]
        self._env = environment(lab.state)
        self._moments: dict[str, Moment] = {}

    def tell(self) -> None:
        """From the first connection to the last comparison."""
        self._begin()
        before = self._load_before()
        self._facts_before()
        self._plan()
        self._tune()
        self._load_after(before)
        self._facts_after()
        self._again()
        self._revert()

    def _begin(self) -> None:
        self._say.step(
            "Three hosts",
            "web1 is a reverse proxy, web2 its backend, and client is where the users are. Each has a network, an"
            " /etc and a /proc/sys/net of its own; to Ansible they are an ordinary inventory.",
        )
        self._say.command(f"python3 tests/lab/hosts.py up --state {STATE} web1 web2 client")
        for host in self._web:
            host.run("tee", "/proc/sys/net/ipv4/tcp_max_tw_buckets", input=str(_ROOM_FOR_TIME_WAIT))
        serve(self._lab["web2"], "backend", "--port", "8080", log=self._log)
        serve(self._lab["web1"], "proxy", "--port", "80", "--backend", "web2:8080", log=self._log)
        self._moments = {host.name: _moment(host) for host in self._web}
        self._say.done(", ".join(f"{host.name} {host.ipv4}" for host in self._lab.hosts.values()))

    def _load_before(self) -> Load:
        self._say.step(
            "A busy minute, with the kernel's defaults",
            "For each request web1 opens a connection to web2; the port it came from then waits in TIME_WAIT for 60"
            f" seconds. There are {len(_PORTS)} ports, {_PORTS[0]} to {_PORTS[-1]}, so {len(_PORTS) // 60} requests"
            f" a second use up all of them. To save you the minute, {_EARLIER} connections are made at once.",
        )
        ports = f"{_PORTS[0]}-{_PORTS[_EARLIER - 1]}"
        earlier = self._load("web1", "earlier", "--backend", "web2:8080", "--ports", ports)
        claim(earlier.answered == _EARLIER, f"{_EARLIER} connections from web1 to web2 were to be made, but: {earlier}")
        done = self._load("client", *_CLIENT)
        claim(done.failures.get("EADDRNOTAVAIL", 0) > 0, f"web1 was to run out of ports, but: {done}")
        self._say.done(f"{done}: no port is left to reach web2 from, and users get 502 Bad Gateway")
        return done

    def _load_after(self, before: Load) -> None:
        self._say.step("The same requests again", "What waited before still waits; these connections come on top.")
        done = self._load("client", *_CLIENT)
        claim(done.failed == 0 and done.answered == REQUESTS, f"every request was to be answered, but: {done}")
        self._say.done(f"{done}, at {done.answered / done.seconds:.0f} a second; with the defaults it was {before}")

    def _load(self, host: str, *arguments: str) -> Load:
        self._say.command(
            f"python3 tests/lab/hosts.py exec --state {STATE} {host} -- python3 tests/lab/load.py {' '.join(arguments)}"
        )
        return put_load(self._lab[host], *arguments, watch=lambda load: self._say.progress(str(load)), log=self._log)

    def _facts_before(self) -> None:
        facts = self._facts(
            "Ask the kernels", "The tcp_facts module counts through netlink: no ss, no netstat on the hosts."
        )
        waiting = facts["web1"]["states"]["TIME_WAIT"]
        claim(waiting > _EARLIER, f"web1 was to have nearly all its {len(_PORTS)} ports in TIME_WAIT, not {waiting}")
        self._say.done(f"{waiting} of the {len(_PORTS)} ports of web1 are in TIME_WAIT")

    def _facts_after(self) -> None:
        facts = self._facts(
            "Ask the kernels again",
            "There are more ports, and with tcp_tw_reuse one in TIME_WAIT can be taken over after a second.",
        )
        reused = facts["web1"]["counters"]["TcpExt"]["TWRecycled"]
        claim(reused > 0, "web1 was to take over ports in TIME_WAIT, but its counter TWRecycled is 0")
        self._say.done(f"{reused} ports were taken over before their 60 seconds were up")

    def _facts(self, title: str, why: str) -> dict[str, Any]:
        self._say.step(title, why)
        command = f"ansible web -i {INVENTORY} --playbook-dir playbooks -m nettune.tcp.tcp_facts"
        found = answers("\n".join(self._run(*command.split())))
        facts = {host: answer["ansible_facts"]["nettune_tcp"] for host, answer in sorted(found.items())}
        claim(list(facts) == ["web1", "web2"], f"facts of web1 and web2 were to come, not of: {' '.join(facts)}")
        self._say.output(table({host: _figures(fact, facts.values()) for host, fact in facts.items()}))
        return facts

    def _plan(self) -> None:
        self._say.step(
            "The plan",
            "What would change and why, without changing anything; shown for web2. Its port 8080 would be inside the"
            " new range: it is reserved, so that no outgoing connection takes it while the service restarts.",
        )
        self._playbook("tune-web.yml", "--check", "--diff", diffs_only=True)
        self._claim_as_before("check mode")
        self._say.done("values and files of both hosts are as they were, byte for byte")

    def _tune(self) -> None:
        self._say.step(
            "Tune", "The same without --check; table of web2. What was there is journalled on each host first."
        )
        counts = self._playbook("tune-web.yml")
        claim(all(counts[host.name]["changed"] > 0 for host in self._web), f"both hosts were to change: {counts}")
        for host in self._web:
            ports = host.run("cat", "/proc/sys/net/ipv4/ip_local_port_range").stdout.split()
            claim(ports == ["1024", "65535"], f"{host.name} was to use ports 1024 to 65535, not {' to '.join(ports)}")
        self._say.done("in force on both hosts, now and at the next boot")

    def _again(self) -> None:
        self._say.step("Once more", "A second run finds everything in place.")
        counts = self._playbook("tune-web.yml")
        claim(all(counts[host.name]["changed"] == 0 for host in self._web), f"nothing was to change any more: {counts}")
        self._say.done("no change")

    def _revert(self) -> None:
        self._say.step("Take it back", "From the journal: the values that were there before, whatever they were.")
        self._playbook("revert.yml")
        self._claim_as_before("the revert")
        values = sum(len(moment.values) for moment in self._moments.values())
        self._say.done(f"all {values} values under /proc/sys/net and every file of both hosts are as they were")

    def _claim_as_before(self, what: str) -> None:
        for host in self._web:
            differences = self._moments[host.name].differences(_moment(host))
            claim(not differences, f"after {what} {host.name} was to be as before, but: {'; '.join(differences)}")

    def _playbook(self, name: str, *options: str, diffs_only: bool = False) -> dict[str, dict[str, int]]:
        lines = self._run("ansible-playbook", "-i", INVENTORY, f"playbooks/{name}", *options)
        self._say.output("\n".join(short(task_results(lines), of="web2", diffs_only=diffs_only)))
        return recap(lines)

    def _run(self, *command: str) -> list[str]:
        self._say.command(" ".join(command))
        began, doing, lines = time.monotonic(), "Ansible starts", []
        for line in run(command, env=self._env, log=self._log):
            if line is not None:
                lines.append(line)
                doing = task_name(line) or doing
            self._say.progress(f"{doing}, {time.monotonic() - began:.0f} s")
        return lines


def _moment(host: Host) -> Moment:
    return Moment(host.ask("sysctls", "/proc/sys/net"), host.ask("files", *FILES))


def _figures(fact: dict[str, Any], all_facts: Collection[dict[str, Any]]) -> dict[str, int]:
    """One column of the table: the states that any host is in, and how often a port was taken over early."""
    seen = {state: count for state, count in fact["states"].items() if any(one["states"][state] for one in all_facts)}
    return {**seen, "total": fact["total"], "TWRecycled": fact["counters"]["TcpExt"]["TWRecycled"]}
