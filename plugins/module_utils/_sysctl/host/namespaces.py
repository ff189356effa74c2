# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network namespaces of other processes: how to identify them, and their journals."""

from __future__ import annotations

import os
import re
import socket
import sys
from typing import Any, Iterator, Mapping, NamedTuple

from ..._common.errors import InvalidOption, JournalError
from ..._host.files import HostFiles
from ..._host.identity import boot_id, process_start
from ..._host.journal import DIRECTORY, Journal
from ..._host.namespace import OtherNamespace
from ..._host.netlink import OwnNamespace
from .proc_sys import OWN_NETWORK, Network

# The field of a document with the identity of its namespace.
IDENTITY_FIELD = "namespace"
_SUFFIX = ".json"
# SO_NETNS_COOKIE of include/uapi/asm-generic/socket.h, since Linux 5.14.
_SO_NETNS_COOKIE = 71
_DOCUMENT = re.compile(r"[a-z]+-net-(?P<inode>\d+)\Z", re.ASCII)


class Identity(NamedTuple):
    """inode: of the namespace, which is reused later. cookie: SO_NETNS_COOKIE of socket(7), unique in a boot; 0 before
    Linux 5.14. pid, start: a process in the namespace, and field 22 of its /proc/PID/stat, as pids are reused.
    """

    inode: int
    boot_id: str
    cookie: int
    pid: int
    start: int


def document_name(name: str, inode: int) -> str:
    """Return the name of the document `name` of a namespace."""
    return f"{name}-net-{inode}"


def inode_of(document: str) -> int | None:
    """Return the inode of the namespace of a document, or None if it does not belong to one."""
    match = _DOCUMENT.match(document)
    return int(match["inode"]) if match else None


def is_same(recorded: Mapping[str, Any], now: Identity, *, process_runs: bool) -> bool:
    """Return whether the recorded identity is that of the namespace `now`.

    recorded: the fields of an Identity. process_runs: whether the recorded process still runs in the namespace; it
    decides if there are no cookies.
    """
    if (recorded.get("inode"), recorded.get("boot_id")) != (now.inode, now.boot_id):
        return False
    cookie = recorded.get("cookie")
    return cookie == now.cookie if cookie and now.cookie else process_runs


class OtherNetwork(Network):
    """The network namespace of another process, entered for each access."""

    is_other = True

    def __init__(self, namespace: OwnNamespace, identity: Identity) -> None:
        super().__init__(namespace)
        self.process = str(identity.pid)
        self.identity = identity

    def check(self, *, persistent: bool) -> None:
        if persistent:
            raise InvalidOption(
                f"pid is {self.process}: settings of a network namespace end with it, and no file can set them at boot;"
                " set persistent: false"
            )


def network_of(files: HostFiles, pid: int | None) -> Network:
    """Return the network of the process `pid`; OWN_NETWORK for None. Raises InvalidOption if it is not another one."""
    if pid is None:
        return OWN_NETWORK
    if pid < 1:
        raise InvalidOption(f"pid is {pid}; it must be the number of a process, 1 or more")
    # Kept open: even if the process ends, this namespace is entered, and its inode number is not reused.
    try:
        descriptor = os.open(files.locate(f"/proc/{pid}/ns/net"), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise InvalidOption(f"pid is {pid}, but there is no such process on this host") from error
    namespace = OtherNamespace(f"/proc/self/fd/{descriptor}")
    inode = os.fstat(descriptor).st_ino
    if inode == os.stat(files.locate("/proc/self/ns/net")).st_ino:
        raise InvalidOption(f"pid is {pid}, which is in the network namespace of the host itself; omit pid")
    start = process_start(files, pid) or 0
    return OtherNetwork(namespace, Identity(inode, boot_id(files), _cookie(namespace), pid, start))


def _cookie(namespace: OwnNamespace) -> int:
    """Return the cookie of the namespace; 0 if the kernel has none."""
    with namespace, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as any_socket:
        try:
            return int.from_bytes(any_socket.getsockopt(socket.SOL_SOCKET, _SO_NETNS_COOKIE, 8), sys.byteorder)
        except OSError:
            return 0


class NamespaceJournal(Journal):
    """The journal of one namespace. Documents of an earlier namespace with the same inode are ignored."""

    def __init__(self, files: HostFiles, network: OtherNetwork) -> None:
        super().__init__(files)
        self._identity = network.identity

    def load(self, name: str) -> dict[str, Any]:
        document = super().load(document_name(name, self._identity.inode))
        recorded = document.pop(IDENTITY_FIELD, {})
        process_runs = _process_runs(self._files, recorded)
        return document if is_same(recorded, self._identity, process_runs=process_runs) else {}

    def save(self, name: str, document: dict[str, Any]) -> None:
        whole = {**document, IDENTITY_FIELD: self._identity._asdict()} if document else {}
        super().save(document_name(name, self._identity.inode), whole)


def journal_of(files: HostFiles, network: Network) -> Journal:
    """Return the journal for changes in `network`."""
    return NamespaceJournal(files, network) if isinstance(network, OtherNetwork) else Journal(files)


def sweep(files: HostFiles) -> None:
    """Remove the journals of namespaces that no longer exist. Hold the journal's lock."""
    documents = dict(_documents(files))
    if not documents:
        return
    this_boot = boot_id(files)
    alive = _namespaces(files)
    for name, recorded in documents.items():
        is_gone = alive is not None and recorded.get("inode") not in alive
        if recorded.get("boot_id") != this_boot or is_gone:
            files.remove(f"{DIRECTORY}/{name}{_SUFFIX}")


def elsewhere(files: HostFiles) -> list[int]:
    """Return a process of each namespace that has a journal of this boot."""
    this_boot = boot_id(files)
    found = (recorded for _name, recorded in _documents(files) if recorded.get("boot_id") == this_boot)
    return [recorded["pid"] for recorded in found if "pid" in recorded]


def _documents(files: HostFiles) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and recorded identity of each document of a namespace; damaged ones are skipped."""
    journal = Journal(files)
    names = (name[: -len(_SUFFIX)] for name in files.listdir(DIRECTORY) if name.endswith(_SUFFIX))
    for name in names:
        if inode_of(name) is not None:
            try:
                yield name, journal.load(name).get(IDENTITY_FIELD, {})
            except JournalError:
                continue


def _process_runs(files: HostFiles, recorded: dict[str, Any]) -> bool:
    """Return whether the recorded process still runs in the recorded namespace."""
    pid = recorded.get("pid", 0)
    try:
        there = files.readlink(f"/proc/{pid}/ns/net") == f"net:[{recorded.get('inode')}]"
    except PermissionError:
        return False
    return there and (process_start(files, pid) or 0) == recorded.get("start")


def _namespaces(files: HostFiles) -> set[int] | None:
    """Return the inodes of all namespaces that a process is in or that are mounted; None without permission."""
    try:
        links = {files.readlink(f"/proc/{pid}/ns/net") for pid in files.listdir("/proc") if pid.isdigit()}
    except PermissionError:
        return None
    mounted = (line.split()[3:4] for line in (files.read_text("/proc/self/mountinfo") or "").split("\n"))
    names = {*filter(None, links), *(name for names in mounted for name in names)}
    return {int(name[5:-1]) for name in names if name.startswith("net:[") and name.endswith("]")}
