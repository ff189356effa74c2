# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of ours a host should have, by what all its profiles ask for together."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Optional

from .._formats import limits_conf, unit_conf, unit_name
from .._formats.rlimit import Limit, at_least, reaches
from .._formats.unit_conf import Assignment
from . import files as nofile_paths
from . import logins
from . import request as nofile_request
from .request import Request
from .snapshot import Files, Host, Unit

# Limits of services: what systemd gives each without us, and the drop-in that raises it without lowering anything.


class Given(NamedTuple):
    """What systemd's files give a service, and which line says so; None for the built-in default."""

    limit: Limit
    assignment: Assignment | None

    def __str__(self) -> str:
        return str(self.assignment) if self.assignment else "systemd's default"


class Verdict(NamedTuple):
    """What is to be done for one service.

    limit: for its drop-in, None where it needs none. skipped: why nothing can be done.
    """

    unit: str
    without: Given | None = None
    limit: Limit | None = None
    why: str = ""
    skipped: str = ""


def verdict(unit: Unit, floor: Limit, host: Host, others: Files) -> Verdict:
    """What raises the service to `floor`. others: its files but ours."""
    if unit.why_not:
        return Verdict(unit.name, skipped=unit.why_not)
    without = given(others, host)
    if reaches(without.limit, floor):
        return Verdict(unit.name, without, why=f"{without.limit} holds already: {without}")
    return Verdict(unit.name, without, at_least(without.limit, floor), f"without us: {without.limit} ({without})")


def given(files: Files, host: Host) -> Given:
    """What the files give a service."""
    for source, key in ((files, unit_conf.UNIT_KEY), (host.defaults, unit_conf.DEFAULT_KEY)):
        assignment = unit_conf.last_assignment(source, key)
        if assignment:
            return Given(unit_conf.finite(assignment.limit, nr_open=host.nr_open), assignment)
    return Given(unit_conf.BUILT_IN, None)


def render(profile: str, request: Request, verdict_: Verdict) -> str | None:
    """The profile's drop-in; None where the service has what the profile asks for."""
    if verdict_.limit is None or verdict_.without is None or reaches(verdict_.without.limit, request.floor):
        return None
    why = [
        f"At least {request.floor} open files (soft:hard); no service takes a limit from limits.conf.",
        "A part that is higher than that is so already without this file and is not lowered.",
    ]
    return unit_conf.render(nofile_paths.header(profile, why), verdict_.limit)


Texts = Mapping[str, Optional[str]]


class Desired(NamedTuple):
    """texts: by path, each with its profile.

    users, services: the verdicts behind them, for everybody that is asked for.
    """

    texts: Mapping[str, tuple[str, str]]
    users: Mapping[str, logins.Verdict]
    services: Mapping[str, Verdict]


def desired(profiles: Mapping[str, Request], host: Host) -> Desired:
    """The files that all profiles together want.

    Each profile that needs a line for a user or service writes the highest floor that any of them asks for: so it does
    not matter which of their files is read last, and taking one profile away leaves the others in force.
    """
    lasting = {name: request for name, request in profiles.items() if request.persistent}
    users = _users(lasting, host)
    services = _services(lasting, host)
    texts: dict[str, tuple[str, str]] = {}
    for name, request in lasting.items():
        text = logins.render(name, request, users)
        if text is not None:
            texts[nofile_paths.limits_file(name)] = (name, text)
        for unit in units_of(request, host):
            text = render(name, request, services[unit])
            if text is not None:
                texts[nofile_paths.drop_in(name, unit)] = (name, text)
    return Desired(texts, users, services)


def units_of(request: Request, host: Host) -> tuple[str, ...]:
    """The real names of the services a request names, each once."""
    return tuple(dict.fromkeys(host.units[given].name for given in request.services))


def floor_of_unit(unit: str, profiles: Mapping[str, Request], host: Host) -> Limit | None:
    """The highest floor the profiles ask for a unit, by its real name; a template's holds for its instances, too."""
    return nofile_request.highest(one.floor for one in profiles.values() if is_asked_for(unit, one, host))


def is_asked_for(unit: str, request: Request, host: Host) -> bool:
    """Whether the request names the unit, or the template it is an instance of."""
    return any(unit_name.covers(name, unit) for name in units_of(request, host))


def without_ours(files: Files) -> Files:
    """The files but those that bear a name of ours."""
    return tuple((path, text) for path, text in files if nofile_paths.profile_of(path.rsplit("/", 1)[1]) is None)


def limits_with(host: Host, texts: Texts) -> Files:
    """What pam_limits will read when `texts` are as they say, in its order; None stands for a file that goes."""
    changed = _with(host.limits, texts, directory=limits_conf.DIRECTORY)
    return tuple((path, changed[path]) for path in limits_conf.files_in_order(changed))


def unit_with(unit: Unit, texts: Texts) -> Files:
    """What systemd will read for the unit when `texts` are as they say, in its order: unit file, then drop-ins."""
    changed = _with(unit.files[1:], texts, directory=f"{nofile_paths.UNITS}/{unit.name}.d")
    return (*unit.files[:1], *((path, changed[path]) for path in sorted(changed, key=_file_name)))


def _with(files: Files, texts: Texts, *, directory: str) -> dict[str, str]:
    concerned = {path: text for path, text in texts.items() if path.rsplit("/", 1)[0] == directory}
    return {path: text for path, text in {**dict(files), **concerned}.items() if text is not None}


def _file_name(path: str) -> bytes:
    return path.rsplit("/", 1)[1].encode("utf-8", "surrogateescape")


def _users(profiles: Mapping[str, Request], host: Host) -> dict[str, logins.Verdict]:
    others = logins.entries(without_ours(host.limits))
    verdicts = {}
    for user in dict.fromkeys(user for request in profiles.values() for user in request.everyone):
        floor = nofile_request.of_user(user, profiles.values())
        named = any(user in request.users for request in profiles.values())
        if floor is not None:
            verdicts[user] = logins.verdict(user, floor, host, others, half_will_do=not named)
    return verdicts


def _services(profiles: Mapping[str, Request], host: Host) -> dict[str, Verdict]:
    units = {host.units[given].name: host.units[given] for request in profiles.values() for given in request.services}
    verdicts = {}
    for name, unit in units.items():
        floor = floor_of_unit(name, profiles, host)
        if floor is not None:
            verdicts[name] = verdict(unit, floor, host, without_ours(unit.files))
    return verdicts
