# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys as people write them: which parameter a key means, and whether the kernel has it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats import sysctl_conf
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, nearest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import NEVER, Parameter, is_newer

from . import lines
from .case import Scene
from .row import INVALID, NO_EFFECT, OK, REMOVE, REMOVED, RENAMED, TYPO, UNKNOWN, Finding, Setting, as_clause

_ROOTS = ("abi", "crypto", "debug", "dev", "fs", "fscache", "kernel", "net", "sunrpc", "user", "vm")
_NAME = re.compile(r"(?:[\w./*:@%+-]|\{\{[^{}]*\}\}|\$\{?\w+\}?)+", re.ASCII)
_SEPARATOR = re.compile(r"[./]")
_OF_CONTAINER = re.compile(r"(?:(?:lxc|linux)\.)?sysctl\.", re.ASCII)
_PROC = re.compile(r"/?proc/sys/", re.ASCII)
# Last parts that people write alone and that mean nothing else.
_SHORT = re.compile(
    r"(?:tcp|ip_local|ip_unprivileged|ip_conntrack|nf_conntrack|netdev_max|rmem|wmem|optmem)_[a-z0-9_]+"
    r"|somaxconn|file-max|nr_open|shmmax|shmall|swappiness|ip_forward|rp_filter",
    re.ASCII,
)
_PATTERN = re.compile(r"[*?\[]")
# Families that the catalogue covers completely: any other name is wrong. Elsewhere, a name is wrong only if it is very
# near to a known one.
_COMPLETE = re.compile(
    r"net\.[^.]+|net\.(?:core|ipv4|netfilter)\.[^.]+|net\.ipv[46]\.(?:conf|neigh)(?:\.[^.]+){1,2}"
    r"|net\.ipv4\.(?!(?:conf|neigh|route|vs|netfilter)\.).+"
)
# Where a word begins in netCoreSomaxconn.
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_ABSENT = "the host does not have it"
_BOOLEANS = {"true": "1", "false": "0", "True": "1", "False": "0"}
_BSD = ("net.inet.", "net.inet6.")
# Names of all interfaces instead of one.
_WIDE = re.compile(r"(?<![a-z0-9])(?:all|default)(?![a-z0-9])")
# The first kernel with the names net.netfilter.nf_*.
_NF_NAMES = "2.6.20"


class Known(NamedTuple):
    """name: the parameter's current name. parameter: its row, or None if its value cannot be judged."""

    name: str
    parameter: Parameter | None
    findings: list[Finding]


@functools.lru_cache(maxsize=4096)
def canonical(key: str) -> str:
    """Return the canonical name of a key, or the key itself if it is not a valid name."""
    try:
        return sysctl_conf.canonical(_PROC.sub("", key, count=1))
    except InvalidOption:
        return key


def of_container(key: str) -> str:
    """Return the key without what LXC, LXD and the kernel's command line write before it: sysctl.net.core.somaxconn."""
    return _OF_CONTAINER.sub("", key, count=1)


@functools.lru_cache(maxsize=4096)
def has_root(key: str) -> bool:
    """Return whether a key begins like a parameter, such as `net.`."""
    root, *rest = _SEPARATOR.split(_PROC.sub("", key, count=1), maxsplit=1)
    return root.lower() in _ROOTS and bool(rest and rest[0])


def is_name(text: str) -> bool:
    """Return whether a text is the name of a parameter, or begins like one and has no spaces but in a template."""
    return has_root(text) and _NAME.fullmatch(text) is not None


def is_part(text: str) -> bool:
    """Return whether a text is the beginning of a parameter's name, such as `net` or `net.ipv4`."""
    return text in _ROOTS or has_root(text)


@functools.lru_cache(maxsize=4096)
def is_short(key: str) -> bool:
    """Return whether a key looks like the last part of a parameter's name, alone."""
    return _SHORT.fullmatch(key) is not None


def resembles(key: str) -> bool:
    """Return whether a key without its path, or with a mistake in its path, probably means a parameter."""
    return is_short(_last(key))


@functools.lru_cache(maxsize=4096)
def with_path(key: str) -> str | None:
    """Return the name of the parameter that ends with `key`, such as tcp_fin_timeout; None if there is none."""
    return nearest.with_path(key) if "*" not in key else None


def of_flat(given: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield (parameter, names, value) for names as cloud providers write them: net_core_somaxconn, netCoreSomaxconn.

    A range that is given as two names, which end in _min and _max, is one setting. Booleans are 1 and 0.
    """
    by_name = {_CAMEL.sub(r"_\1", name).lower(): name for name in given}
    for flat, name in by_name.items():
        if flat.endswith("_min") and f"{flat[:-4]}_max" in by_name:
            names = (name, by_name[f"{flat[:-4]}_max"])
            key = _by_flat_name().get(flat[:-4])
        else:
            names, key = (name,), _by_flat_name().get(flat)
        if key is not None:
            yield key, names, " ".join(_BOOLEANS.get(given[one], given[one]) for one in names)


@functools.lru_cache(maxsize=1)
def _by_flat_name() -> dict[str, str]:
    return {re.sub(r"\W", "_", name): name for name in catalogue.real_names()}


def judge(setting: Setting, scene: Scene) -> Known:
    """Return the parameter that a setting's key means, with the findings about the key."""
    if lines.is_template(setting.key):
        return _only(setting, OK, "not judged: the name is filled in later")
    if _PATTERN.search(setting.key):
        return _only(setting, OK, "a pattern: it sets every parameter that it matches")
    known = catalogue.find(setting.key)
    if known is None:
        return Known(setting.key, None, [_unknown(setting, scene)])
    if known.removed == NEVER:
        return _only(setting, TYPO, f"no kernel ever had this parameter{_because(known)}", REMOVE)
    if known.renamed_to:
        return _renamed(setting, known, scene)
    return _in_kernel(setting, known, scene)


def _only(setting: Setting, verdict: str, message: str, write: tuple[str, str] | None = None) -> Known:
    return Known(setting.key, None, [Finding(verdict, message, write)])


def _in_kernel(setting: Setting, known: Parameter, scene: Scene) -> Known:
    kernel = scene.kernel
    if known.removed and kernel.has(known.removed):
        return _only(setting, REMOVED, f"removed in Linux {known.removed}{_because(known)}", REMOVE)
    missing = known.is_missing_on(kernel.release) and setting.key not in scene.host.values
    if missing and not known.is_in_stable(kernel.release):
        return _only(setting, NO_EFFECT, f"needs Linux {known.since}; {kernel} does not have it", REMOVE)
    if not kernel.has(known.writable_since):
        return _only(setting, INVALID, f"read-only before Linux {known.writable_since}{_because(known)}", REMOVE)
    if not known.writable:
        trigger = "triggers" in known.note
        message = "it triggers an action and holds no value" if trigger else "read-only"
        return _only(setting, NO_EFFECT if trigger else INVALID, message, REMOVE)
    if known.idle_since and kernel.has(known.idle_since):
        return _only(setting, NO_EFFECT, f"has had no effect since Linux {known.idle_since}{_because(known)}", REMOVE)
    reason = scene.host.absent.get(known.name)
    if reason is not None:
        return _only(setting, NO_EFFECT, reason.replace("absent:", f"{_ABSENT}:") or _ABSENT)
    current = catalogue.find(known.alias_of) or known
    backported = Finding(OK, f"only some kernels of this version have it; it came with Linux {known.since}")
    findings = [backported] if missing else []
    return Known(current.name, current.on(kernel.release), findings)


def _renamed(setting: Setting, known: Parameter, scene: Scene) -> Known:
    new = catalogue.find(known.renamed_to)
    if new is None or not scene.kernel.has(_NF_NAMES):
        return Known(known.name, new._replace(name=known.name) if new else None, [])
    if scene.kernel.has(known.removed):
        message = f"Linux {known.removed} removed the old name"
    else:
        message = f"{scene.kernel} still accepts the old name, Linux {known.removed} does not"
    other = scene.line_of(new.name)
    if other not in (None, setting.line):
        return _only(setting, RENAMED, f"{message}; line {other} sets {new.name}", REMOVE)
    finding = Finding(RENAMED, message, (new.name, setting.value))
    return Known(new.name, new.on(scene.kernel.release), [finding])


def _because(known: Parameter) -> str:
    return f": {as_clause(known.note)}" if known.note else ""


def _unknown(setting: Setting, scene: Scene) -> Finding:
    key = setting.key
    if key in scene.host.values:
        return Finding(OK, "the host has it, but this linter does not know it")
    if key.startswith(_BSD):
        return Finding(TYPO, "a parameter of BSD and macOS; Linux does not have it", REMOVE)
    near = _nearest(key, frozenset(scene.host.values)) if scene.may_suggest(key) else None
    too_new = key.startswith("net.") and is_newer(scene.kernel.release, catalogue.NEWEST)
    if too_new and not (near and nearest.is_very_near(key, near)):
        return Finding(UNKNOWN, f"not known: {scene.kernel} is newer than this catalogue (Linux {catalogue.NEWEST})")
    if near is not None:
        return _misspelt(setting, near, scene)
    try:
        sysctl_conf.canonical(key)
    except InvalidOption as error:
        return Finding(TYPO, str(error), REMOVE)
    if _COMPLETE.fullmatch(key):
        return Finding(TYPO, "no known kernel has this parameter", REMOVE)
    if not has_root(key):
        return Finding(TYPO, f"no kernel parameter begins with {key.partition('.')[0]}", REMOVE)
    return Finding(OK, "unknown to this linter")


def _nearest(key: str, among: frozenset[str]) -> str | None:
    """Return the parameter that an unknown key probably means, or None if it may well be a parameter itself."""
    near = _meant(key, among)
    if near is None or _COMPLETE.fullmatch(key) or not has_root(key):
        return near
    return near if nearest.is_very_near(key, near) else None


@functools.lru_cache(maxsize=4096)
def _meant(key: str, among: frozenset[str]) -> str | None:
    return nearest.nearest(key, among)


def _misspelt(setting: Setting, near: str, scene: Scene) -> Finding:
    message = f"no such parameter, probably {near}"
    known = catalogue.find(near)
    if known is None:
        return Finding(TYPO, message, (near, setting.value))
    if _WIDE.search(near) and not _WIDE.search(setting.key):
        return Finding(TYPO, f"{message}, or the same of one interface", REMOVE)
    if known.removed and not known.renamed_to and scene.kernel.has(known.removed):
        return Finding(TYPO, f"{message}, removed in Linux {known.removed}{_because(known)}", REMOVE)
    if known.renamed_to:
        return Finding(TYPO, f"{message}, now {known.renamed_to}", (known.renamed_to, setting.value))
    return Finding(TYPO, message, (near, setting.value))


def _last(key: str) -> str:
    return key.rpartition(".")[2]
