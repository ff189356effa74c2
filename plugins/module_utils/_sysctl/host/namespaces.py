# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network namespaces of other processes, and what tells one from another."""

from __future__ import annotations

import os
import socket
import sys

from ..._common.errors import InvalidOption, MalformedInput
from ..._formats import proc_pid
from ..._host.files import HostFiles
from ..._host.namespace import OtherNamespace
from ..._host.netlink import OwnNamespace
from .net_identity import Identity
from .network import HERE, Network

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
    boot_id = (files.read_text("/proc/sys/kernel/random/boot_id") or "").strip()
    return OtherNetwork(namespace, Identity(inode, boot_id, _cookie(namespace), pid, started(files, pid)))


def started(files: HostFiles, pid: int) -> int:
    """When the process was started, in clock ticks after boot; 0 where there is none."""
    try:
        return proc_pid.parse(files.read_text(f"/proc/{pid}/stat") or "").start
    except MalformedInput:
        return 0


def _cookie(namespace: OwnNamespace) -> int:
    """What tells the namespace from all others of this boot; 0 where the kernel does not say."""
    with namespace, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as any_socket:
        try:
            return int.from_bytes(any_socket.getsockopt(socket.SOL_SOCKET, _SO_NETNS_COOKIE, 8), sys.byteorder)
        except OSError:
            return 0
