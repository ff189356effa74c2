# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names as people write them: without their path, in another case, with a slip."""

from __future__ import annotations

import functools
import re

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats import sysctl_conf
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

_ROOTS = ("abi", "crypto", "debug", "dev", "fs", "fscache", "kernel", "net", "sunrpc", "user", "vm")
_PROC = re.compile(r"/?proc/sys/", re.ASCII)
# Last parts that are given alone, and that nothing else is called by.
_SHORT = re.compile(
    r"(?:tcp|ip_local|ip_unprivileged|ip_conntrack|nf_conntrack|netdev_max|rmem|wmem|optmem)_[a-z0-9_]+"
    r"|somaxconn|file-max|nr_open|shmmax|shmall|swappiness|ip_forward|rp_filter",
    re.ASCII,
)
# Where one last part stands in several places, the usual one.
_USUAL = ("net.ipv4.", "net.core.", "net.netfilter.", "fs.", "vm.", "kernel.", "net.")


@functools.lru_cache(maxsize=4096)
def find(name: str) -> Parameter | None:
    """The catalogue's row of a parameter; the same again for a name that is asked for again."""
    return catalogue.find(name)


def canonical(key: str) -> str:
    """The canonical name that a key stands for, or the key itself where it stands for none."""
    try:
        return sysctl_conf.canonical(_PROC.sub("", key, count=1))
    except InvalidOption:
        return key


def has_root(key: str) -> bool:
    """Whether the name begins like one of a parameter, such as `net.`."""
    root, *rest = re.split(r"[./]", _PROC.sub("", key, count=1), maxsplit=1)
    return root.lower() in _ROOTS and bool(rest and rest[0])


@functools.lru_cache(maxsize=4096)
def meant(name: str) -> str | None:
    """The parameter that a name means which is none: one with its path, or the nearest; None where none is near."""
    if find(name) is not None:
        return name
    return with_path(name) or catalogue.nearest(name)


@functools.lru_cache(maxsize=4096)
def with_path(key: str) -> str | None:
    """The name of the parameter whose end `key` is, such as tcp_fin_timeout; None where it is no end of a name."""
    for root in ("", *_USUAL):
        if find(root + key) is not None and "*" not in key:
            return root + key
    return next((name for name in catalogue.names() if name.endswith("." + key)), None)


def is_short(key: str) -> bool:
    """Whether a key is, or is meant to be, the last part of a parameter's name without what goes before it."""
    return _SHORT.fullmatch(key) is not None


def like(key: str) -> bool:
    """Whether a key without its path, or with a slip at its beginning, is likely to mean a parameter."""
    return is_short(key.rpartition(".")[2])


def same_end(one: str, other: str) -> bool:
    """Whether two names have their last part in common."""
    return one.rpartition(".")[2] == other.rpartition(".")[2]
