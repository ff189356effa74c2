# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journals of network namespaces, beside the host's own: each counts as long as its namespace is there."""

from __future__ import annotations

from typing import Any, Iterator

from ..._common.errors import JournalError
from ..._host.files import HostFiles
from ..._host.journal import DIRECTORY, Journal
from . import net_identity
from .namespaces import OtherNetwork, started
from .network import Network

_SUFFIX = ".json"


class NamespaceJournal(Journal):
    """The documents of one namespace. Those of an earlier one that had its number are nothing to it."""

    def __init__(self, files: HostFiles, network: OtherNetwork) -> None:
        super().__init__(files)
        self._identity = network.identity

    def load(self, name: str) -> dict[str, Any]:
        document = super().load(net_identity.document(name, self._identity.inode))
        recorded = document.pop(net_identity.FIELD, {})
        lives = _lives(self._files, recorded)
        return document if net_identity.is_same(recorded, self._identity, lives=lives) else {}

    def save(self, name: str, document: dict[str, Any]) -> None:
        whole = {**document, net_identity.FIELD: self._identity._asdict()} if document else {}
        super().save(net_identity.document(name, self._identity.inode), whole)


def journal_of(files: HostFiles, network: Network) -> Journal:
    """The journal that what is done in `network` belongs to."""
    return NamespaceJournal(files, network) if isinstance(network, OtherNetwork) else Journal(files)


def sweep(files: HostFiles, *, boot_id: str) -> None:
    """Forget the namespaces that are gone; only for who keeps others out."""
    documents = dict(_documents(files))
    if not documents:
        return
    alive = _namespaces(files)
    for name, recorded in documents.items():
        is_gone = alive is not None and recorded.get("inode") not in alive
        if recorded.get("boot_id") != boot_id or is_gone:
            files.remove(f"{DIRECTORY}/{name}{_SUFFIX}")


def elsewhere(files: HostFiles, *, boot_id: str) -> list[int]:
    """Processes of this boot through which namespaces were changed that still have a journal."""
    found = (recorded for _name, recorded in _documents(files) if recorded.get("boot_id") == boot_id)
    return [recorded["pid"] for recorded in found if "pid" in recorded]


def _documents(files: HostFiles) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and recorded identity of each document of a namespace; a damaged one is left to who looks at it."""
    journal = Journal(files)
    names = (name[: -len(_SUFFIX)] for name in files.listdir(DIRECTORY) if name.endswith(_SUFFIX))
    for name in names:
        if net_identity.inode_of(name) is not None:
            try:
                yield name, journal.load(name).get(net_identity.FIELD, {})
            except JournalError:
                continue


def _lives(files: HostFiles, recorded: dict[str, Any]) -> bool:
    """Whether the recorded process is still there and in the namespace that was recorded."""
    pid = recorded.get("pid", 0)
    try:
        there = files.readlink(f"/proc/{pid}/ns/net") == f"net:[{recorded.get('inode')}]"
    except PermissionError:
        return False
    return there and started(files, pid) == recorded.get("start")


def _namespaces(files: HostFiles) -> set[int] | None:
    """The numbers of all that a process is in or that is mounted somewhere; None where that cannot be told."""
    try:
        links = {files.readlink(f"/proc/{pid}/ns/net") for pid in files.listdir("/proc") if pid.isdigit()}
    except PermissionError:
        return None
    mounted = (line.split()[3:4] for line in (files.read_text("/proc/self/mountinfo") or "").splitlines())
    names = {*filter(None, links), *(name for names in mounted for name in names)}
    return {int(name[len("net:[") : -1]) for name in names if name.startswith("net:[") and name.endswith("]")}
