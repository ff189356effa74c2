# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile asks of open files: floors, and for whom."""

from __future__ import annotations

import re
from typing import Any, Iterable, Mapping, NamedTuple

from .._common.errors import InvalidOption
from .._formats import unit_name
from .._formats.rlimit import HIGHEST, Limit, at_least

EVERYBODY, ROOT = "*", "root"
_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.+@\\-]{0,254}\$?\Z")


class Request(NamedTuple):
    """floor: nobody named here gets less. users: account names, or EVERYBODY. services: full unit names as given.

    live: whether processes that run are raised as well. persistent: whether files say it to logins and starts to come.
    logins: floor of all other logins that get less than half of it, 0 for none.
    """

    floor: Limit
    users: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    live: bool = True
    persistent: bool = True
    logins: int = 0

    @property
    def everyone(self) -> tuple[str, ...]:
        """Whose logins it is about. EVERYBODY does not cover root on Debian."""
        return tuple(dict.fromkeys((*self.users, *((EVERYBODY, ROOT) if self.logins else ()))))

    def floor_of(self, user: str) -> Limit:
        """The floor of one of `everyone`."""
        return self.floor if user in self.users else Limit(self.logins, self.logins)


def from_options(options: Mapping[str, Any]) -> Request:
    """The request that a playbook wrote: `soft`, `hard`, `users`, `services`, `live`, `persistent`,
    `logins`.

    Raises InvalidOption.
    """
    soft = _number("soft", options.get("soft"))
    hard = soft if options.get("hard") is None else _number("hard", options["hard"])
    if soft > hard:
        raise InvalidOption(f"soft: {soft} is above hard: {hard}; a soft limit ends at the hard one")
    request = Request(
        Limit(soft, hard),
        _each(_user, options.get("users")),
        _each(_service, options.get("services")),
        bool(options.get("live", True)),
        bool(options.get("persistent", True)),
        _number("logins", options["logins"]) if options.get("logins") else 0,
    )
    _refuse_nothing(request)
    return request


def to_journal(request: Request) -> dict[str, Any]:
    """The request as plain JSON; from_journal() reads it back."""
    return {
        **request._asdict(),
        "floor": list(request.floor),
        "users": list(request.users),
        "services": list(request.services),
    }


def from_journal(document: Mapping[str, Any]) -> Request:
    """The request that to_journal() wrote."""
    lists = {key: tuple(document[key]) for key in ("users", "services")}
    fields = {key: document[key] for key in ("live", "persistent", "logins") if key in document}
    return Request(Limit(*document["floor"]), **fields, **lists)


def highest(floors: Iterable[Limit]) -> Limit | None:
    """The floor that satisfies all of them; None where there is none."""
    found: Limit | None = None
    for floor in floors:
        found = at_least(floor, found)
    return found


def of_user(user: str, requests: Iterable[Request]) -> Limit | None:
    """The floor of a user's logins by all requests; None where none is about them."""
    return highest(request.floor_of(user) for request in requests if user in request.everyone)


def _number(option: str, given: Any) -> int:
    """A count of descriptors. bool is an int to Python, yet `soft: true` is a mistake."""
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= HIGHEST:
        raise InvalidOption(
            f"{option}: {given!r} is not allowed; a whole number from 1 to {HIGHEST} (the most fs.nr_open can be), and"
            " never infinity"
        )
    return given


def _user(given: Any) -> str:
    if not isinstance(given, str) or (given != EVERYBODY and not _USER.match(given)):
        raise InvalidOption(
            f"users: {given!r} is not allowed; names of accounts, or '*' for everybody without a line of their own"
            " (root has to be named); groups and ranges are not taken"
        )
    return given


def _service(given: Any) -> str:
    if not isinstance(given, str):
        raise InvalidOption(f"services: {given!r} is not allowed; names such as nginx or nginx.service")
    return unit_name.service(given)


def _each(check: Any, given: Any) -> tuple[str, ...]:
    checked: list[str] = [check(item) for item in given or []]
    return tuple(dict.fromkeys(checked))


def _refuse_nothing(request: Request) -> None:
    if not request.everyone and not request.services:
        raise InvalidOption("users, services: at least one name is wanted; whose limit is to be raised?")
    if not request.live and not request.persistent:
        raise InvalidOption("live: false and persistent: false together leave nothing to do")
