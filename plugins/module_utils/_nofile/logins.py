# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of logins: what pam_limits(8) gives each user without us, and which lines raise it and lower nothing."""

from __future__ import annotations

from typing import Iterable, Iterator, Mapping, NamedTuple, Sequence

from .._formats import limits_conf, unit_conf
from .._formats.limits_conf import Entry, Session
from .._formats.rlimit import Limit, at_most, reaches
from . import files as nofile_paths
from .journal import State
from .request import EVERYBODY, Request
from .snapshot import Files, Giver, Host

# What logins inherit, told apart from what they inherit because of us.
#
# A daemon that opens sessions may itself have a limit of ours: raised while it ran, started with a drop-in of ours, or
# restarted from a session that our lines had raised. What it had before us was journalled before our first change.


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


class Range(NamedTuple):
    """What logins of one user get: it differs with the daemon that opens the session. low, high: part by part."""

    low: Limit
    high: Limit
    session: Session


class Verdict(NamedTuple):
    """What is to be done for one user.

    soft, hard: the values to write, None for no line. floor: what can be given of what was asked. skipped: why nothing
    can be done; empty otherwise. suffices: whether less than the floor is left as it is.
    """

    user: str
    floor: Limit
    without: Range | None = None
    soft: int | None = None
    hard: int | None = None
    why: str = ""
    skipped: str = ""
    suffices: bool = False


def verdict(user: str, floor: Limit, host: Host, others: Sequence[Entry], *, half_will_do: bool = False) -> Verdict:
    """What raises `user` to `floor`. others: the lines of everybody but us, in order. half_will_do: whether a soft
    limit of half of it is left as it is.
    """
    capped = at_most(floor, ceiling(host))
    skipped = _skipped(user, host)
    if skipped:
        return Verdict(user, capped, skipped=skipped)
    without = logins(user, host, others)
    if without.session.ended_by:
        return Verdict(user, capped, without, skipped=f"{without.session.ended_by} keeps all limits from this user")
    if half_will_do and floor.soft <= 2 * without.low.soft < 2 * floor.soft:
        return Verdict(user, capped, without, why=f"{without.low} is half of {floor.soft} or more", suffices=True)
    soft = _line(capped.soft, without.low.soft, without.high.soft)
    hard = _line(capped.hard, without.low.hard, without.high.hard)
    return Verdict(user, capped, without, soft, hard, _why(capped, without, host, soft, hard))


def logins(user: str, host: Host, lines: Sequence[Entry]) -> Range:
    """What the lines give the user's logins, whichever daemon opens the session."""
    account = host.accounts.get(user)  # there is none for everybody
    is_root = account is not None and account.uid == 0
    session = limits_conf.session(lines, account, wildcards=not (is_root and host.root_by_name))
    limits = [_effective(session, giver, host) for giver in host.logins]
    low, high = (Limit(pick(one.soft for one in limits), pick(one.hard for one in limits)) for pick in (min, max))
    return Range(low, high, session)


def ceiling(host: Host) -> int:
    """The most a login can be given. pam_limits would otherwise fail, and with it, on some distributions, the login."""
    return min(giver.ceiling(host.nr_open) for giver in host.logins)


def entries(files: Files) -> list[Entry]:
    """The lines of the files, in order."""
    return [entry for path, text in files for entry in limits_conf.entries(path, text)]


def render(profile: str, request: Request, verdicts: Mapping[str, Verdict]) -> str | None:
    """The profile's file; None where none of its users needs a line."""
    lines = [line for user in request.everyone for line in _lines(verdicts[user], request.floor_of(user))]
    if not lines:
        return None
    named = f"At least {request.floor} open files (soft:hard) for logins of: {' '.join(request.users)}."
    others = f"At least {request.logins} open files for all other logins that would get less than half as many."
    why = [
        *([named] if request.users else []),
        *([others] if request.logins else []),
        "A part that is missing, or higher than that, is so already without this file and is not lowered.",
    ]
    return "".join(f"# {line}\n" for line in nofile_paths.header(profile, why)) + "\n" + "\n".join(lines) + "\n"


def exceptions(floor: Limit, host: Host, lines: Iterable[Entry]) -> list[Entry]:
    """Lines for users or groups that keep somebody below `floor` although everybody was raised to it: they beat `*`."""
    return [
        entry
        for entry in lines
        if entry.domain != EVERYBODY and not entry.domain.startswith("%") and not _enough(entry, floor, host.nr_open)
    ]


def _skipped(user: str, host: Host) -> str:
    if not host.pam:
        return "this host has no /etc/security: its logins do not use pam_limits"
    if user != EVERYBODY and host.accounts.get(user) is None:
        return "there is no such account on this host"
    return ""


def _effective(session: Session, giver: Giver, host: Host) -> Limit:
    """As setup_limits() of pam_limits does it: what no line sets stays, and soft ends at hard.

    A hard limit that the daemon may not set is none: setrlimit(2) answers EPERM, and the session has what it inherited.
    """
    if session.ended_by:
        return giver.limit
    base = host.session_base or giver.limit
    hard = _value(session.hard, base.hard, host.nr_open)
    if hard > max(giver.ceiling(host.nr_open), giver.limit.hard):
        return giver.limit
    return Limit(min(_value(session.soft, base.soft, host.nr_open), hard), hard)


def _value(entry: Entry | None, inherited: int, nr_open: int) -> int:
    return min(inherited, nr_open) if entry is None else limits_conf.value(entry, nr_open=nr_open)


def _line(floor: int, low: int, high: int) -> int | None:
    """The value of a line: none where every login has the floor already, and never less than the best of them has."""
    return None if low >= floor else max(floor, high)


def _lines(verdict_: Verdict, floor: Limit) -> list[str]:
    """The lines of a profile that asks for `floor`; other profiles may have raised the values."""
    if verdict_.without is None:
        return []
    parts = zip((limits_conf.SOFT, limits_conf.HARD), (verdict_.soft, verdict_.hard), verdict_.without.low, floor)
    return [f"{verdict_.user} {part} nofile {value}" for part, value, low, asked in parts if value and low < asked]


def _why(floor: Limit, without: Range, host: Host, soft: int | None, hard: int | None) -> str:
    source = _source(without.session, host)
    if soft is None and hard is None:
        return f"{without.low} holds already: {source}"
    if hard is None:
        return f"no hard line: {without.low.hard} holds already ({source}), a line could only lower it"
    raised = [
        part for part, value, asked in (("soft", soft, floor.soft), ("hard", hard, floor.hard)) if (value or 0) > asked
    ]
    return (
        f"{' and '.join(raised)} as high as without us ({source})"
        if raised
        else f"without us: {without.low} ({source})"
    )


def _source(session: Session, host: Host) -> str:
    named = dict.fromkeys(str(entry) for entry in (session.soft, session.hard) if entry)
    if session.soft and session.hard:
        return ", ".join(named)
    if host.session_base:
        return ", ".join([*named, "those of PID 1, from which PAM starts here"])
    return ", ".join([*named, "inherited from " + ", ".join(dict.fromkeys(giver.name for giver in host.logins))])


def _enough(entry: Entry, floor: Limit, nr_open: int) -> bool:
    if entry.value is None:
        return False
    value = limits_conf.value(entry, nr_open=nr_open)
    soft, hard = (
        value if entry.type in (part, limits_conf.BOTH) else None for part in (limits_conf.SOFT, limits_conf.HARD)
    )
    return reaches(Limit(floor.soft if soft is None else soft, floor.hard if hard is None else hard), floor)
