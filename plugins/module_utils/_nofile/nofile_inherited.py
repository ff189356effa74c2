# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What logins inherit, told apart from what they inherit because of us.

A daemon that opens sessions may itself have a limit of ours: raised while it ran, started with a drop-in of ours, or
restarted from a session that our lines had raised. What it had before us was journalled before our first change.
"""

from __future__ import annotations

from typing import Iterator

from .._formats import limits_conf, unit_conf
from .._formats.rlimit import Limit
from .journal import State
from .snapshot import Giver, Host


def without_us(host: Host, state: State) -> Host:
    """The host with its logins' inherited limits as they are without us.

    A limit that is above all of ours does not stem from us; one that is not may, and what was journalled counts then.
    """
    ours = list(_ours(state))
    if state.logins is None or not ours:
        return host
    highest = Limit(max(limit.soft for limit in ours), max(limit.hard for limit in ours))
    givers = (giver._replace(limit=_without(giver, highest, state.logins)) for giver in host.logins)
    return host._replace(logins=tuple(givers))


def least(host: Host) -> Limit:
    """The least that any login inherits, for the journal."""
    return Limit(min(giver.limit.soft for giver in host.logins), min(giver.limit.hard for giver in host.logins))


def _without(giver: Giver, ours: Limit, journalled: Limit) -> Limit:
    parts = zip(giver.limit, ours, journalled)
    return Limit(*(have if have > highest else min(have, was) for have, highest, was in parts))


def _ours(state: State) -> Iterator[Limit]:
    """Every limit we have given somebody, or are about to."""
    for path, row in state.files.items():
        for text in row.texts:
            for entry in limits_conf.entries(path, text):
                value = entry.value or 0
                yield Limit(
                    value if entry.type == limits_conf.SOFT else 0, value if entry.type == limits_conf.HARD else 0
                )
            assignment = unit_conf.last_assignment([(path, text)], unit_conf.UNIT_KEY)
            if assignment:
                yield assignment.limit
    for raised in state.raised:
        yield from raised.ours
