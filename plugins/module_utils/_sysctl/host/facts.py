# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gather the facts about kernel parameters of one host."""

from __future__ import annotations

from typing import Any, Sequence

from ..._host.files import HostFiles
from ..._parameters import catalogue
from .. import admit, facts
from . import read
from .proc_sys import OWN_NETWORK, Network, ProcSys


def gather(files: HostFiles, keys: Sequence[str], network: Network = OWN_NETWORK) -> dict[str, Any]:
    """Return `loader`, `keys` and `partial`; keys: those that select parameters, by default the whole catalogue.

    `partial` says which files could not be read. The loader is None in the network namespace of another process, where
    no file is applied at boot.
    """
    proc_sys = ProcSys(files, network.namespace)
    existing = proc_sys.names() if any(map(facts.is_pattern, keys)) else frozenset()
    names = facts.selected_names(keys, existing) if keys else catalogue.names()
    if network.is_other and not keys:
        names = [name for name in names if name.startswith("net.")]
    unknown = any(map(admit.is_unknown, names))
    host = read.take(files, names, with_listeners=False, with_all_names=unknown, network=network)
    present = [] if network.is_other else [path for path in facts.owner_paths() if files.exists(path)]
    owners = {name: facts.owners_of(name, present) for name in names}
    loader = None if network.is_other else host.loader
    return {
        "loader": loader,
        "keys": facts.parameter_facts(names, host._replace(owners=owners)),
        "partial": [{"what": path, "reason": why} for path, why in host.programs.unread.items()],
    }
