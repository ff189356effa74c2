# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel modules to load at boot before their parameters are set: modules-load.d(5).

systemd-sysctl.service runs after systemd-modules-load.service. A firewall loads nf_conntrack later, when the lines for
its parameters have already been skipped.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Iterable, Mapping, NamedTuple, Sequence

from .._common.errors import InvalidOption
from .._common.status import REFUSED, SKIPPED
from .._common.suggest import closest, did_you_mean
from .._formats import drop_ins, proc_modules
from .._formats.proc_modules import BUILT_IN, LOADED, UNKNOWN
from .._parameters import catalogue
from .file_change import MARK

DIRECTORY = "/etc/modules-load.d"
DIRECTORIES = (
    DIRECTORY,
    "/run/modules-load.d",
    "/usr/local/lib/modules-load.d",
    "/usr/lib/modules-load.d",
    "/lib/modules-load.d",
)


class Module(NamedTuple):
    """One module. state: of _formats/proc_modules.py. status: SKIPPED or REFUSED; empty if it is to be loaded."""

    name: str
    state: str
    status: str = ""
    reason: str = ""

    @property
    def loads_at_boot(self) -> bool:
        """Return whether its parameters do not exist now, but will after the next boot."""
        return not self.status and self.state != LOADED


def path(profile: str) -> str:
    """Return the path of a profile's drop-in."""
    return f"{DIRECTORY}/{drop_ins.file_name(profile)}"


def text(profile: str, modules: Sequence[str]) -> str:
    """Return the text of the drop-in. Its wording stays: another one would change the files of every host."""
    lines = (
        f"{MARK}: profile {profile}",
        "# Loaded before the kernel parameters are set at boot, so that those of these modules are there by then.",
        *modules,
    )
    return "\n".join(lines) + "\n"


def named_in(files: Mapping[str, str]) -> frozenset[str]:
    """Return the modules that files of modules-load.d load before parameters are set. files: any texts, by path."""
    texts = (files[one] for one in drop_ins.in_order(DIRECTORIES, files))
    lines = (line.strip() for text_ in texts for line in text_.split("\n"))
    return frozenset(line.replace("-", "_") for line in lines if line and line[0] not in "#;")


def modules_of(names: Iterable[str]) -> list[str]:
    """Return the modules of the parameters `names`, without duplicates."""
    known = (catalogue.find(name) for name in names)
    return list(dict.fromkeys(one.module for one in known if one is not None and one.module))


def canonical_names(wanted: Iterable[str]) -> list[str]:
    """Return the kernel's names of the modules `wanted`; malformed ones are left out."""
    found = []
    for given in wanted:
        with suppress(InvalidOption):
            found.append(proc_modules.canonical(given))
    return found


def judge(wanted: Sequence[str], states: Mapping[str, str], *, owns_machine: bool, kernel: str) -> tuple[Module, ...]:
    """Return each module in `wanted`, checked. states: by canonical name."""
    return tuple(_judge(given, states, owns_machine=owns_machine, kernel=kernel) for given in dict.fromkeys(wanted))


def by_default(
    names: Iterable[str], states: Mapping[str, str], *, earlier: Sequence[str], owns_machine: bool
) -> tuple[Module, ...]:
    """Return the modules if the option is not set: those of `names` that are loaded, or that `earlier` runs added."""
    if not owns_machine:
        return ()
    return tuple(Module(name, states[name]) for name in names if states[name] == LOADED or name in earlier)


def _judge(given: str, states: Mapping[str, str], *, owns_machine: bool, kernel: str) -> Module:
    try:
        name = proc_modules.canonical(given)
    except InvalidOption as error:
        return Module(given, UNKNOWN, REFUSED, str(error))
    state = states[name]
    if not owns_machine:
        reason = "host-wide: kernel modules cannot be loaded from inside a container or a namespace"
        return Module(name, state, SKIPPED, reason)
    if state in proc_modules.OF_USE:
        return Module(name, state)
    if state == BUILT_IN:
        return Module(name, state, SKIPPED, f"built into this kernel ({kernel}), so it need not be loaded")
    if state == UNKNOWN:
        return Module(
            name, state, SKIPPED, f"not loaded, and without /lib/modules/{kernel} it is not known whether it could be"
        )
    return _missing(name, state, kernel)


def _missing(name: str, state: str, kernel: str) -> Module:
    reason = f"this kernel ({kernel}) has no module {name}"
    known = catalogue.modules()
    if name in known:
        return Module(name, state, SKIPPED, reason)
    return Module(name, state, REFUSED, reason + did_you_mean(closest(name, known)))
