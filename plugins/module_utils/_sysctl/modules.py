# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules to load at boot before the kernel parameters that they make are set: modules-load.d(5).

systemd-sysctl.service runs after systemd-modules-load.service. A firewall loads nf_conntrack only later, when the lines
for its parameters have been passed over already.
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


class Module(NamedTuple):
    """One module asked for. state: of kernel_modules. status: SKIPPED or REFUSED with the reason; empty where boots are
    to load it.
    """

    name: str
    state: str
    status: str = ""
    reason: str = ""

    @property
    def is_awaited(self) -> bool:
        """Whether boots will have its parameters while there are none now."""
        return not self.status and self.state != LOADED


def path(profile: str) -> str:
    """Return the path of a profile's drop-in."""
    return f"{DIRECTORY}/{drop_ins.file_name(profile)}"


def text(profile: str, modules: Sequence[str]) -> str:
    """What the drop-in says."""
    lines = (
        f"{MARK}: profile {profile}",
        "# Loaded before the kernel parameters are set at boot, so that those of these modules are there by then.",
        *modules,
    )
    return "\n".join(lines) + "\n"


def of_settings(names: Iterable[str]) -> list[str]:
    """The modules that make the parameters `names`, each once."""
    known = (catalogue.find(name) for name in names)
    return list(dict.fromkeys(one.module for one in known if one is not None and one.module))


def names(asked: Iterable[str]) -> list[str]:
    """The names by which the kernel knows those that are asked for; what cannot be one is left out."""
    found = []
    for given in asked:
        with suppress(InvalidOption):
            found.append(proc_modules.canonical(given))
    return found


def judge(asked: Sequence[str], states: Mapping[str, str], *, owns_machine: bool, kernel: str) -> tuple[Module, ...]:
    """What becomes of each module that was named. states: of kernel_modules, by canonical name."""
    return tuple(_judge(given, states, owns_machine=owns_machine, kernel=kernel) for given in dict.fromkeys(asked))


def kept(
    names: Iterable[str], states: Mapping[str, str], *, earlier: Sequence[str], owns_machine: bool
) -> tuple[Module, ...]:
    """Where none was named: those of `names` that are loaded, or that boots load already because of `earlier` runs."""
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
        why = "machine_wide: modules belong to the whole machine, of which this is a container or a namespace"
        return Module(name, state, SKIPPED, why)
    if state in proc_modules.OF_USE:
        return Module(name, state)
    if state == BUILT_IN:
        return Module(name, state, SKIPPED, f"built into this kernel ({kernel}), so that there is nothing to load")
    if state == UNKNOWN:
        return Module(name, state, SKIPPED, f"not loaded, and there is no /lib/modules/{kernel} to tell if it could be")
    return _missing(name, state, kernel)


def _missing(name: str, state: str, kernel: str) -> Module:
    why = f"this kernel ({kernel}) has no module {name}"
    known = catalogue.modules()
    if name in known:
        return Module(name, state, SKIPPED, why)
    return Module(name, state, REFUSED, why + did_you_mean(closest(name, known)))
