# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network namespaces of other processes, and what tells one from another."""

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
from .proc_sys import HERE, Network

# Which network namespace it is: inode numbers of namespaces are given out again once they are free.

FIELD = "namespace"
_DOCUMENT = re.compile(r"[a-z]+-net-(?P<inode>\d+)\Z", re.ASCII)


class Identity(NamedTuple):
    """inode: of the namespace. cookie: SO_NETNS_COOKIE of socket(7), which a boot gives out once; 0 before Linux 5.14.

    pid, start: a process in it, told from a later one of the same pid by field 22 of /proc/PID/stat.
    """

    inode: int
    boot_id: str
    cookie: int
    pid: int
    start: int


def document_name(name: str, inode: int) -> str:
    """What the document `name` of a namespace is called."""
    return f"{name}-net-{inode}"


def inode_of(document_: str) -> int | None:
    """The namespace that a document is of; None where it is of none."""
    match = _DOCUMENT.match(document_)
    return int(match["inode"]) if match else None


def is_same(recorded: Mapping[str, Any], now: Identity, *, lives: bool) -> bool:
    """Whether what was recorded is of the namespace as it is `now`.

    recorded: an Identity's fields; whatever is none of these is of no namespace. lives: whether the recorded process is
    still there and in the namespace; it decides where cookies cannot.
    """
    if (recorded.get("inode"), recorded.get("boot_id")) != (now.inode, now.boot_id):
        return False
    cookie = recorded.get("cookie")
    return cookie == now.cookie if cookie and now.cookie else lives


# SO_NETNS_COOKIE of include/uapi/asm-generic/socket.h, since Linux 5.14.
_SO_NETNS_COOKIE = 71


class OtherNetwork(Network):
    """The network namespace of the process `pid`, entered for each access."""

    is_other = True

    def __init__(self, namespace: OwnNamespace, identity: Identity) -> None:
        super().__init__(namespace)
        self.process = str(identity.pid)
        self.identity = identity

    def check(self, *, persistent: bool) -> None:
        if persistent:
            raise InvalidOption(
                f"pid is {self.process}: what is set in a network namespace ends with it, and no file could set it at"
                " boot; say persistent: false"
            )


def network_of(files: HostFiles, pid: int | None) -> Network:
    """The network of the process `pid`, or HERE for None. Raises InvalidOption where there is no other one."""
    if pid is None:
        return HERE
    if pid < 1:
        raise InvalidOption(f"pid is {pid}; it must be the number of a process, 1 or more")
    # Held open: whatever becomes of the process, it is this namespace that is entered, and its number stays taken.
    try:
        descriptor = os.open(files.locate(f"/proc/{pid}/ns/net"), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise InvalidOption(f"pid is {pid}, but there is no such process on this host") from error
    namespace = OtherNamespace(f"/proc/self/fd/{descriptor}")
    inode = os.fstat(descriptor).st_ino
    if inode == os.stat(files.locate("/proc/self/ns/net")).st_ino:
        raise InvalidOption(f"pid is {pid}, which is in the network namespace of the host itself; leave pid out")
    start = process_start(files, pid) or 0
    return OtherNetwork(namespace, Identity(inode, boot_id(files), _cookie(namespace), pid, start))


def _cookie(namespace: OwnNamespace) -> int:
    """What tells the namespace from all others of this boot; 0 where the kernel does not say."""
    with namespace, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as any_socket:
        try:
            return int.from_bytes(any_socket.getsockopt(socket.SOL_SOCKET, _SO_NETNS_COOKIE, 8), sys.byteorder)
        except OSError:
            return 0


# The journals of network namespaces, beside the host's own: each counts as long as its namespace is there.

_SUFFIX = ".json"


class NamespaceJournal(Journal):
    """The documents of one namespace. Those of an earlier one that had its number are nothing to it."""

    def __init__(self, files: HostFiles, network: OtherNetwork) -> None:
        super().__init__(files)
        self._identity = network.identity

    def load(self, name: str) -> dict[str, Any]:
        document = super().load(document_name(name, self._identity.inode))
        recorded = document.pop(FIELD, {})
        lives = _lives(self._files, recorded)
        return document if is_same(recorded, self._identity, lives=lives) else {}

    def save(self, name: str, document: dict[str, Any]) -> None:
        whole = {**document, FIELD: self._identity._asdict()} if document else {}
        super().save(document_name(name, self._identity.inode), whole)


def journal_of(files: HostFiles, network: Network) -> Journal:
    """The journal that what is done in `network` belongs to."""
    return NamespaceJournal(files, network) if isinstance(network, OtherNetwork) else Journal(files)


def sweep(files: HostFiles) -> None:
    """Forget the namespaces that are gone; only for who keeps others out."""
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
    """Processes of this boot through which namespaces were changed that still have a journal."""
    this_boot = boot_id(files)
    found = (recorded for _name, recorded in _documents(files) if recorded.get("boot_id") == this_boot)
    return [recorded["pid"] for recorded in found if "pid" in recorded]


def _documents(files: HostFiles) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and recorded identity of each document of a namespace; a damaged one is left to who looks at it."""
    journal = Journal(files)
    names = (name[: -len(_SUFFIX)] for name in files.listdir(DIRECTORY) if name.endswith(_SUFFIX))
    for name in names:
        if inode_of(name) is not None:
            try:
                yield name, journal.load(name).get(FIELD, {})
            except JournalError:
                continue


def _lives(files: HostFiles, recorded: dict[str, Any]) -> bool:
    """Whether the recorded process is still there and in the namespace that was recorded."""
    pid = recorded.get("pid", 0)
    try:
        there = files.readlink(f"/proc/{pid}/ns/net") == f"net:[{recorded.get('inode')}]"
    except PermissionError:
        return False
    return there and (process_start(files, pid) or 0) == recorded.get("start")


def _namespaces(files: HostFiles) -> set[int] | None:
    """The numbers of all that a process is in or that is mounted somewhere; None where that cannot be told."""
    try:
        links = {files.readlink(f"/proc/{pid}/ns/net") for pid in files.listdir("/proc") if pid.isdigit()}
    except PermissionError:
        return None
    mounted = (line.split()[3:4] for line in (files.read_text("/proc/self/mountinfo") or "").splitlines())
    names = {*filter(None, links), *(name for names in mounted for name in names)}
    return {int(name[len("net:[") : -1]) for name in names if name.startswith("net:[") and name.endswith("]")}
