# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a host should have for all of its profiles together."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Optional

from .._formats import drop_ins, limits_conf, unit_name
from .._formats.rlimit import Limit
from . import logins, profile_files, services
from .request import Request, floor_of_user, highest
from .snapshot import Files, Host, Unit

# The future text of a file by path, None if it is removed.
Texts = Mapping[str, Optional[str]]


class Desired(NamedTuple):
    """texts: profile and text by path. users, services: the decisions behind them, by user and by unit."""

    texts: Mapping[str, tuple[str, str]]
    users: Mapping[str, logins.Decision]
    services: Mapping[str, services.Decision]


def desired(profiles: Mapping[str, Request], host: Host) -> Desired:
    """Return the files of all profiles.

    Each profile that needs a line for a user or service writes the highest floor that any profile asks for. So the
    order of the files does not matter, and removing one profile leaves the limits of the others in effect.
    """
    persistent = {name: request for name, request in profiles.items() if request.persistent}
    user_decisions = _decide_users(persistent, host)
    service_decisions = _decide_services(persistent, host)
    texts: dict[str, tuple[str, str]] = {}
    for name, request in persistent.items():
        text = logins.render(name, request, user_decisions)
        if text is not None:
            texts[profile_files.limits_file(name)] = (name, text)
        for unit in units_of(request, host):
            text = services.render(name, request, service_decisions[unit])
            if text is not None:
                texts[profile_files.drop_in(name, unit)] = (name, text)
    return Desired(texts, user_decisions, service_decisions)


def units_of(request: Request, host: Host) -> tuple[str, ...]:
    """Return the real names of the services in a request, without repetitions."""
    return tuple(dict.fromkeys(host.units[given].name for given in request.services))


def floor_of_unit(unit: str, profiles: Mapping[str, Request], host: Host) -> Limit | None:
    """Return the highest floor of a unit by its real name. The floor of a template applies to its instances."""
    return highest(one.floor for one in profiles.values() if concerns(one, unit, host))


def concerns(request: Request, unit: str, host: Host) -> bool:
    """Return whether a request names the unit or its template."""
    return any(unit_name.covers(name, unit) for name in units_of(request, host))


def without_ours(found: Files) -> Files:
    """Return the files whose names are not ours."""
    return tuple((path, text) for path, text in found if profile_files.profile_of(path) is None)


def limits_with(host: Host, texts: Texts) -> Files:
    """Return what pam_limits will read once `texts` are written, in its order."""
    changed = _with(host.limits, texts, directory=limits_conf.DIRECTORY)
    return tuple((path, changed[path]) for path in limits_conf.files_in_order(changed))


def unit_with(unit: Unit, texts: Texts) -> Files:
    """Return what systemd will read for the unit once `texts` are written, in its order: unit file, then drop-ins."""
    changed = _with(unit.files[1:], texts, directory=f"{profile_files.UNITS}/{unit.name}.d")
    return (*unit.files[:1], *((path, changed[path]) for path in sorted(changed, key=_name_in_bytes)))


def _with(found: Files, texts: Texts, *, directory: str) -> dict[str, str]:
    concerned = {path: text for path, text in texts.items() if path.rsplit("/", 1)[0] == directory}
    return {path: text for path, text in {**dict(found), **concerned}.items() if text is not None}


def _name_in_bytes(path: str) -> bytes:
    return drop_ins.by_bytes(path.rpartition("/")[2])


def _decide_users(profiles: Mapping[str, Request], host: Host) -> dict[str, logins.Decision]:
    other_lines = logins.entries(without_ours(host.limits))
    decisions = {}
    for user in dict.fromkeys(user for request in profiles.values() for user in request.all_users):
        floor = floor_of_user(user, profiles.values())
        named = any(user in request.users for request in profiles.values())
        if floor is not None:
            decisions[user] = logins.decide(user, floor, host, other_lines, accept_half=not named)
    return decisions


def _decide_services(profiles: Mapping[str, Request], host: Host) -> dict[str, services.Decision]:
    units = {host.units[given].name: host.units[given] for request in profiles.values() for given in request.services}
    decisions = {}
    for name, unit in units.items():
        floor = floor_of_unit(name, profiles, host)
        if floor is not None:
            decisions[name] = services.decide(unit, floor, host, without_ours(unit.files))
    return decisions
