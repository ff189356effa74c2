# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The situation of a parameter on a host, from a snapshot and the journal."""

from __future__ import annotations

from .._parameters.value import normal
from . import admit
from .boot import SET_NOWHERE, Boot
from .journal import State
from .resolve import Situation
from .snapshot import Host


def situation_of(name: str, host: Host, state: State, at_boot: Boot = SET_NOWHERE) -> Situation:
    """Return the situation of the parameter `name`. at_boot: what sets it at boot without us."""
    parameter, text = admit.describe(name, host), host.reading(name).text
    return Situation(
        parameter,
        normal(parameter, text or ""),
        None if at_boot.value is None else normal(parameter, at_boot.value),
        state.keys.get(name),
        exists=text is not None,
        boot_is_known=not at_boot.unknown,
    )


def without_ours(host: Host, state: State) -> Host:
    """Return the host with the values that process 1 has set, where the running ones are ours."""
    found = {name: situation_of(name, host, state).without_us for name in host.programs.process_1}
    return host._replace(programs=host.programs._replace(process_1=found))
