# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of logins: what pam_limits(8) gives a user without our files, and the lines that raise it."""

from __future__ import annotations

from typing import Iterable, Iterator, Mapping, NamedTuple, Sequence

from .._formats import limits_conf, unit_conf
from .._formats.limits_conf import Entry, Session
from .._formats.rlimit import Limit, at_most, reaches
from . import profile_files
from .journal import State
from .request import EVERYBODY, Request
from .snapshot import Files, Host, Parent


class Range(NamedTuple):
    """The limits of one user's logins, which differ with the daemon that opens the session.

    low, high: least and highest soft and hard limit. session: the lines that apply.
    """

    low: Limit
    high: Limit
    session: Session


class Decision(NamedTuple):
    """What to do for one user.

    floor: as much of the requested floor as logins can be given. without_us: what logins get without our files. soft,
    hard: the values of the lines to write, None for no line. reason: of the decision, for people. skipped: why nothing
    can be done; empty otherwise. accepted: whether a limit below the floor is left as it is.
    """

    user: str
    floor: Limit
    without_us: Range | None = None
    soft: int | None = None
    hard: int | None = None
    reason: str = ""
    skipped: str = ""
    accepted: bool = False


def decide(user: str, floor: Limit, host: Host, other_lines: Sequence[Entry], *, accept_half: bool = False) -> Decision:
    """Decide how to raise the logins of `user` to `floor`.

    other_lines: the lines of all files but ours, in order. accept_half: leave a soft limit of at least half the floor.
    """
    capped = at_most(floor, ceiling(host))
    skipped = _skipped(user, host)
    if skipped:
        return Decision(user, capped, skipped=skipped)
    without_us = limits_of(user, host, other_lines)
    exemption = without_us.session.ended_by
    if exemption:
        return Decision(user, capped, without_us, skipped=f"{exemption} exempts this user from all limits")
    if accept_half and floor.soft <= 2 * without_us.low.soft < 2 * floor.soft:
        reason = f"left as is: {without_us.low} is at least half of {floor.soft}"
        return Decision(user, capped, without_us, reason=reason, accepted=True)
    soft = _line(capped.soft, without_us.low.soft, min(without_us.high.soft, host.nr_open))
    hard = _line(capped.hard, without_us.low.hard, min(without_us.high.hard, host.nr_open))
    return Decision(user, capped, without_us, soft, hard, _reason(capped, without_us, host, soft, hard))


def limits_of(user: str, host: Host, lines: Sequence[Entry]) -> Range:
    """Return the limits of the user's logins that use pam_limits, if it reads `lines`."""
    account = host.accounts.get(user)  # None for EVERYBODY
    is_root = account is not None and account.uid == 0
    session = limits_conf.session(lines, account, wildcards=not (is_root and host.root_needs_own_line))
    limits = [limit for daemon in host.pam_daemons for limit in _effective(session, daemon, host)]
    low, high = (Limit(pick(one.soft for one in limits), pick(one.hard for one in limits)) for pick in (min, max))
    return Range(low, high, session)


def impossible(session: Session, host: Host) -> str:
    """Return what a line does that asks for more than a daemon may set, empty if there is none."""
    daemon = min(host.pam_daemons, key=lambda one: one.ceiling(host.nr_open))
    most, line = daemon.ceiling(host.nr_open), session.hard
    if line is None or limits_conf.value(line, unlimited=host.unlimited) <= most:
        return ""
    effect = "su and login refuse sessions" if host.failure_ends_session else "sessions keep the limit they inherit"
    return f"{line} says {line.written}, more than {daemon.name} may set ({most}), so {effect}"


def ceiling(host: Host) -> int:
    """Return the highest limit that every login with pam_limits can be given.

    If a line asks for more, pam_limits fails, and on some distributions the login with it.
    """
    return min(daemon.ceiling(host.nr_open) for daemon in host.pam_daemons)


def entries(found: Files) -> list[Entry]:
    """Return the lines of the files, in order."""
    return [entry for path, text in found for entry in limits_conf.entries(path, text)]


def render(profile: str, request: Request, decisions: Mapping[str, Decision]) -> str | None:
    """Return the text of the profile's limits.d file, or None if none of its users needs a line."""
    lines = [line for user in request.all_users for line in _lines(decisions[user], request.floor_of(user))]
    if not lines:
        return None
    named = f"At least {request.floor} open files (soft:hard) for logins of: {' '.join(request.users)}."
    others = f"At least {request.logins} open files for all other logins that would get less than half as many."
    notes = [
        *([named] if request.users else []),
        *([others] if request.logins else []),
        "A part that is missing, or higher than that, is so already without this file and is not lowered.",
    ]
    return "".join(f"# {line}\n" for line in profile_files.header(profile, notes)) + "\n" + "\n".join(lines) + "\n"


def exceptions(floor: Limit, host: Host, lines: Iterable[Entry]) -> list[Entry]:
    """Return the lines for users and groups that give less than `floor`: they take precedence over a line for `*`."""
    return [
        entry
        for entry in lines
        if entry.domain != EVERYBODY and not entry.domain.startswith("%") and not _enough(entry, floor, host)
    ]


def without_us(host: Host, state: State) -> Host:
    """Return the host with the limits that its login daemons would have without us.

    A daemon may have a limit of ours: we raised it while it ran, or it was started with a drop-in of ours or from a
    session that our lines had raised. Its limit before our first change is in the journal. A limit above all limits
    that we ever set is not ours.
    """
    ours = list(_our_limits(state))
    if state.logins is None or not ours:
        return host
    highest = Limit(max(limit.soft for limit in ours), max(limit.hard for limit in ours))
    daemons = (one._replace(limit=_limit_without_us(one, highest, state.logins)) for one in host.login_daemons)
    return host._replace(login_daemons=tuple(daemons))


def least_inherited(host: Host) -> Limit:
    """Return the least limit that a login inherits, for the journal."""
    return Limit(
        min(daemon.limit.soft for daemon in host.login_daemons), min(daemon.limit.hard for daemon in host.login_daemons)
    )


def _limit_without_us(daemon: Parent, highest: Limit, journalled: Limit) -> Limit:
    parts = zip(daemon.limit, highest, journalled)
    return Limit(*(now if now > ours else min(now, before) for now, ours, before in parts))


def _our_limits(state: State) -> Iterator[Limit]:
    """Yield every limit that we have set or are about to set."""
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


def _skipped(user: str, host: Host) -> str:
    if not host.pam:
        return "logins on this host do not use pam_limits: there is no /etc/security"
    if all(daemon.name in host.outside_pam for daemon in host.login_daemons):
        names = dict.fromkeys(daemon.name for daemon in host.login_daemons)
        reasons = ", ".join(dict.fromkeys(map(host.outside_pam.__getitem__, names)))
        return f"logins on this host do not use pam_limits ({reasons}): raise the service of {', '.join(names)} instead"
    account = host.accounts.get(user)
    if user != EVERYBODY and account is None:
        return "no such account on this host"
    if account is not None and account.name != user:
        return f"the name of this account is {account.name} on this host: use that name"
    return ""


def _effective(session: Session, daemon: Parent, host: Host) -> list[Limit]:
    """Return the limits that sessions can have after setup_limits() of pam_limits.

    A part without a line stays, and the soft limit ends at the hard one. If the daemon may not set the hard limit,
    setrlimit(2) fails with EPERM, and the session keeps both parts: what it inherited, or after su(1), which lowers the
    soft limit before it calls PAM, at most FD_SETSIZE (sanitize_prlimits() in login-utils/su-common.c of util-linux).
    Where pam_limits then fails, only sshd goes on without it (do_pam_session() in auth-pam.c of OpenSSH).
    """
    start = host.base_of(daemon)
    if session.ended_by or not (start or session.soft or session.hard):
        return [daemon.limit]
    base = start or daemon.limit
    hard = _value(session.hard, base.hard, host)
    if hard > daemon.ceiling(host.nr_open):
        if host.failure_ends_session:
            return [daemon.limit]
        return [daemon.limit, Limit(min(daemon.limit.hard, limits_conf.FD_SETSIZE), daemon.limit.hard)]
    return [Limit(min(_value(session.soft, base.soft, host), hard), hard)]


def _value(entry: Entry | None, inherited: int, host: Host) -> int:
    return inherited if entry is None else limits_conf.value(entry, unlimited=host.unlimited)


def _line(floor: int, low: int, high: int) -> int | None:
    """Return the value of a line, None if every login has the floor; never less than any login has."""
    return None if low >= floor else max(floor, high)


def _lines(decision: Decision, floor: Limit) -> list[str]:
    """Return the lines of a profile with this floor. The values may be higher because of other profiles."""
    if decision.without_us is None:
        return []
    parts = zip((limits_conf.SOFT, limits_conf.HARD), (decision.soft, decision.hard), decision.without_us.low, floor)
    return [f"{decision.user} {part} nofile {value}" for part, value, low, asked in parts if value and low < asked]


def _reason(floor: Limit, without: Range, host: Host, soft: int | None, hard: int | None) -> str:
    source = _source(without.session, host)
    if soft is None and hard is None:
        return f"already {without.low} ({source})"
    if hard is None:
        return f"hard limit unchanged: already {without.low.hard} ({source})"
    parts = (("soft", soft, floor.soft), ("hard", hard, floor.hard))
    higher = [part for part, value, asked in parts if (value or 0) > asked]
    if higher:
        return f"{' and '.join(higher)} above the floor, as without nettune.tcp ({source})"
    return f"without nettune.tcp: {without.low} ({source})"


def _source(session: Session, host: Host) -> str:
    lines = dict.fromkeys(entry.described for entry in (session.soft, session.hard) if entry)
    if session.soft and session.hard:
        return ", ".join(lines)
    if host.session_base:
        return ", ".join([*lines, "from PID 1, as this version of PAM does"])
    names = dict.fromkeys(daemon.name for daemon in host.pam_daemons)
    inheriting = ", ".join(name for name in names if name not in host.set_all)
    started = ", ".join(name for name in names if name in host.set_all)
    given = (("inherited from", inheriting), ("from PID 1, by set_all for", started))
    return ", ".join([*lines, *(f"{how} {daemons}" for how, daemons in given if daemons)])


def _enough(entry: Entry, floor: Limit, host: Host) -> bool:
    if entry.value is None:
        return False
    value = limits_conf.value(entry, unlimited=host.unlimited)
    soft, hard = (
        value if entry.type in (part, limits_conf.BOTH) else None for part in (limits_conf.SOFT, limits_conf.HARD)
    )
    return reaches(Limit(floor.soft if soft is None else soft, floor.hard if hard is None else hard), floor)
