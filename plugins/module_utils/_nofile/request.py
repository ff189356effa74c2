# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile asks for: the least open-file limit (the floor) of users and services."""

from __future__ import annotations

import re
from typing import Any, Iterable, Mapping, NamedTuple

from .._common.errors import InvalidOption
from .._common.text import shown
from .._formats import unit_name
from .._formats.rlimit import HIGHEST, Limit, at_least

EVERYBODY, ROOT = "*", "root"
_USER_MANAGER = "user@.service"
_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.+@\\-]{0,254}\$?\Z")


class Request(NamedTuple):
    """The options of a profile.

    floor: the least limit of the users and services.
    users: account names or EVERYBODY.
    services: full unit names.
    live: whether running processes are raised too.
    persistent: whether files are written for future logins and starts.
    logins: the least limit of all other logins that get less than half of it; 0 leaves them as they are.
    """

    floor: Limit
    users: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    live: bool = True
    persistent: bool = True
    logins: int = 0

    @property
    def all_users(self) -> tuple[str, ...]:
        """The users that get lines, including those for `logins`. On Debian, EVERYBODY does not cover root."""
        return tuple(dict.fromkeys((*self.users, *((EVERYBODY, ROOT) if self.logins else ()))))

    def floor_of(self, user: str) -> Limit:
        """Return the floor of one of `all_users`."""
        return self.floor if user in self.users else Limit(self.logins, self.logins)


def from_options(options: Mapping[str, Any]) -> Request:
    """Return the request for the options `soft`, `hard`, `users`, `services`, `live`, `persistent` and `logins`.

    Raises InvalidOption.
    """
    soft = _number("soft", options.get("soft"))
    hard = soft if options.get("hard") is None else _number("hard", options["hard"])
    if soft > hard:
        raise InvalidOption(f"soft: {soft} is above hard: {hard}; a soft limit cannot exceed the hard limit")
    request = Request(
        Limit(soft, hard),
        _each(_user, options.get("users")),
        _each(_service, options.get("services")),
        bool(options.get("live", True)),
        bool(options.get("persistent", True)),
        _logins(options.get("logins")),
    )
    if not request.all_users and not request.services:
        raise InvalidOption("nothing to raise: set users, services or logins")
    if not request.live and not request.persistent:
        raise InvalidOption("live: false and persistent: false together leave nothing to do; set one of them to true")
    return request


def to_journal(request: Request) -> dict[str, Any]:
    """Return the request as plain JSON for from_journal()."""
    return {
        **request._asdict(),
        "floor": list(request.floor),
        "users": list(request.users),
        "services": list(request.services),
    }


def from_journal(document: Mapping[str, Any]) -> Request:
    """Return the request that to_journal() wrote."""
    lists = {"users": _each(_user, document["users"]), "services": _each(_service, document["services"])}
    fields = {key: document[key] for key in ("live", "persistent", "logins") if key in document}
    return Request(Limit(*document["floor"]), **fields, **lists)


def highest(floors: Iterable[Limit]) -> Limit | None:
    """Return the lowest limit that satisfies all floors, or None if there is none."""
    found: Limit | None = None
    for floor in floors:
        found = at_least(floor, found)
    return found


def floor_of_user(user: str, requests: Iterable[Request]) -> Limit | None:
    """Return the floor of a user's logins by all requests, or None if no request concerns the user."""
    return highest(request.floor_of(user) for request in requests if user in request.all_users)


def _logins(given: Any) -> int:
    return 0 if given is None or (given == 0 and not isinstance(given, bool)) else _number("logins", given)


def _number(option: str, given: Any) -> int:
    # bool is an int in Python, but `soft: true` is a mistake.
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= HIGHEST:
        raise InvalidOption(
            f"{option}: {shown(given)} is not allowed; use a whole number from 1 to {HIGHEST}"
            " (the maximum of fs.nr_open), never infinity"
        )
    return given


def _user(given: Any) -> str:
    if not isinstance(given, str) or (given != EVERYBODY and not _USER.match(given)):
        raise InvalidOption(
            f"users: {given!r} is not allowed; use account names, or '*' for everyone without a line of their own"
            " (list root separately); groups and ranges are not supported"
        )
    return given


def _service(given: Any) -> str:
    if not isinstance(given, str):
        raise InvalidOption(f"services: {given!r} is not allowed; use names such as nginx or nginx.service")
    name = unit_name.service(given)
    if unit_name.template(name) == _USER_MANAGER:
        raise InvalidOption(
            f"services: {given!r} is not allowed, as users' services do not inherit its limit: each user's manager sets"
            " its own default; set DefaultLimitNOFILE= below [Manager] in a file such as"
            " /etc/systemd/user.conf.d/nofile.conf instead"
        )
    return name


def _each(check: Any, given: Any) -> tuple[str, ...]:
    checked: list[str] = [check(item) for item in given or []]
    return tuple(dict.fromkeys(checked))
