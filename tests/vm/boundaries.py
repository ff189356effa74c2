# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the bounds of the catalogue with those that a kernel enforces, by writing the boundary of each key.

The lowest and the highest number of a row, the two next to them, and those that every kernel of the version accepts are
written on a machine, read back, and replaced by the old value. `sysctl_profile` and the linter read the same rows; both
are asked about each number.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Iterable, Iterator, Mapping, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, value
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.engine import lint
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import INVALID, OK

from .machine import Machine

# {path below /proc/sys: {value: what was read back, or "error NAME"}}
Outcomes = Mapping[str, Mapping[str, str]]

_WRITE = Path(__file__).parent / "write_values.py"
_LIST = "cd /proc/sys && find . -type f -perm /222 -printf '%P\\n'"
# Modules that bring keys, if the kernel has them.
_MODULES = ("nf_conntrack", "br_netfilter", "nf_flow_table")

# Keys that are not written, and why.
DANGEROUS = {
    "kernel.pid_max": "with too few, nothing can start",
    "kernel.threads-max": "with too few, nothing can start",
    "net.ipv4.ip_forward": "a write resets parameters of every interface",
    "net.netfilter.nf_conntrack_buckets": "the table is allocated at once",
    "vm.min_free_kbytes": "the highest takes all memory",
    "vm.nr_hugepages": "the highest takes all memory",
    "vm.overcommit_memory": "allocations of other processes fail meanwhile",
}
# Keys of which a bound depends on the machine or on another key, so the row is wider than what one machine accepts.
DEPENDENT = {
    "fs.pipe-max-size": "rounded to a power of two",
    "kernel.sem": "each of the four numbers has bounds of its own",
    "net.core.netdev_budget_usecs": "two ticks, whose length is a choice of the kernel's builder",
    "net.core.rps_sock_flow_entries": "the table is allocated at once",
    "net.ipv4.ip_local_port_range": "it must be above ip_unprivileged_port_start",
    "net.ipv4.ip_unprivileged_port_start": "it must be below ip_local_port_range",
    "net.ipv4.ipfrag_high_thresh": "it must be above ipfrag_low_thresh",
    "net.ipv4.ipfrag_low_thresh": "it must be below ipfrag_high_thresh",
    "net.ipv4.neigh.default.unres_qlen": "packets are stored as bytes, by the size of a page",
    "net.ipv4.tcp_reordering": "it must be at most tcp_max_reordering",
    "net.ipv6.ip6frag_high_thresh": "it must be above ip6frag_low_thresh",
    "net.ipv6.ip6frag_low_thresh": "it must be below ip6frag_high_thresh",
    "net.ipv6.neigh.default.unres_qlen": "packets are stored as bytes, by the size of a page",
    "net.netfilter.nf_conntrack_frag6_high_thresh": "it must be above nf_conntrack_frag6_low_thresh",
    "net.netfilter.nf_conntrack_frag6_low_thresh": "it must be below nf_conntrack_frag6_high_thresh",
}


class Disagreement(NamedTuple):
    key: str
    written: str
    kernel: str
    collection: str

    def __str__(self) -> str:
        return f"{self.key} = {self.written}: the kernel: {self.kernel}; {self.collection}"


def name_of(path: str) -> str:
    """Return the canonical name of a path below /proc/sys: dots of an interface become slashes.

    >>> name_of("net/ipv4/conf/eth0.100/rp_filter")
    'net.ipv4.conf.eth0/100.rp_filter'
    """
    return path.translate(str.maketrans("/.", "./"))


def probes(paths: Iterable[str], release: str) -> dict[str, list[str]]:
    """Return {path below /proc/sys: the values to write}. Of interfaces, only `default` is written."""
    found = {}
    for path in paths:
        name = name_of(path)
        row = catalogue.find(name)
        other = any(part in path for part in ("/conf/", "/neigh/")) and "/default/" not in path
        if row is None or other or name in DANGEROUS or not row.writable or row.kind not in value.NUMERIC:
            continue
        here = row.on(release)
        if here.low is not None and here.high is not None:
            numbers = {here.low - 1, here.low, here.high, here.high + 1, *(here.sure or ())}
            found[path] = [" ".join([str(number)] * row.count) for number in sorted(numbers)]
    return found


def disagreements(outcomes: Outcomes, release: str) -> Iterator[Disagreement]:
    """Yield where the kernel's outcome differs from what sysctl_profile and the linter say."""
    for path, tried in outcomes.items():
        name = name_of(path)
        row = catalogue.find(name)
        assert row is not None, name
        # Without a value, the outcome is that of the whole key: it could not be read, or its old value not written.
        for written, outcome in ((text, tried[text]) for text in tried if text):
            said = verdicts(row.on(release), written, release)
            accepted = not outcome.startswith("error") and value.may_become(row, written, outcome)
            if accepted and said["sysctl_profile"] is False:
                yield Disagreement(name, written, outcome, "sysctl_profile refuses it")
            if accepted and said["sysctl_lint"] is False:
                yield Disagreement(name, written, outcome, "sysctl_lint calls it invalid")
            if not accepted and True in said.values() and name not in DEPENDENT:
                sure = ", ".join(sorted(who for who, verdict in said.items() if verdict))
                yield Disagreement(name, written, outcome, f"{sure}: no doubt about it")


def verdicts(row: Parameter, written: str, release: str) -> dict[str, bool | None]:
    """Return what each says of a value: accepted, refused, or None if only some kernels of the version accept it."""
    number = int(written.split()[0])
    unsure = None if not row.is_sure(number) else True
    try:
        value.requested(row, written)
        profile = unsure
    except InvalidOption:
        profile = False
    (finding,) = lint(f"{row.name} = {written}", kernel=release)
    # Other verdicts, such as "no_effect", say nothing about what the kernel accepts.
    linter = {INVALID: False, OK: unsure}.get(finding["verdict"])
    return {"sysctl_profile": profile, "sysctl_lint": linter}


def written(machine: Machine) -> tuple[str, Outcomes]:
    """Write the boundaries on a machine; return the release of its kernel, and {path: {value: outcome}}."""
    machine.run("; ".join(f"modprobe -q {name} || true" for name in _MODULES))
    release = machine.run("uname -r").strip()
    asked = probes(machine.run(_LIST).split(), release)
    script = f"python3 -c {shlex.quote(_WRITE.read_text())}"
    return release, json.loads(machine.run(script, text=json.dumps(asked)))
