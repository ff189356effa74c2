# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts that a diagnosis judges, validated once so that rules can look them up safely.

They are one document, as fleet queries see a host: all of nettune_tcp, with nettune_sysctl as `sysctl` and
nettune_nofile as `nofile`. Absent facts and null are None; a fact of the wrong type raises MalformedInput.
"""

from __future__ import annotations

from typing import Any, Mapping

from .._common.errors import MalformedInput

_SECTIONS = {"sysctl": "nettune_sysctl", "nofile": "nettune_nofile"}
_TEXT, _NUMBER, _SCALAR = "text", "a number", "text or a number"
_COUNT, _SHARE = "a whole number, 0 or more", "a number, 0 or more"
# No kernel counts further, and floating-point numbers overflow long after it.
_GREATEST = 1 << 64
_ANY = "*"
_COUNTS: dict = {_ANY: _COUNT}
_NUMBERS: dict = {_ANY: _NUMBER}
_QUEUE = {"bytes": _COUNT, "sockets": _COUNT}
_PEERS = [{"address": _TEXT, "count": _COUNT}]
_QUEUED = {**dict.fromkeys(("recv_q", "send_q"), _QUEUE), "timers": _COUNTS, "unread": _PEERS, "window_closed": _PEERS}
_SOCKETS = {"inbound": _COUNT, "unowned": _COUNT, "unanswered": _COUNT}
_ENDS = {"source": _TEXT, "destination": _TEXT, "port": _COUNT}
_DESTINATION = {**_ENDS, "used": _COUNT, "ratio": _SHARE, "time_wait": _COUNT}
_PROCESS = {"pid": _COUNT, "name": _TEXT, "unit": _TEXT, "container": _TEXT, "descriptors": _COUNT, "ghosts": _COUNT}
_HELD = {"states": _COUNTS, "lingering": _COUNTS, "unread": _COUNT, "listens": [_COUNT]}
_SOURCE = {"path": _TEXT, "line": _COUNT, "program": _TEXT}
_SHAPE: dict = {
    "at": _TEXT,
    "addresses": [_TEXT],
    "states": _COUNTS,
    "total": _COUNT,
    "listeners": [{"address": _TEXT, "port": _COUNT, "backlog": _COUNT, "queued": _COUNT}],
    "counters": {_ANY: _NUMBERS},
    "rates": {
        "Tcp": _NUMBERS,
        "TcpExt": _NUMBERS,
        "states": _NUMBERS,
        "unowned": _NUMBERS,
        "conntrack": _NUMBERS,
        "seconds": _SHARE,
        "processes": [{"pid": _COUNT, "descriptors": _NUMBER, "ghosts": _NUMBER, "states": _NUMBERS}],
    },
    "ports": [{"port": _COUNT, "states": _COUNTS}],
    "peers": {_ANY: _PEERS},
    "ephemeral": {
        "range": [_COUNT],
        "available": _COUNT,
        "busiest": [_DESTINATION],
        "sources": [{"source": _TEXT, "ports": _COUNT, "sockets": _COUNT, "ratio": _SHARE}],
        "unanswered": [{**_ENDS, "count": _COUNT}],
    },
    "queues": {_ANY: {**_QUEUED, **_SOCKETS}},
    "processes": [{**_PROCESS, **_HELD, "nofile": {"soft": _COUNT, "hard": _COUNT}}],
    "orphans": {"count": _COUNT, "max": _COUNT},
    "time_wait": {"count": _COUNT, "max": _COUNT, "bytes": _COUNT},
    "conntrack": {"count": _COUNT, "max": _COUNT, "buckets": _COUNT},
    "memory": {"pages": _COUNT, "low": _COUNT, "pressure": _COUNT, "high": _COUNT},
    "partial": [{"what": _TEXT, "reason": _TEXT, "count": _COUNT}],
    "sysctl": {"keys": {_ANY: {"value": _SCALAR, "boot_value": _SCALAR, "boot_source": _SOURCE}}},
    "nofile": {
        "system": {"file_max": _COUNT, "nr_open": _COUNT, "allocated": _COUNT},
        "processes": [{**_PROCESS, "soft": _COUNT, "hard": _COUNT}],
        "rates": {"allocated": _NUMBER, "processes": [{"pid": _COUNT, "descriptors": _NUMBER}]},
    },
}
# Keys that identify a bare nettune_tcp.
_TCP_KEYS = {"by_family", "source", *_SHAPE} - {"at", *_SECTIONS}


class Facts:
    """The facts of one host. missing: the paths that need() did not find; a caller empties it.

    idle_timeout: seconds after which the path to the peers forgets idle connections; 0 if unknown.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.missing: list[str] = []
        self.idle_timeout = 0

    def get(self, *path: str) -> Any:
        """Return the fact at a path, for example get("states", "CLOSE_WAIT"), or None."""
        found: Any = self.document
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def need(self, *path: str) -> Any:
        """Return the fact at a path like get(); without it the rule counts as unjudged."""
        found = self.get(*path)
        if found is None:
            self.missing.append(".".join(path))
        return found

    def rows(self, *path: str) -> list[Mapping[str, Any]]:
        """Return the rows of a list; none if there is no such list."""
        return self.get(*path) or []

    def reasons(self, path: str) -> list[str]:
        """Return why a fact such as memory.high is missing, as far as the facts say."""
        rows = (row for row in self.rows("partial") if f"{path}.".startswith(f"{row.get('what')}."))
        return [row.get("reason") or "" for row in rows]

    def rate(self, name: str) -> float | None:
        """Return the growth of a counter of TcpExt per second; None if unknown."""
        return self.get("rates", "TcpExt", name)

    def opened(self) -> float | None:
        """Return the connections opened per second, in both directions; None if unknown."""
        active, passive = (self.get("rates", "Tcp", name) for name in ("ActiveOpens", "PassiveOpens"))
        return None if active is None or passive is None else active + passive

    def sysctl(self, key: str) -> str | None:
        """Return the running value of a kernel parameter; None if it was not read."""
        value = self.get("sysctl", "keys", key, "value")
        return None if value is None else str(value)


def facts_of(given: Any) -> Facts:
    """Return the facts in `ansible_facts`, in a result that contains them, or in a bare nettune_tcp.

    Raises MalformedInput for facts of another shape, and if there are none.
    """
    document = _document(given)
    check(document)
    return Facts(document)


def check(document: Mapping[str, Any]) -> None:
    """Raise MalformedInput if a document, all facts of a host, does not have the form of facts."""
    _check(document, _SHAPE, "nettune_tcp")


def _document(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise MalformedInput(f"facts must be a dictionary, not {_kind(given)}")
    if isinstance(given.get("ansible_facts"), Mapping) and "nettune_tcp" not in given:
        given = given["ansible_facts"]
    if "nettune_tcp" in given:
        tcp = given["nettune_tcp"]
        if not isinstance(tcp, Mapping):
            raise MalformedInput(f"nettune_tcp must be a dictionary, not {_kind(tcp)}")
        return {**tcp, **{short: given[name] for short, name in _SECTIONS.items() if name in given}}
    if not set(given) & _TCP_KEYS:
        raise MalformedInput("no facts of nettune.tcp.tcp_facts were given: neither nettune_tcp nor a part of it")
    return dict(given)


def _check(value: Any, shape: Any, path: str) -> None:
    """Raise MalformedInput if a value does not have the type that `shape` states. Anything may be null."""
    if value is None:
        return
    if isinstance(shape, dict):
        if not isinstance(value, Mapping):
            raise MalformedInput(f"{path} must be a dictionary, not {_kind(value)}")
        for name in value:
            _check(value[name], shape.get(name, shape.get(_ANY)), f"{path}.{name}")
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise MalformedInput(f"{path} must be a list, not {_kind(value)}")
        for number, row in enumerate(value):
            if row is None:
                raise MalformedInput(f"{path}[{number}] is null")
            _check(row, shape[0], f"{path}[{number}]")
    elif shape and not _fits(value, shape):
        raise MalformedInput(f"{path} must be {shape}, not {_kind(value)}")


def _fits(value: Any, shape: str) -> bool:
    if isinstance(value, str):
        return shape in (_TEXT, _SCALAR)
    # Neither infinity nor what is not a number is at most the greatest.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= _GREATEST:
        return False
    if shape == _COUNT and value != int(value):
        return False
    return shape in (_NUMBER, _SCALAR) or (shape in (_COUNT, _SHARE) and value >= 0)


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a dictionary"
    return "a list" if isinstance(value, list) else repr(value)[:80]
