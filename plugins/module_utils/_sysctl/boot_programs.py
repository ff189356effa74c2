# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sets kernel parameters at boot besides the loader of sysctl.d, and in which order.

The kernel comes first, with the parameters of its command line. Then comes process 1: systemd 240 and later
(src/core/main.c, initialize_runtime()) raises fs.file-max and fs.nr_open to the highest values that the kernel accepts,
and net.unix.max_dgram_qlen to 512 if it is lower. The first two are options of its build: Debian before 13 and SUSE
leave fs.nr_open alone. No file names these values, so whether this host's systemd sets one is concluded from the
running value, or from the release of Debian.

After the loader come ufw, with a file of its own; systemd-networkd, NetworkManager and ifupdown;
cloud-init; rc.local; and last TuneD.
"""

from __future__ import annotations

from typing import AbstractSet, Iterable, Mapping, NamedTuple, Sequence

from .._formats import drop_ins, kernel_command_line, network_conf, sysctl_conf, tuned_conf
from .._formats.network_conf import Forwarding
from .._formats.sysctl_conf import Assignment
from .._parameters import catalogue
from . import boot, modules

KERNEL = "kernel command line"
SYSTEMD_AS_PROCESS_1 = "systemd (process 1)"
UFW, NETWORKD, CLOUD_INIT, TUNED = "ufw", "systemd-networkd", "cloud-init", "TuneD"
IFUPDOWN, RC_LOCAL = "ifupdown", "rc.local"
NETWORK_MANAGER = "NetworkManager"
_OF_NETWORK_MANAGER = ("accept_ra", "disable_ipv6", "hop_limit", "mtu", "use_tempaddr")
_SYSCTL_CONF = "/etc/sysctl.conf"
_APPLIED_AGAIN = ("/run/sysctl.d", "/etc/sysctl.d")
_OF_INTERFACES = tuple(f"net.{family}.{kind}." for family in ("ipv4", "ipv6") for kind in ("conf", "neigh"))
_ALWAYS_THERE = ("all", "default", "lo")
_FORWARDING = {
    network_conf.IPV4: ("net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"),
    network_conf.IPV6: ("net.ipv6.conf.all.forwarding",),
}


class _OfProcess1(NamedTuple):
    """value: what systemd sets. default: what the kernel sets; empty if it depends on the machine."""

    value: str
    default: str = ""


_OF_PROCESS_1 = {
    "fs.file-max": _OfProcess1("9223372036854775807"),
    "fs.nr_open": _OfProcess1("1073741816", "1048576"),
    "net.unix.max_dgram_qlen": _OfProcess1("512", "10"),
}


class Programs(NamedTuple):
    """What sets parameters at boot besides the loader. The default is a host without such programs.

    kernel: the parameters of its command line, without those of modules.
    process_1: the running values of the parameters that process 1 may set, as far as nothing of ours has set them.
    sure: those of them that it sets whatever runs now.
    ufw: the path of the file that ufw applies; empty if it applies none. rc_local: whether rc.local applies
    /etc/sysctl.conf. late: the lines of programs after ufw.
    tuned: what TuneD does once its profile is applied; None if it does not set parameters at boot. modules: those that
    are not built into the kernel, of the parameters that are asked about. unread: by path, why a file or a directory
    cannot be read.
    """

    kernel: Sequence[Assignment] = ()
    process_1: Mapping[str, str] = {}
    sure: AbstractSet[str] = frozenset()
    ufw: str = ""
    rc_local: bool = False
    late: Sequence[Assignment] = ()
    tuned: tuned_conf.Main | None = None
    modules: AbstractSet[str] = frozenset()
    unread: Mapping[str, str] = {}


NO_PROGRAMS = Programs()


def names_of_process_1() -> list[str]:
    """Return the parameters that process 1 may set."""
    return list(_OF_PROCESS_1)


def value_of_process_1(name: str) -> str:
    """Return the value that systemd as process 1 sets, where it is built that way."""
    return _OF_PROCESS_1[name].value


def before_loader(programs: Programs) -> list[Assignment]:
    """Return what is set before the loader reads its files."""
    by_kernel = {line.name: line.value for line in programs.kernel}
    by_process_1 = (
        line
        for name, found in programs.process_1.items()
        for line in _by_process_1(name, found, by_kernel.get(name), is_sure=name in programs.sure)
    )
    return [*programs.kernel, *by_process_1]


def after_loader(programs: Programs, files: Mapping[str, str]) -> list[Assignment]:
    """Return what is set after the loader has read its files. files: texts by path, with that of ufw."""
    if programs.ufw in programs.unread:
        by_ufw = [boot.unread(programs.ufw, programs.unread[programs.ufw], by=UFW)]
    else:
        lines = sysctl_conf.assignments(programs.ufw, files.get(programs.ufw, ""))
        by_ufw = [line._replace(by=UFW) for line in lines]
    is_repeated = programs.tuned is not None and programs.tuned.reapply
    again = _applied_again(files, programs.tuned, programs.unread) if is_repeated else []
    return [*by_ufw, *(_by_rc_local(files) if programs.rc_local else ()), *programs.late, *again]


def if_loaded(line: Assignment, late: AbstractSet[str]) -> Assignment:
    """Return a line of a file as the loader applies it: not at all if its parameter does not exist by then.

    late: the modules that no file loads before the loader.
    """
    known = catalogue.find(line.name) if late and line.value is not None else None
    if known is None or known.module not in late:
        return line
    return line._replace(
        unknown=f"it is skipped unless {known.module} is loaded by then, which no file in {modules.DIRECTORY} does"
    )


def by_networkd_for_host(one: Forwarding, unknown: str = "") -> list[Assignment]:
    """Return what systemd-networkd sets for the whole host. unknown: why that is not sure; empty if it is."""
    return [_by_networkd(one, name, unknown) for name in _FORWARDING[one.family]]


def by_networkd_for_interfaces(one: Forwarding, interfaces: Iterable[str], unknown: str = "") -> list[Assignment]:
    """Return what systemd-networkd sets for some interfaces. unknown: why that is not sure; empty if it is."""
    paths = (f"net/{one.family}/conf/{interface}/forwarding" for interface in interfaces)
    return [_by_networkd(one, sysctl_conf.from_path(path), unknown) for path in paths]


def by_networkd_unread(path: str, reason: str) -> list[Assignment]:
    """Return what systemd-networkd may set by a file or directory that cannot be read. reason: why it cannot."""
    names = ("net.ipv4.ip_forward", "net.ipv4.conf.*.forwarding", "net.ipv6.conf.*.forwarding")
    return [Assignment(path, 0, name, "", by=NETWORKD, unknown=reason) for name in names]


def by_networkd_for_interface(one: network_conf.OfInterface, interface: str) -> Assignment:
    """Return a parameter of an interface that systemd-networkd may set: its value is not known."""
    why = f"by {one.path}:{one.line}" if one.line else f"as {one.path} applies to {interface}"
    unknown = f"{NETWORKD} may set it, {why}"
    return Assignment(one.path, one.line, one.name_for(interface), "", by=NETWORKD, unknown=unknown)


def by_network_manager(names: Iterable[str]) -> list[Assignment]:
    """Return those of the parameters `names` that NetworkManager may set: which interfaces it manages is not read."""
    unknown = f"{NETWORK_MANAGER} sets it if it manages the interface"
    return [
        Assignment("", 0, name, "", by=NETWORK_MANAGER, unknown=unknown)
        for name in names
        if name.startswith("net.ipv6.conf.") and _is_of_network_manager(*sysctl_conf.to_path(name).split("/")[3:])
    ]


def _is_of_network_manager(interface: str, key: str = "") -> bool:
    return interface not in _ALWAYS_THERE and key in _OF_NETWORK_MANAGER


def _by_networkd(one: Forwarding, name: str, unknown: str) -> Assignment:
    return Assignment(one.path, one.line, name, str(int(one.is_on)), by=NETWORKD, unknown=unknown)


def applies_sysctl_conf(programs: Programs) -> bool:
    """Return whether a program applies /etc/sysctl.conf, even if the loader has read it already."""
    return programs.rc_local or (programs.tuned is not None and programs.tuned.reapply)


def _by_rc_local(files: Mapping[str, str]) -> list[Assignment]:
    lines = sysctl_conf.assignments(_SYSCTL_CONF, files.get(_SYSCTL_CONF, ""))
    return [line._replace(by=RC_LOCAL) for line in lines]


def by_commands(program: str, path: str, found: Iterable[tuple[int, str]]) -> list[Assignment]:
    """Return the lines of commands that a program runs at every boot. found: line numbers and names."""
    return [
        Assignment(path, number, name, "", by=program, unknown=f"{program} may set it ({path}:{number})")
        for number, name in found
    ]


def by_tuned(settings: Iterable[tuned_conf.Setting]) -> list[Assignment]:
    """Return what the profiles of TuneD set."""
    return [
        Assignment(option.path, option.line, name, option.value, by=TUNED, unknown=_why_computed(option, condition))
        for name, option, condition in settings
    ]


def _why_computed(option: tuned_conf.Option, condition: str) -> str:
    """Return why the value that TuneD sets is not known; empty if it is."""
    place = f"{option.path}:{option.line}"
    if condition:
        return f"{TUNED} sets it ({place}) if {condition}"
    return f"{TUNED} computes it from {option.value!r} ({place})" if tuned_conf.is_computed(option.value) else ""


def _applied_again(files: Mapping[str, str], main: tuned_conf.Main, unread: Mapping[str, str]) -> list[Assignment]:
    paths = drop_ins.in_order(_APPLIED_AGAIN, files, hidden=True)
    lines: list[Assignment] = []
    for path in (*paths, *(path for path in files if path == _SYSCTL_CONF)):
        if path in unread:
            lines.append(boot.unread(path, unread[path]))
        lines += tuned_conf.assignments(path, files[path], main)
    return [line._replace(by=TUNED) for line in lines]


def by_kernel(found: Iterable[tuple[str, str]], not_built_in: AbstractSet[str]) -> list[Assignment]:
    """Return the parameters of the kernel's command line.

    found: names and values. not_built_in: modules that are not there yet when the kernel sets them.
    """
    return [
        Assignment(kernel_command_line.PATH, 0, name, value, by=KERNEL, unknown=_why_unsure(name))
        for name, value in found
        if _module_of(name) not in not_built_in
    ]


def _why_unsure(name: str) -> str:
    """Return why the kernel may not set a parameter of its command line; empty if it does."""
    if name.startswith(_OF_INTERFACES) and sysctl_conf.to_path(name).split("/")[3] not in _ALWAYS_THERE:
        return f"the {KERNEL} sets it only if the interface exists before process 1 starts"
    return ""


def _module_of(name: str) -> str:
    known = catalogue.find(name)
    return known.module if known else ""


def _by_process_1(name: str, found: str, by_kernel: str | None, *, is_sure: bool) -> list[Assignment]:
    """Return the line of one parameter, none if the running value shows that process 1 leaves it alone.

    by_kernel: the value of the kernel's command line, if it has one.
    """
    known = _OF_PROCESS_1[name]
    if found == (known.default if by_kernel is None else by_kernel) and not is_sure:
        return []
    unknown = ""
    if found != known.value and not is_sure:
        unknown = f"{SYSTEMD_AS_PROCESS_1} may set it to {known.value}; the running value, {found}, does not tell"
    return [Assignment("", 0, name, known.value, by=SYSTEMD_AS_PROCESS_1, unknown=unknown)]
