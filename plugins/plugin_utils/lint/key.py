# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a key names a parameter that the kernel has, and which."""

from __future__ import annotations

import re
from typing import NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats import sysctl_conf
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import NEVER, Parameter

from . import names
from .case import Scene
from .row import GO, INVALID, NO_EFFECT, OK, REMOVED, RENAMED, TYPO, Finding, Setting, inside_a_sentence

_PATTERN = re.compile(r"[*?\[]")
# Families whose parameters the catalogue holds, all of them: any other name is wrong.
_WHOLE = re.compile(r"net\.(?:core|ipv4|netfilter)\.[^.]+|net\.ipv[46]\.(?:conf|neigh)\.[^.]+\.[^.]+")
# Families of which it holds what servers are tuned by: another name is wrong only if it is very near.
_PARTLY = re.compile(r"(?:fs|kernel|vm)\.[^.]+|net\..+")
# Names of these that are near one of the catalogue's and mean something else.
_OTHERS = {
    "fs.aio-nr",
    "fs.inode-max",
    "fs.inode-nr",
    "fs.mount-max",
    "kernel.core_pattern",
    "kernel.core_uses_pid",
    "kernel.msg_next_id",
    "kernel.oops_limit",
    "kernel.panic",
    "kernel.panic_on_io_nmi",
    "kernel.panic_on_oops",
    "kernel.panic_on_warn",
    "kernel.sem_next_id",
    "kernel.shm_next_id",
    "vm.stat_interval",
    "vm.vfs_cache_pressure_denom",
    "vm.watermark_boost_factor",
    "vm.hugetlb_shm_group",
}
_NF_NAMES = "2.6.20"


class Known(NamedTuple):
    """name: what the parameter is called today. parameter: None where there is nothing to judge its value by."""

    name: str
    parameter: Parameter | None
    findings: list[Finding]


def look(setting: Setting, scene: Scene) -> Known:
    """What there is to say of a setting's key."""
    if _PATTERN.search(setting.key):
        return _only(setting, OK, "a pattern: it stands for each parameter that it matches")
    known = names.find(setting.key)
    if known is None:
        return Known(setting.key, None, [_unknown(setting, scene)])
    if known.removed == NEVER:
        return _only(setting, TYPO, f"never was a parameter of any kernel{_because(known)}", GO)
    if known.renamed_to:
        return _renamed(setting, known, scene)
    return _in_kernel(setting, known, scene)


def _only(setting: Setting, verdict: str, message: str, write: tuple[str, str] | None = None) -> Known:
    return Known(setting.key, None, [Finding(verdict, message, write)])


def _in_kernel(setting: Setting, known: Parameter, scene: Scene) -> Known:
    kernel, name = scene.kernel, known.name
    if known.removed and kernel.has(known.removed):
        return _only(setting, REMOVED, f"removed in Linux {known.removed}{_because(known)}", GO)
    if known.is_missing_on(kernel.release):
        return _only(setting, NO_EFFECT, f"needs Linux {known.since}; {kernel} does not have it", GO)
    if not kernel.has(known.writable_since):
        return _only(setting, INVALID, f"read-only before Linux {known.writable_since}{_because(known)}", GO)
    if not known.writable:
        trigger = "trigger" in known.note
        why = "a trigger, which holds no value" if trigger else "the kernel only shows it"
        return _only(setting, NO_EFFECT if trigger else INVALID, why, GO)
    if known.idle_since and kernel.has(known.idle_since):
        return _only(setting, NO_EFFECT, f"has had no effect since Linux {known.idle_since}{_because(known)}", GO)
    reason = scene.host.absent.get(name)
    if reason is not None:
        return _only(
            setting, NO_EFFECT, f"the host does not have it: {reason}" if reason else "the host does not have it"
        )
    lasting = names.find(known.alias_of) or known
    return Known(lasting.name, lasting.on(kernel.release), [])


def _renamed(setting: Setting, known: Parameter, scene: Scene) -> Known:
    new = names.find(known.renamed_to)
    if new is None or not scene.kernel.has(_NF_NAMES):
        return Known(known.name, new._replace(name=known.name) if new else None, [])
    if scene.kernel.has(known.removed):
        said = f"the old name went with Linux {known.removed}"
    else:
        said = f"{scene.kernel} still takes the old name, Linux {known.removed} does not"
    other = scene.line_of(new.name)
    if other not in (None, setting.line):
        return _only(setting, RENAMED, f"{said}; line {other} sets {new.name}", GO)
    finding = Finding(RENAMED, said, (new.name, setting.value))
    return Known(new.name, new.on(scene.kernel.release), [finding])


def _because(known: Parameter) -> str:
    return f": {inside_a_sentence(known.note)}" if known.note else ""


def _unknown(setting: Setting, scene: Scene) -> Finding:
    key = setting.key
    if key in scene.host.values:
        return Finding(OK, "the host has it; it is not known to this linter")
    near = _near(key) if scene.may_doubt(key) else None
    if near is not None:
        return _misspelt(setting, near, scene)
    try:
        sysctl_conf.canonical(key)
    except InvalidOption as error:
        return Finding(TYPO, str(error), GO)
    if _WHOLE.fullmatch(key):
        return Finding(TYPO, "no kernel that is known has such a parameter", GO)
    return Finding(OK, "not known to this linter")


def _near(key: str) -> str | None:
    if key in _OTHERS:
        return None
    whole, partly = _WHOLE.fullmatch(key), _PARTLY.fullmatch(key)
    near = names.meant(key)
    if near is None or whole or not names.has_root(key):
        return near
    family = key.rpartition(".")[0] == near.rpartition(".")[0]
    return near if partly and (family or names.same_end(key, near)) else None


def _misspelt(setting: Setting, near: str, scene: Scene) -> Finding:
    known = names.find(near)
    if known is None or (known.removed and not known.renamed_to and scene.kernel.has(known.removed)):
        fate = f", which Linux {known.removed} removed{_because(known)}" if known else ""
        return Finding(TYPO, f"no such parameter; {near} was meant{fate}", GO)
    name = known.renamed_to or near
    fate = f", today {name}" if known.renamed_to else ""
    return Finding(TYPO, f"no such parameter; {near} was meant{fate}", (name, setting.value))
