# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of kernel modules: /proc/modules, and modules.dep and modules.builtin of depmod(8).

`-` and `_` are the same in their names; the kernel writes `_`.
"""

from __future__ import annotations

import re
from typing import AbstractSet, Iterable

from .._common.errors import InvalidOption

LOADED, LOADABLE, BUILT_IN, MISSING, UNKNOWN = "loaded", "loadable", "built in", "missing", "unknown"
OF_USE = (LOADED, LOADABLE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,55}", re.ASCII)
_FILE = re.compile(r"([^.]+)\.ko(?:\.\w+)?", re.ASCII)


def canonical(name: str) -> str:
    """Return the name as the kernel writes it. Raises InvalidOption if it cannot be the name of a module."""
    if not _NAME.fullmatch(name):
        raise InvalidOption(f"{name!r} is not the name of a kernel module; expected a name such as nf_conntrack")
    return name.replace("-", "_")


def loaded(proc_modules: str) -> frozenset[str]:
    """Return the modules of /proc/modules: the first word of each line."""
    return frozenset(line.split(None, 1)[0] for line in proc_modules.splitlines() if line.strip())


def listed(lines: Iterable[str], names: AbstractSet[str]) -> frozenset[str]:
    """Return those of `names` that lines of modules.dep or modules.builtin have a file for.

    >>> sorted(listed(["kernel/net/netfilter/nf_conntrack.ko.xz: kernel/lib/libcrc32c.ko.xz"], {"nf_conntrack"}))
    ['nf_conntrack']
    """
    files = (_FILE.fullmatch(line.partition(":")[0].strip().rpartition("/")[2]) for line in lines)
    return frozenset(file.group(1).replace("-", "_") for file in files if file) & frozenset(names)
