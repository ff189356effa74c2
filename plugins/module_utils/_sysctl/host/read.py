# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a snapshot of a host: its kernel parameters and what affects them."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Iterable

from ..._common.errors import MalformedInput, NettuneError, UnreadableFile
from ..._formats import meminfo, proc_modules, sysctl_conf
from ..._formats.meminfo import HostMemory
from ..._formats.proc_modules import BUILT_IN, LOADABLE, LOADED, MISSING, UNKNOWN
from ..._formats.proc_net_ports import local_ports
from ..._host.files import HostFiles
from ..._host.identity import boot_id
from ..._host.sock_diag import SockDiag
from .. import boot, facts, modules
from ..boot_programs import NO_PROGRAMS, Programs
from ..snapshot import Host
from . import boot_programs
from .boot_programs import RUNS_SYSTEMD
from .proc_sys import OWN_NETWORK, Network, ProcSys

# TCP_LISTEN and TCP_CLOSE of include/net/tcp_states.h; TCP_CLOSE is the state of a UDP socket that is not connected.
_LISTEN, _CLOSE = 10, 7
# The modules of each kernel release.
MODULES_DIRECTORY = "/lib/modules"
# The topmost visible cgroup: that of the container, which may have a limit, or the root cgroup, which has none.
_MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
# PROC_PID_INIT_INO of include/linux/proc_ns.h: the initial PID namespace has this number on every kernel.
_INITIAL_PID_NAMESPACE = "pid:[4026531836]"
_ONLY_IN_INITIAL_NETWORK = "/proc/sys/net/core/netdev_max_backlog"
# In all files of sysctl.d together: each pattern is compared with each parameter.
_MOST_PATTERNS = 1000
_OPENRC_SCRIPT = "/etc/init.d/sysctl"
_SYSTEMD = ("/usr/lib/systemd/systemd-sysctl", "/lib/systemd/systemd-sysctl")


def listening_ports(files: HostFiles, sock_diag: SockDiag | None, *, process: str = "self") -> frozenset[int]:
    """Return the TCP ports that something listens on.

    From netlink, where the kernel looks at listeners only. Without sock_diag, or if that fails, from the tables of
    `process` below /proc, for which the kernel walks all sockets of all namespaces.
    """
    ports = _Ports()
    try:
        if sock_diag is not None:
            sock_diag.walk(1 << _LISTEN, [ports])
            return frozenset(ports.found)
    except (OSError, NettuneError):
        pass
    tables = (_listener_rows(files, f"/proc/{process}/net/{name}") for name in ("tcp", "tcp6"))
    return frozenset().union(*(local_ports(text, states=(_LISTEN,)) for text in tables if text))


class _Ports:
    """Collects the local ports of sock_diag messages (struct inet_diag_sockid, inet_diag.h)."""

    over = False

    def __init__(self) -> None:
        self.found: set[int] = set()

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        """Take the ports of the messages that start at `offsets`."""
        self.found.update(chunk[offset + 20] << 8 | chunk[offset + 21] for offset in offsets)


def _listener_rows(files: HostFiles, path: str) -> str:
    """Return the header and the listeners of a TCP table. Connections follow after them and are not read.

    Source: tcp_get_idx() in net/ipv4/tcp_ipv4.c.
    """
    rows: list[str] = []
    for line in files.lines(path):
        state = line.split()[3:4]
        if rows and state and state != [f"{_LISTEN:02X}"]:
            break
        rows.append(line)
    return "".join(rows)


def module_states(files: HostFiles, names: Iterable[str], *, kernel: str) -> dict[str, str]:
    """Return the state of each module under the running kernel, a release such as `6.18.0-13-amd64`."""
    asked = frozenset(names)
    found = dict.fromkeys(asked & proc_modules.loaded(files.read_text("/proc/modules") or ""), LOADED)
    for index, state in (("modules.builtin", BUILT_IN), ("modules.dep", LOADABLE)):
        missing = asked - set(found)
        if missing:
            with suppress(UnreadableFile):
                lines = files.lines(f"{MODULES_DIRECTORY}/{kernel}/{index}")
                found.update(dict.fromkeys(proc_modules.listed(lines, missing), state))
    has_index = files.is_file(f"{MODULES_DIRECTORY}/{kernel}/modules.dep")
    return {name: found.get(name, MISSING if has_index else UNKNOWN) for name in asked}


def host_memory(files: HostFiles) -> HostMemory:
    """Return the host's memory; of size 0 if /proc/meminfo cannot be read."""
    try:
        total = meminfo.total(files.read_text("/proc/meminfo") or "")
    except MalformedInput:
        return HostMemory()
    texts = filter(None, map(files.read_text, _MEMORY_LIMITS))
    limits = [limit for limit in map(meminfo.limit, texts) if limit is not None]
    return HostMemory(total, min(limits, default=None), os.sysconf("SC_PAGE_SIZE"))


def take(
    files: HostFiles,
    names: Iterable[str],
    *,
    with_listeners: bool,
    with_all_names: bool,
    sock_diag: SockDiag | None = None,
    network: Network = OWN_NETWORK,
) -> Host:
    """Return a snapshot of the host for the parameters `names`. sock_diag: of `network`, if available.

    Files and other programs are read for the host's own network only.
    """
    proc_sys, is_host = ProcSys(files, network.namespace), not network.is_other
    readings = {name: proc_sys.read(name) for name in names}
    kernel, initial = _line(files, "/proc/sys/kernel/osrelease"), is_host and owns_machine(files)
    unread: dict[str, str] = {}
    programs = boot_programs.read(files, readings, owns_machine=initial, unread=unread) if is_host else NO_PROGRAMS
    if initial:
        states = module_states(files, modules.modules_of(readings), kernel=kernel)
        not_built_in = {name for name, state in states.items() if state in proc_modules.OF_USE}
        by_kernel = boot_programs.by_kernel(files, not_built_in, release=kernel, unread=unread)
        late = not_built_in if loader(files) == boot.SYSTEMD else frozenset()
        programs = programs._replace(kernel=by_kernel, modules=late)
    texts = {**boot_files(files, loader(files), unread=unread), **_ufw(files, programs, unread)} if is_host else {}
    present = [path for path in facts.owner_paths(in_conflict=True) if is_host and files.exists(path)]
    return Host(
        kernel=kernel,
        readings=readings,
        names=proc_sys.names() if with_all_names else frozenset(),
        owns_machine=initial,
        only_network=network.is_other,
        loader=loader(files),
        boot_files=texts,
        listeners=listening_ports(files, sock_diag, process=network.process) if with_listeners else frozenset(),
        datagram_ports=_datagram_ports(files, network.process) if with_listeners else frozenset(),
        owners={name: facts.owners_of(name, present) for name in readings if present},
        boot_id=boot_id(files),
        memory=host_memory(files),
        module_files=_module_files(files, unread) if is_host else {},
        programs=programs._replace(unread=unread),
    )


def owns_machine(files: HostFiles) -> bool:
    """Return whether this is the initial PID namespace and the initial network namespace."""
    return files.readlink("/proc/self/ns/pid") == _INITIAL_PID_NAMESPACE and _in_initial_network(files)


def _in_initial_network(files: HostFiles) -> bool:
    """Return whether this is the network namespace of process 1.

    If even root may not inspect process 1 (ptrace(2), access mode checking), a parameter that only exists in the
    initial namespace decides.
    """
    own = files.readlink("/proc/self/ns/net")
    try:
        return own == files.readlink("/proc/1/ns/net")
    except PermissionError:
        return files.exists(_ONLY_IN_INITIAL_NETWORK)


def loader(files: HostFiles) -> str:
    """Return which of the loaders of boot.py applies the files at boot on this host."""
    if files.exists(RUNS_SYSTEMD):
        return boot.SYSTEMD
    if files.exists("/run/openrc") or not any(files.exists(path) for path in _SYSTEMD):
        return _loader_of_script(files)
    return boot.SYSTEMD


def _loader_of_script(files: HostFiles) -> str:
    """Return the loader that OpenRC's script uses: `sysctl --system`, or, as on Alpine, sysctl for each file."""
    script, _why = files.try_text(_OPENRC_SCRIPT)
    if "openrc-run" not in script or "--system" in script:
        return boot.PROCPS
    links = (files.readlink(path) or "" for path in ("/sbin/sysctl", "/bin/sysctl", "/usr/sbin/sysctl"))
    is_busybox = any(link.rpartition("/")[2] == "busybox" for link in links)
    return boot.BUSYBOX if is_busybox else boot.OPENRC


def boot_files(
    files: HostFiles, loader_: str = boot.SYSTEMD, *, unread: dict[str, str] | None = None
) -> dict[str, str]:
    """Return the texts by path of every file that the loader may read.

    A link to /dev/null and a link to nothing have an empty text and mask others; OpenRC ignores them. unread: takes, by
    path, why a file or a directory cannot be read; such a file has an empty text too.
    """
    unread = {} if unread is None else unread
    unread.update(_why_not_started(files, loader_))
    paths = [path for path in _listed(files, unread) if path.endswith(".conf")]
    of_kernel = boot.of_kernel(_line(files, "/proc/sys/kernel/osrelease"))
    credentials = boot.CREDENTIALS if loader_ == boot.SYSTEMD else ()
    for alternatives in ([boot.SYSCTL_CONF], of_kernel, credentials):
        existing = (path for path in alternatives if files.lstat(path) is not None and not files.is_directory(path))
        paths += list(existing)[:1]
    if loader_ in (boot.OPENRC, boot.BUSYBOX):
        paths = [path for path in paths if files.is_file(path)]
    texts, left = files.try_texts(paths, unread), _MOST_PATTERNS
    for path, text in texts.items():
        found = _patterns(path, text)
        if path in boot.ENCRYPTED_CREDENTIALS:
            texts[path], unread[path] = "", f"{path} is encrypted"
        elif sysctl_conf.is_ambiguous(text):
            texts[path], unread[path] = (
                "",
                f"{path} is left out: loaders differ in how they read its control characters",
            )
        elif found > left:
            texts[path], unread[path] = "", f"{path} is left out: sysctl.d has more than {_MOST_PATTERNS} patterns"
        else:
            left -= found
    return {path: texts.get(path, "") for path in paths}


def _why_not_started(files: HostFiles, loader_: str) -> dict[str, str]:
    """Return, by the path that says so, why the loader does not run at boot; nothing if it does."""
    if loader_ == boot.SYSTEMD:
        masks = (mask for mask in boot.MASKS if files.readlink(mask) == "/dev/null")
        return {mask: f"{mask} is a link to /dev/null, so systemd applies no file of sysctl.d" for mask in masks}
    levels = files.try_listdir(boot.RUNLEVELS, {}) if loader_ in (boot.OPENRC, boot.BUSYBOX) else []
    if not levels or any(files.lstat(f"{boot.RUNLEVELS}/{level}/sysctl") is not None for level in levels):
        return {}
    return {boot.RUNLEVELS: f"no runlevel in {boot.RUNLEVELS} has sysctl, so OpenRC applies no file of sysctl.d"}


def _patterns(path: str, text: str) -> int:
    """Return how many patterns the lines of a file have."""
    if not any(mark in text for mark in "*?["):
        return 0
    lines = (line for line in sysctl_conf.assignments(path, text) if line.is_pattern)
    return sum(boot.most_alternatives(line.name) for line in lines)


def _listed(files: HostFiles, unread: dict[str, str]) -> list[str]:
    paths = []
    for folder in boot.DIRECTORIES:
        paths += [f"{folder}/{name}" for name in files.try_listdir(folder, unread)]
    return paths


def _ufw(files: HostFiles, programs: Programs, unread: dict[str, str]) -> dict[str, str]:
    if not programs.ufw:
        return {}
    text, why = files.try_text(programs.ufw)
    if why:
        unread[programs.ufw] = why
    return {programs.ufw: text}


def _module_files(files: HostFiles, unread: dict[str, str]) -> dict[str, str]:
    """Return the texts by path of the files of modules-load.d that can be read."""
    paths = (f"{folder}/{name}" for folder in modules.DIRECTORIES for name in files.try_listdir(folder, unread))
    return files.try_texts(paths, unread)


def _datagram_ports(files: HostFiles, process: str) -> frozenset[int]:
    tables = (files.read_text(f"/proc/{process}/net/{name}") for name in ("udp", "udp6"))
    return frozenset().union(*(local_ports(text, states=(_CLOSE,)) for text in tables if text))


def _line(files: HostFiles, path: str) -> str:
    return (files.read_text(path) or "").strip()
