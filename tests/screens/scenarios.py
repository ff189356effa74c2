# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screens that are recorded: a playbook with its options on local test hosts, one after the other."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, NamedTuple

from hosts import Lab
from scripted_process import ScriptedProcess

ONE, TWENTY, DEAD = "web1", "web", "web1,web2,dead1"


class Screen(NamedTuple):
    """A file of docs/screens: the output of a playbook.

    name: of the file. playbook: its name; options: of the command line. code: the exit code that is expected. faults:
    makes a fault on the hosts for the duration of the run. before: changes the hosts before the run.
    """

    name: str
    playbook: str
    options: tuple[str, ...] = ()
    code: int = 0
    faults: Callable[[Lab], Any] | None = None
    before: Callable[[Lab], None] | None = None


@contextmanager
def leak(lab: Lab) -> Iterator[None]:
    """Leave 300 connections of web1 and web2 in CLOSE_WAIT: a server does not close them."""
    started = []
    for name in ("web1", "web2"):
        server, client = ScriptedProcess(lab[name]), ScriptedProcess(lab["web3"])
        started += [server, client]
        server.call("serve", port=8080, behaviour="leak")
        client.call("connect", to=lab[name].ipv4, port=8080, sources={"": 300})
        client.call("close", group="connected")
    try:
        yield
    finally:
        for process in started:
            process.end()


def drift(lab: Lab) -> None:
    """Change a value of web2 and web3 that the profile web has set."""
    for name in ("web2", "web3"):
        lab[name].run("tee", "/proc/sys/net/ipv4/tcp_tw_reuse", input="0")


def shadow(lab: Lab) -> None:
    """Add a file of another tool to web1 that wins at boot."""
    lab["web1"].run("tee", "/etc/sysctl.d/zz-other.conf", input="net.ipv4.tcp_syncookies = 0\n")


def unshadow(lab: Lab) -> None:
    """Remove that file."""
    lab["web1"].run("rm", "/etc/sysctl.d/zz-other.conf")


def screens(directory: str) -> list[Screen]:
    """Return the screens in the order in which they are recorded. directory: has the files that are linted."""

    def option(name: str, value: str) -> tuple[str, str]:
        return "-e", f"{name}={value}"

    def target(hosts: str) -> tuple[str, str]:
        return option("target", hosts)

    lint_file = option("nettune_file", f"{directory}/99-tuning.conf")
    return [
        Screen("facts-one-host", "facts", target(ONE)),
        Screen("facts-twenty-hosts", "facts", target(TWENTY)),
        Screen("facts-dead-host", "facts", target(DEAD), code=4),
        Screen("facts-help", "facts", option("nettune_help", "true")),
        Screen("facts-no-such-host", "facts", target("wep"), code=2),
        Screen("facts-misspelt-option", "facts", (*target(ONE), *option("nettune_smaple", "5")), code=2),
        Screen("facts-renamed-option", "facts", (*target(ONE), *option("tcp_sample", "5")), code=2),
        Screen("diagnose-one-host", "diagnose", (*target(ONE), *option("nettune_sample", "1"))),
        Screen("diagnose-twenty-hosts", "diagnose", (*target(TWENTY), *option("nettune_sample", "1"))),
        Screen("diagnose-findings", "diagnose", (*target(TWENTY), *option("nettune_sample", "1")), faults=leak),
        Screen(
            "query-table", "query", (*target("web1,web2"), *option("nettune_query", "hosts[].{host:host,total:total}"))
        ),
        Screen("query-invalid", "query", (*target(ONE), *option("nettune_query", "hosts[")), code=2),
        Screen("verify-no-profile", "verify", target(ONE), code=2),
        Screen("tune-web-check", "tune_web", (*target(ONE), "--check")),
        Screen("tune-web-twenty-hosts-check", "tune_web", (*target(TWENTY), "--check")),
        Screen(
            "tune-web-refused",
            "tune_web",
            (*target(ONE), "-e", '{"tuning_settings": {"net.ipv4.tcp_fin_timeout": "fast"}}'),
            code=2,
        ),
        Screen("tune-web-misspelt", "tune_web", (*target(ONE), *option("web_nofil", "9000")), code=2),
        Screen("tune-web-until-reboot", "tune_web", (*target("web4"), *option("tuning_persistent", "false"))),
        Screen("tune-web-one-host", "tune_web", target(ONE)),
        Screen("tune-web-again", "tune_web", target(ONE)),
        Screen("tune-web-twenty-hosts", "tune_web", target("web[0:2],web[4:19]")),
        Screen("tune-web-dead-host", "tune_web", target(DEAD), code=4),
        Screen("verify-twenty-hosts", "verify", target("web:!web4")),
        Screen("verify-drift", "verify", target("web:!web4"), code=2, before=drift),
        Screen("tune-web-shadowed", "tune_web", target(ONE), code=2, before=shadow),
        Screen("revert-without-target", "revert", code=2, before=unshadow),
        Screen("revert-one-host-check", "revert", (*target(ONE), "--check")),
        Screen("revert-twenty-hosts", "revert", target(TWENTY)),
        Screen("revert-nothing", "revert", target(ONE)),
        Screen("lint-file", "lint", lint_file, code=2),
        Screen("lint-hosts", "lint", (*lint_file, *target("web1,web2")), code=2),
        Screen(
            "watch-two-hosts",
            "watch",
            (*target("web1,web2"), *option("nettune_interval", "1"), *option("nettune_count", "3")),
        ),
        Screen(
            "trial-one-host",
            "trial",
            (
                *target(ONE),
                *option("nettune_trial_key", "net.ipv4.tcp_fin_timeout"),
                *option("nettune_trial_candidates", "30,60"),
                *option("nettune_trial_minimise", "states.FIN_WAIT2"),
                *option("nettune_trial_settle", "0.5"),
                *option("nettune_trial_window", "3"),
                *option("nettune_trial_interval", "0.5"),
            ),
        ),
    ]


LINTED = """\
# for busy web servers
net.ipv4.tcp_tw_recycle = 1
net.ipv4.tcp_fin_timeout = 15
net.core.somaxcon = 4096
net.ipv4.tcp_mem = 786432 1048576 1572864000
net.ipv4.ip_local_port_range = 1024 65535
"""
