# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screens that are recorded: a playbook with its options on local test hosts, one after the other."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator, NamedTuple

from hosts import Lab
from scripted_process import ScriptedProcess

_PLAYBOOKS = sorted(path.stem for path in Path(__file__).parents[2].glob("playbooks/*.yml"))
ONE, TWENTY, DEAD = "web1", "web", "web1,web2,dead1"


class Screen(NamedTuple):
    """A file of docs/screens: the output of a playbook.

    name: of the file. playbook: its name; options: of the command line. code: the exit code that is expected. faults:
    makes a fault on the hosts for the duration of the run. before: changes the hosts before the run. callback: prints
    the output.
    """

    name: str
    playbook: str
    options: tuple[str, ...] = ()
    code: int = 0
    faults: Callable[[Lab], Any] | None = None
    before: Callable[[Lab], None] | None = None
    callback: str = "default"

    @property
    def changes_hosts(self) -> bool:
        """Whether the screens after this one show what it has changed."""
        changes = self.playbook in ("revert", "trial") or self.playbook.startswith("tune_")
        return self.before is not None or (changes and "--check" not in self.options)


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


@contextmanager
def old_files(lab: Lab) -> Iterator[None]:
    """Put a settings file of someone else on web1 and web2."""
    path = "/etc/sysctl.d/90-old.conf"
    for name in ("web1", "web2"):
        lab[name].run("tee", path, input=LINTED)
    try:
        yield
    finally:
        for name in ("web1", "web2"):
            lab[name].run("rm", path)


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


def _option(name: str, value: str) -> tuple[str, str]:
    return "-e", f"{name}={value}"


def _target(hosts: str) -> tuple[str, str]:
    return _option("target", hosts)


def screens(directory: str) -> list[Screen]:
    """Return the screens in the order in which they are recorded. directory: has the files that are linted."""
    return [*_help(), *_read_only(), *_adopt(), *_profiles(), *_lint(directory), *_watch(), *_trial()]


def _help() -> list[Screen]:
    wanted = _option("nettune_help", "true")
    # Those with a dash are other names for the same playbooks.
    names = [name for name in _PLAYBOOKS if "-" not in name]
    return [Screen(f"{name.replace('_', '-')}-help", name, wanted) for name in names]


def _read_only() -> list[Screen]:
    """Return the screens of the playbooks facts, diagnose and query."""
    second = _option("nettune_sample", "1")
    totals = _option("nettune_query", "hosts[].{host:host,total:total}")
    return [
        Screen("facts-one-host", "facts", _target(ONE)),
        Screen("facts-twenty-hosts", "facts", _target(TWENTY)),
        Screen("facts-dead-host", "facts", _target(DEAD), code=4),
        Screen("facts-no-such-host", "facts", _target("wep"), code=2),
        Screen("facts-misspelt-option", "facts", (*_target(ONE), *_option("nettune_smaple", "5")), code=2),
        Screen("facts-renamed-option", "facts", (*_target(ONE), *_option("tcp_sample", "5")), code=2),
        Screen("facts-minimal", "facts", _target("web1,web2"), callback="minimal"),
        Screen("facts-verbose", "facts", (*_target("web1,web2"), "-v")),
        Screen("diagnose-one-host", "diagnose", (*_target(ONE), *second)),
        Screen("diagnose-twenty-hosts", "diagnose", (*_target(TWENTY), *second)),
        Screen("diagnose-dead-host", "diagnose", (*_target(DEAD), *second), code=4),
        Screen("diagnose-findings", "diagnose", (*_target(TWENTY), *second), faults=leak),
        Screen(
            "diagnose-fail-on",
            "diagnose",
            (*_target("web1,web3"), *second, *_option("nettune_fail_on", "warning")),
            code=2,
            faults=leak,
        ),
        Screen("report-twenty-hosts", "report", (*_target(TWENTY), *second), faults=leak),
        Screen("report-dead-host", "report", (*_target(DEAD), *second), code=4),
        Screen("record-dead-host", "record", (*_target(DEAD), *second), code=4),
        Screen("diagnose-recording", "diagnose", _option("nettune_from", "nettune-recording.json.gz")),
        Screen("record-anonymous", "record", (*_target(ONE), *second, *_option("nettune_anonymise", "true"))),
        Screen("query-table", "query", (*_target("web1,web2"), *totals)),
        Screen("query-json", "query", (*_target("web1,web2"), *totals, *_option("nettune_format", "json"))),
        Screen(
            "metrics-twenty-hosts",
            "metrics",
            (
                *_target(TWENTY),
                *_option("nettune_sample", "0"),
                *_option("nettune_textfile_directory", "/run"),
                "--check",
            ),
        ),
        Screen("metrics-dead-host", "metrics", (*_target(DEAD), *_option("nettune_sample", "0")), code=4),
        Screen("query-invalid", "query", (*_target(ONE), *_option("nettune_query", "hosts[")), code=2),
    ]


def _profiles() -> list[Screen]:
    """Return the screens of the playbooks tune_web, verify and revert."""
    not_a_number = '{"tuning_settings": {"net.ipv4.tcp_fin_timeout": "fast"}}'
    hazard = '{"tuning_settings": {"net.ipv4.tcp_max_tw_buckets": 1000}}'
    batches = (*_target(TWENTY), *_option("nettune_serial", "1,10%,50%"))
    sick = (*_option("tuning_health_command", "/bin/false"), *_option("tuning_confirm_within", "30"))
    until_reboot = _option("tuning_persistent", "false")
    return [
        Screen("verify-no-profile", "verify", _target(ONE), code=2),
        Screen("tune-web-check", "tune_web", (*_target(ONE), "--check")),
        Screen("tune-web-twenty-hosts-check", "tune_web", (*_target(TWENTY), "--check")),
        Screen("tune-web-rollout-check", "tune_web", (*batches, "--check")),
        Screen("tune-web-rollout-sick", "tune_web", (*batches, *sick), code=2),
        Screen("tune-web-refused", "tune_web", (*_target(ONE), "-e", not_a_number), code=2),
        Screen("tune-web-hazard", "tune_web", (*_target(ONE), "-e", hazard), code=2),
        Screen("tune-web-misspelt", "tune_web", (*_target(ONE), *_option("web_nofil", "9000")), code=2),
        Screen("tune-web-until-reboot", "tune_web", (*_target("web4"), *until_reboot)),
        Screen("tune-web-one-host", "tune_web", _target(ONE)),
        Screen("tune-web-again", "tune_web", _target(ONE)),
        Screen("tune-web-verbose", "tune_web", (*_target("web2"), "-v")),
        Screen("tune-web-twenty-hosts", "tune_web", _target("web[0:2],web[4:19]")),
        Screen("tune-web-dead-host", "tune_web", _target(DEAD), code=4),
        Screen("verify-one-host", "verify", _target(ONE)),
        Screen("verify-twenty-hosts", "verify", _target("web:!web4")),
        Screen("verify-wrong-profile", "verify", (*_target(ONE), *_option("nettune_profile", "wep")), code=2),
        Screen("verify-drift", "verify", _target("web:!web4"), code=2, before=drift),
        Screen("tune-web-shadowed", "tune_web", _target(ONE), code=2, before=shadow),
        Screen("revert-without-target", "revert", code=4, before=unshadow),
        Screen("revert-wrong-profile", "revert", (*_target(ONE), *_option("nettune_profile", "wep")), code=2),
        Screen("revert-one-host-check", "revert", (*_target(ONE), "--check")),
        Screen("revert-twenty-hosts", "revert", _target(TWENTY)),
        Screen("revert-nothing", "revert", _target(ONE)),
    ]


def _lint(directory: str) -> list[Screen]:
    file = _option("nettune_file", f"{directory}/99-tuning.conf")
    return [
        Screen("lint-file", "lint", file, code=2),
        Screen("lint-one-host", "lint", (*file, *_target(ONE)), code=2),
        Screen("lint-twenty-hosts", "lint", (*file, *_target(TWENTY)), code=2),
    ]


def _adopt() -> list[Screen]:
    """Return the screens of adopt, which never overwrites a file."""
    web = _option("nettune_profile", "web")
    return [
        Screen("adopt-one-host", "adopt", _target(ONE), faults=old_files),
        Screen("adopt-again", "adopt", _target(ONE), code=2),
        Screen(
            "adopt-twenty-hosts",
            "adopt",
            (*_target(TWENTY), *web, *_option("nettune_output", "web.yml")),
            faults=old_files,
        ),
        Screen("adopt-dead-host", "adopt", (*_target(DEAD), *_option("nettune_output", "dead.yml")), code=4),
    ]


def _watch() -> list[Screen]:
    options = (*_option("nettune_interval", "1"), *_option("nettune_count", "3"))
    return [Screen("watch-two-hosts", "watch", (*_target("web1,web2"), *options))]


def _trial() -> list[Screen]:
    values = {
        "key": "net.ipv4.tcp_fin_timeout",
        "candidates": "30,60",
        "minimise": "states.FIN_WAIT2",
        "settle": "0.5",
        "window": "3",
        "interval": "0.5",
    }
    options = [word for name, value in values.items() for word in _option(f"nettune_trial_{name}", value)]
    return [
        Screen("trial-one-host", "trial", (*_target(ONE), *options)),
        Screen("trial-two-hosts", "trial", (*_target("web1,web2"), *options)),
    ]


LINTED = """\
# for busy web servers
net.ipv4.tcp_tw_recycle = 1
net.ipv4.tcp_fin_timeout = 15
net.core.somaxcon = 4096
net.ipv4.tcp_mem = 786432 1048576 1572864000
net.ipv4.ip_local_port_range = 1024 65535
"""
