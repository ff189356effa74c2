# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsers of files that someone else may have written: any text is parsed, or refused with an error of ours."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._common.journal_format import json_document
from ansible_collections.nettune.tcp.plugins.module_utils._formats import (
    boot_commands,
    drop_ins,
    kernel_command_line,
    limits_conf,
    meminfo,
    network_conf,
    pam_stack,
    port_set,
    proc_cgroup,
    proc_modules,
    proc_net,
    proc_net_ports,
    proc_pid,
    rlimit,
    sshd_config,
    sysctl_conf,
    tuned_conf,
    unit_conf,
    unit_name,
)
from ansible_collections.nettune.tcp.plugins.module_utils._formats.limits_conf import Account

hypothesis = pytest.importorskip("hypothesis", reason="hypothesis is not installed for the oldest Python of targets")
st = pytest.importorskip("hypothesis.strategies")
# Not in the checkout, where it keeps what it knows about the code.
pytest.importorskip("hypothesis.configuration").set_hypothesis_home_dir(tempfile.gettempdir())

ACCOUNT = Account("www", 33, 33, {"www": 33})
KEY = unit_conf.UNIT_KEY
PARSERS: dict[str, Callable[[str], Any]] = {
    "cloud_config": boot_commands.names_in_bootcmd,
    "drop_ins": lambda text: (drop_ins.profile_of(text), drop_ins.in_order(["/a", text], [text, f"/a/{text}.conf"])),
    "debian_version": limits_conf.debian_version,
    "json_document": json_document,
    "kernel_command_line": lambda text: (kernel_command_line.parameters(text), kernel_command_line.is_applied(text)),
    "limits_conf": lambda text: limits_conf.session(limits_conf.entries("a", text), ACCOUNT),
    "limits_conf scanned": lambda text: limits_conf.as_scanned(text, (1, 5)),
    "meminfo": meminfo.total,
    "meminfo limit": meminfo.limit,
    "network_conf": lambda text: network_conf.network([("a", text)]),
    "network_conf for the host": lambda text: network_conf.for_host([("a", text)]),
    "pam_stack": lambda text: pam_stack.has_limits("sshd", {"sshd": text, "common": text}),
    "port_set": port_set.parse,
    "proc_cgroup": lambda text: (proc_cgroup.service(text), proc_cgroup.container(text)),
    "proc_modules": proc_modules.loaded,
    "proc_modules lists": lambda text: proc_modules.listed(text.split("\n"), {"nf_conntrack"}),
    "proc_modules name": proc_modules.canonical,
    "proc_net": lambda text: proc_net.parse_section(text, "Tcp"),
    "proc_net_ports": lambda text: proc_net_ports.local_ports(text, states=(10,)),
    "proc_net sockstat": proc_net.parse_sockstat,
    "proc_net stat": proc_net.parse_stat,
    "proc_pid": proc_pid.parse_stat,
    "proc_pid limits": proc_pid.open_files,
    "proc_pid status": lambda text: (proc_pid.ids(text), proc_pid.may_raise_limits(text)),
    "proc_pid uid_map": proc_pid.is_initial_map,
    "rlimit": lambda text: rlimit.bounded_number(
        "".join(filter(str.isdecimal, text.encode("ascii", "ignore").decode()))
    ),
    "sshd_config": lambda text: sshd_config.use_pam("a", lambda _pattern: ["a", "b"], lambda _path: text),
    "sysctl_conf": lambda text: sysctl_conf.assignments("a", text),
    "sysctl_conf name": sysctl_conf.canonical,
    "tuned_conf": lambda text: tuned_conf.settings(tuned_conf.merged([tuned_conf.parse("a", text)])),
    "tuned_conf again": lambda text: list(tuned_conf.assignments("a", text, tuned_conf.parse_main(text))),
    "tuned_conf main": tuned_conf.parse_main,
    "ufw_conf": boot_commands.ufw_file,
    "unit_conf": lambda text: unit_conf.last_assignment([("a", text)], KEY),
    "unit_conf value": unit_conf.parse,
    "unit_name": lambda text: unit_name.drop_in_names(unit_name.service(text)),
}
PIECES = (
    "=", " = ", "\n", "\r\n", "\\\n", "\\", "#", ";", "[", "]", "[Service]\n", "[sysctl]\n", "[main]\n", "[Network]\n",
    "LimitNOFILE=", "IPForward=yes\n", "net.ipv4.ip_forward", "net/ipv4/conf/*", "-", "*", "@", ":", "www", "nofile",
    "soft", "hard", "unlimited", "infinity", "session", "@include common", "include", "substack", "pam_limits.so",
    "Include b\n", "UsePAM no\n", "Match all\n", "include=", "${f:", "}", "bootcmd:\n", "- sysctl -w ", "9" * 5000,
    "0x" + "f" * 5000, "0b1", "1:2", "\0", "\udce9", "é", "\u2028", "\t", "MemTotal:", " kB\n", "Tcp:", "0::/", "{",
    '"', "sysctl.",
)  # fmt: skip  # one table
EXPECTED = (InvalidOption, MalformedInput)


def parse(parser: str, text: str) -> None:
    # A journal is refused by Journal, which catches ValueError.
    expected = (*EXPECTED, ValueError) if parser == "json_document" else EXPECTED
    with suppress(*expected):
        PARSERS[parser](text)


@pytest.mark.long
@pytest.mark.parametrize("parser", sorted(PARSERS))
def test_any_text_is_parsed_or_refused(parser: str) -> None:
    pieces = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=20).map("".join)

    @hypothesis.settings(max_examples=150, deadline=None, database=None, derandomize=True)
    @hypothesis.given(pieces)
    def check(text: str) -> None:
        parse(parser, text)

    check()


@pytest.mark.long
@pytest.mark.parametrize("parser", sorted(PARSERS))
@pytest.mark.parametrize("text", ["9" * 1_000_000, "[" * 100_000, " " * 1_000_000, "a " * 300_000, "\\\n" * 300_000])
def test_long_text_is_parsed_or_refused(parser: str, text: str) -> None:
    parse(parser, text)
