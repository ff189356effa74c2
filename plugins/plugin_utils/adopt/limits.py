# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The open-file limits of a host's limits.conf and limits.d as variables, as far as a profile can have them."""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterator, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import request

from .role import Role

_SOFT, _HARD, _BOTH = "soft", "hard", "-"
# The soft limit that the kernel gives (include/asm-generic/resource.h, INR_OPEN_CUR).
_USUAL = 1024
_MOST_LISTED = 5

Entry = Mapping[str, Any]


class Limits(NamedTuple):
    """The variables for open-file limits.

    nofile: the limit, 0 for none. users: those who have it. notes: remarks on both. left_out: a sentence for each limit
    that is not among the variables.
    """

    nofile: int
    users: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]


class _Wish(NamedTuple):
    """What the lines of one domain ask for. left_out: the lines and why a profile cannot have them, empty if it can."""

    domain: str
    limit: int
    notes: tuple[str, ...]
    left_out: str = ""


def limits(found: Mapping[str, Any], role: Role) -> Limits:
    """Return the variables. found: `limits` of a result of host_settings."""
    winners, left_out = _winners(found["entries"])
    wishes = [_wish(domain, parts, found["nr_open"]) for domain, parts in winners.items()]
    left_out += [one.left_out for one in wishes if one.left_out]
    possible = [one for one in wishes if not one.left_out]
    nofile = _most_common(possible)
    chosen = [one for one in possible if one.limit == nofile]
    left_out += [
        f"{one.notes[0]}: a profile has one limit, {nofile} here; give {one.domain} a profile of its own"
        for one in possible
        if one.limit != nofile
    ]
    if chosen and nofile < role.nofile:
        left_out += [
            f"{one.notes[0]}: the role sets {role.nofile} for its services, and tuning_nofile would lower that"
            for one in chosen
        ]
        nofile, chosen = 0, []
    notes = [note for one in chosen for note in one.notes]
    notes += ["the services of the role get this limit too"] if chosen and role.nofile else []
    return Limits(nofile, tuple(one.domain for one in chosen), tuple(notes), (*left_out, *_others(found["others"])))


def _winners(entries: Sequence[Entry]) -> tuple[dict[str, dict[str, Entry]], list[str]]:
    """Return the last line for each domain and part, and a sentence for each line that it overrides."""
    winners: dict[str, dict[str, Entry]] = {}
    left_out = []
    for entry in entries:
        if entry["value"] is None:
            left_out.append(f"{_place(entry)}: {entry['domain']} is exempt from all limits, and stays so")
            continue
        parts = winners.setdefault(entry["domain"], {})
        for part in (_SOFT, _HARD) if entry["type"] == _BOTH else (entry["type"],):
            if part in parts and parts[part]["value"] != entry["value"]:
                left_out.append(f"{_shown(parts[part])}: overridden by {_place(entry)}")
            parts[part] = entry
    return winners, list(dict.fromkeys(left_out))


def _wish(domain: str, parts: Mapping[str, Entry], nr_open: int) -> _Wish:
    soft, hard = parts.get(_SOFT), parts.get(_HARD)
    shown = ", ".join(dict.fromkeys(_shown(entry) for entry in (soft, hard) if entry))
    problem = _not_expressible(domain, soft)
    if problem or soft is None:
        return _Wish(domain, 0, (), f"{shown}: {problem}")
    limit = soft["value"] if hard is None else min(soft["value"], hard["value"])
    if limit <= _USUAL:
        return _Wish(domain, 0, (), f"{shown}: logins have {_USUAL} anyway, and nettune.tcp never lowers a limit")
    notes = [shown]
    if limit == nr_open and not soft["written"].isdigit():
        notes.append(f"{domain}: {soft['written']} is fs.nr_open, {nr_open} on this host")
    if hard is not None and hard["value"] > limit:
        notes.append(f"{domain}: the hard limit of {hard['value']} is not part of a role; nofile_limits has `hard`")
    return _Wish(domain, limit, tuple(notes))


def _not_expressible(domain: str, soft: Entry | None) -> str:
    if domain.startswith(("@", "%")):
        return "a profile has users, not groups; list them in tuning_users"
    if ":" in domain:
        return "a profile has names of users, not ranges of IDs; list them in tuning_users"
    try:
        request.from_options({"soft": 1, "users": [domain]})
    except NettuneError:
        return "this is not the name of a user"
    return "" if soft else "it sets only the hard limit, and a profile raises the soft limit too"


def _most_common(wishes: Sequence[_Wish]) -> int:
    """Return the limit of everybody, else the limit that most users have, else the highest; 0 without wishes."""
    everybody = {one.limit for one in wishes if one.domain == request.EVERYBODY}
    counted = Counter(one.limit for one in wishes)
    return max(counted, key=lambda limit: (limit in everybody, counted[limit], limit), default=0)


def _others(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a sentence for each other item that lines of limits.d limit, and for each line without effect."""
    places: dict[str, list[str]] = {}
    for row in rows:
        if row["item"]:
            places.setdefault(row["item"], []).append(_place(row))
    for item, where in places.items():
        more = f" and {len(where) - _MOST_LISTED} more" if len(where) > _MOST_LISTED else ""
        yield f"{item} ({', '.join(where[:_MOST_LISTED])}{more}): nettune.tcp sets open files only"
    for row in rows:
        if not row["item"]:
            yield f"{_place(row)}: {row['text']}: pam_limits ignores this line"


def _shown(entry: Entry) -> str:
    return f"{_place(entry)} ({entry['domain']} {entry['type']} nofile {entry['written']})"


def _place(row: Mapping[str, Any]) -> str:
    return f"{row['path']}:{row['line']}"
