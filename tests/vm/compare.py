# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare two states of a machine, as state.py prints them."""

from __future__ import annotations

import fnmatch
from typing import Any, Iterable, Iterator, Mapping

State = Mapping[str, Mapping[str, Any]]

# Values that change without anybody's doing: name or pattern, and why.
MOVING = {
    "fs/aio-nr": "a counter",
    "fs/dentry-state": "a counter",
    "fs/file-nr": "a counter",
    "fs/inode-nr": "a counter",
    "fs/inode-state": "a counter",
    "fs/quota/syncs": "a counter",
    "kernel/ns_last_pid": "the newest process",
    "kernel/pty/nr": "a counter",
    "kernel/random/entropy_avail": "a counter",
    "kernel/random/uuid": "new at each read",
    "net/netfilter/nf_conntrack_count": "a counter",
}
# The same for values that change only with a boot.
MOVING_AT_BOOT = {
    "kernel/random/boot_id": "new at each boot",
    "kernel/random/urandom_min_reseed_secs": "set once the generator is ready",
    "net/ipv4/tcp_fastopen_key": "random",
    "vm/user_reserve_kbytes": "from the memory that is free at boot",
}
# Limits that a process sets itself.
OWN_LIMITS = {
    "systemd-udevd.service *": "fs.nr_open when it starts",
    "user@*.service systemd": "fs.nr_open when the user's manager starts",
}
# Values that appear with a module. It stays loaded until the next boot.
OF_MODULES = ("net/netfilter/nf_conntrack_*", "net/nf_conntrack_max")


def differences(before: State, after: State, *, booted: bool) -> list[str]:
    """Return one line for each difference that a reverted host must not have; `booted`: there was a boot between."""
    moving = {**MOVING, **(MOVING_AT_BOOT if booted else {})}
    return [
        *_of("sysctls", before, after, ignore=moving, may_appear=() if booted else OF_MODULES),
        *_of("files", before, after),
        # A service that is not loaded, or does not run, says nothing about the tuning.
        *_of("units", before, after, may_appear=("*",), may_vanish=("*",)),
        *_of("limits", before, after, ignore=OWN_LIMITS, may_appear=("*",), may_vanish=("*",)),
    ]


def _of(
    part: str,
    before: State,
    after: State,
    *,
    ignore: Iterable[str] = (),
    may_appear: Iterable[str] = (),
    may_vanish: Iterable[str] = (),
) -> Iterator[str]:
    """Yield the differences in one part of the state."""
    old, new = before[part], after[part]
    for name in sorted({*old, *new}):
        if old.get(name) == new.get(name) or _matches(name, ignore):
            continue
        if (name not in old and _matches(name, may_appear)) or (name not in new and _matches(name, may_vanish)):
            continue
        yield f"{part} {name}: {_shown(old.get(name), new.get(name))}"


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _shown(old: Any, new: Any) -> str:
    """Return both values as text; of dictionaries and lists only what differs."""
    if isinstance(old, dict) and isinstance(new, dict):
        names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
        return ", ".join(f"{name} {old.get(name)!r} -> {new.get(name)!r}" for name in names)
    if isinstance(old, list) and isinstance(new, list):
        return f"{sorted(set(old) - set(new))} -> {sorted(set(new) - set(old))}"
    return f"{old!r} -> {new!r}"
