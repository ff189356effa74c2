# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents on the cards: what causes a finding on another host, and which findings of other hosts it explains.

A finding that another host's finding explains has no card of its own. Sentences have HOSTS in place of the hosts to
which they apply, so that those about several hosts can be merged.
"""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Sequence

from ...module_utils._diagnosis.finding_text import number
from ...module_utils._diagnosis.rule import worst
from .host_names import short
from .merged import shared

HOSTS = "\1"
# A finding has no card of its own if incidents explain at least this share of its sockets.
_SHARE = 0.9
_LONGEST = 60
# The kind whose effects are none.
_BY_ITSELF = "ports_waiting"

# A host and the id of one of its findings.
Key = tuple[str, str]


class Sentence(NamedTuple):
    """A sentence about a host."""

    host: str
    text: str


def told(sentences: Iterable[Sentence]) -> list[str]:
    """Return the sentences, merged if they are the same about several hosts."""
    return [each.text.replace(HOSTS, _named(each.hosts)) for each in shared(sentences)]


def _named(hosts: Sequence[str]) -> str:
    names = short(hosts)
    return names if len(names) <= _LONGEST else f"{len(hosts)} hosts"


class Joined:
    """The findings of hosts after incidents have joined them."""

    def __init__(self, hosts: Sequence[Mapping[str, Any]], incidents: Sequence[Mapping[str, Any]]) -> None:
        self._hosts = hosts
        self._findings = {(host["host"], finding["id"]): finding for host in hosts for finding in host["findings"]}
        self._of_host = {host["host"]: host["findings"] for host in hosts}
        self._caused_by: dict[Key, list[Sentence]] = {}
        self._elsewhere: dict[Key, list[Sentence]] = {}
        # The findings without a card of their own, with those that explain them, and the other way round.
        self._causes: dict[Key, list[Key]] = {}
        self._explained: dict[Key, list[Key]] = {}
        self._merge(incidents)
        for incident in incidents:
            self._say(incident)

    def hosts(self) -> list[Mapping[str, Any]]:
        """Return the hosts with the findings that have a card, and in these `caused_by` and `elsewhere`.

        Both are lists of Sentence: what causes the finding, and what it causes on other hosts.
        """
        changed = {host for host, _id in (*self._caused_by, *self._elsewhere, *self._causes)}
        return [{**host, "findings": self._kept(host)} if host["host"] in changed else host for host in self._hosts]

    def card(self, key: Key) -> Key:
        """Return the finding whose card tells this one."""
        root = self._root(key)
        while root in self._causes:
            root = self._root(self._causes[root][0])
        return root

    def _kept(self, host: Mapping[str, Any]) -> list[dict[str, Any]]:
        keys = [(host["host"], finding["id"]) for finding in host["findings"]]
        return [self._with_sentences(key) for key in keys if self._root(key) not in self._causes]

    def _with_sentences(self, key: Key) -> dict[str, Any]:
        explained = list(self._all_explained(key))
        elsewhere = [sentence for one in (key, *explained) for sentence in self._elsewhere.get(one, [])]
        consequences = [sentence for one in explained for sentence in self._consequences(one)]
        severities = [self._findings[one]["severity"] for one in (key, *explained)]
        return {
            **self._findings[key],
            "severity": worst(*severities),
            "caused_by": self._caused_by.get(key, []),
            "elsewhere": [*elsewhere, *consequences],
        }

    def _merge(self, incidents: Iterable[Mapping[str, Any]]) -> None:
        """Find the findings that incidents explain and whose causes have cards."""
        numbers: dict[Key, float] = {}
        causes: dict[Key, list[Key]] = {}
        for incident in incidents:
            cause = self._card(incident)
            for effect in incident["effects"]:
                key = (effect["host"], effect["finding"])
                if cause in self._findings and key in self._findings and key != cause:
                    numbers[key] = numbers.get(key, 0) + effect["count"]
                    causes.setdefault(key, []).append(self._root(cause))
        for key, found in causes.items():
            evidence = self._findings[key]["evidence"]
            is_explained = numbers[key] >= _SHARE * evidence.get("used", evidence.get("count", 0))
            if is_explained and self._root(key) == key and not any(self._becomes(cause, key) for cause in found):
                self._causes[key] = list(dict.fromkeys(found))
                for cause in self._causes[key]:
                    self._explained.setdefault(cause, []).append(key)

    def _card(self, incident: Mapping[str, Any]) -> Key:
        """Return the finding whose card tells the incident: its cause's, or the effect's if both ends have one."""
        cause, effect = incident["cause"], incident["effects"][0]
        is_seen_there = any(one["host"] == cause["host"] for one in incident["effects"])
        found = (effect["host"], effect["finding"])
        return found if is_seen_there and not cause["finding"] else (cause["host"], cause["finding"])

    def _becomes(self, key: Key, other: Key) -> bool:
        """Return whether the card of `key` is part of the card of `other`."""
        return key == other or any(self._becomes(cause, other) for cause in self._causes.get(key, []))

    def _root(self, key: Key) -> Key:
        """Return the finding that explains this one on the same host, directly or through others."""
        while self._findings[key]["because_of"]:
            key = (key[0], self._findings[key]["because_of"])
        return key

    def _all_explained(self, key: Key) -> Iterator[Key]:
        """Yield the findings without a card because of this one, directly or through others."""
        for one in self._explained.get(key, []):
            yield one
            yield from self._all_explained(one)

    def _consequences(self, key: Key) -> Iterator[Sentence]:
        """Yield what a finding without a card explains on its own host."""
        for row in self._of_host[key[0]]:
            if row["id"] != key[1] and self._root((key[0], row["id"])) == key:
                yield Sentence(key[0], f"{HOSTS}: {row['title']} ({row['id']})")

    def _say(self, incident: Mapping[str, Any]) -> None:
        cause, caused_by = incident["cause"], incident["caused_by"]
        own = self._card(incident)
        if own in self._findings:
            process = f"{cause['process']} on " if cause["process"] else ""
            if caused_by == f"{process}{cause['host']}":
                self._add(self._caused_by, own, [Sentence(cause["host"], f"{process}{HOSTS}")])
            elif incident["kind"] == _BY_ITSELF:
                self._add(self._caused_by, own, [Sentence(cause["host"], caused_by)])
            self._add(self._elsewhere, own, _effects(incident, own[0]))
        for effect in incident["effects"]:
            key = (effect["host"], effect["finding"])
            if key in self._findings and key not in self._causes and self._root(key) == key:
                self._add(self._caused_by, key, [Sentence(effect["host"], caused_by + _there(cause))])

    def _add(self, place: dict[Key, list[Sentence]], key: Key, sentences: Iterable[Sentence]) -> None:
        """Add sentences to the card of a finding."""
        place.setdefault(self._root(key), []).extend(sentences)


def _effects(incident: Mapping[str, Any], host: str) -> Iterator[Sentence]:
    """Yield what an incident causes elsewhere, for its card on `host`: that of its cause, or of another effect."""
    for effect in incident["effects"] if incident["kind"] != _BY_ITSELF else []:
        # A card of an effect is joined by that of the cause's host only; other effects have their own.
        if effect["host"] == host or incident["cause"]["host"] not in (host, effect["host"]):
            continue
        finding = f" ({effect['finding']})" if effect["finding"] else ""
        what = f"on {HOSTS} cannot send" if incident["kind"] == "not_read" else f"in {effect['state']} on {HOSTS}"
        yield Sentence(effect["host"], f"{number(effect['count'])} connections {what}{finding}")


def _there(cause: Mapping[str, Any]) -> str:
    """Return how many connections the cause has, in parentheses."""
    if not cause["state"]:
        return ""
    where = {"LISTEN": "in the accept queue", "ESTABLISHED": "with unread data"}
    return f" ({number(cause['count'])} {where.get(cause['state'], 'in ' + cause['state'])} there)"
