# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A card: one finding and what to do about it, for all hosts that share its cause."""

from __future__ import annotations

import re
from typing import Any, Iterable, Iterator, Mapping, Sequence

from ...module_utils._diagnosis.rules import AVOID
from . import line
from .evidence import figures, involved
from .host_names import natural, short
from .incidents import told
from .line import Line, paragraph
from .merged import merge, pattern, shared

COLORS = {"critical": line.CRITICAL, "warning": line.WARNING}
_LABEL = 10
_MAX_WHO = 4
_ROLES = ("web", "squid", "mail", "client", "million_connections")
_NUMBERED = re.compile(r"\d\. ")


class Card:
    """A finding of one or more hosts."""

    def __init__(self, pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]):
        """Take pairs of a host and its finding, all of the same group; see group_of."""
        self._pairs = sorted(pairs, key=lambda pair: natural(pair[0]["host"]))
        self._hosts = [str(host["host"]) for host, _finding in self._pairs]
        self._finding = self._pairs[0][1]

    @property
    def severity(self) -> str:
        """The severity of the finding."""
        return str(self._finding["severity"])

    @property
    def title(self) -> str:
        """The title, with ranges in place of the numbers in which the hosts differ."""
        return merge([finding["title"] for _host, finding in self._pairs])

    def lines(self, width: int) -> list[Line]:
        """Return the card; no line is longer than `width`."""
        heading = f"{short(self._hosts)}  {self.severity.upper()}: {self.title}"
        lines = paragraph(heading, width=width, hanging="    ", severity=COLORS.get(self.severity, ""))
        for label, text in self._body():
            lines += _labelled(label, text, width)
        return lines

    def document(self) -> dict[str, Any]:
        """Return the card as JSON: its sentences by kind, and the hosts that share it."""
        return {
            "id": str(self._finding["id"]),
            "severity": self.severity,
            "title": self.title,
            "hosts": self._hosts,
            **self._sentences(),
        }

    def _body(self) -> Iterator[tuple[str, str]]:
        found = self._sentences()
        for cause in found["caused_by"]:
            yield "caused by", cause
        yield "how bad", "; ".join(found["figures"])
        who = found["who"]
        rest = len(who) - _MAX_WHO
        yield "who", "; ".join(who[:_MAX_WHO]) + (f"; {rest} more (shown with -v)" if rest > 0 else "")
        yield "processes", self._process_ids()
        for cause in found["why"]:
            yield "why", cause
        for effect in found["effects"]:
            yield "leads to", effect
        for number, remedy in enumerate(found["remedies"], start=1):
            yield "do" if number == 1 else "", f"{number}. {remedy}"
        for number, text in enumerate(found["avoid"]):
            yield "do not" if number == 0 else "", text

    def _sentences(self) -> dict[str, list[str]]:
        """Return what the findings say, by kind; a sentence that does not apply to all hosts names its hosts."""
        each = [(host, str(host["host"]), finding) for host, finding in self._pairs]
        rule = self._finding["id"]
        return {
            "caused_by": told(sentence for _host, _name, one in each for sentence in one.get("caused_by", [])),
            "figures": self._all((name, text) for _host, name, one in each for text in figures(rule, one["evidence"])),
            "who": self._all((name, text) for _host, name, one in each for text in involved(one["evidence"])),
            "why": self._all((name, one["cause"]) for _host, name, one in each),
            "effects": [
                *self._all((name, text) for host, name, one in each for text in _effects(host, one)),
                *told(sentence for _host, _name, one in each for sentence in one.get("elsewhere", [])),
            ],
            "remedies": self._all((name, _remedy(remedy)) for _host, name, one in each for remedy in one["remedies"]),
            "avoid": list(dict.fromkeys(AVOID.get(name, name) for _host, _name, one in each for name in one["avoid"])),
        }

    def _all(self, sentences: Iterable[tuple[str, str]]) -> list[str]:
        """Return the sentences merged; one that does not apply to all hosts of the card names its hosts."""
        return [
            each.text if len(each.hosts) == len(self._hosts) else f"{each.text} ({short(each.hosts)})"
            for each in shared(sentences)
        ]

    def _process_ids(self) -> str:
        """Return the process ID on each host of a card about several hosts, whose sentences leave it out."""
        found = [(host["host"], finding["evidence"].get("pid")) for host, finding in self._pairs]
        known = [f"{pid} on {host}" for host, pid in found if pid]
        if len(found) == 1 or not known:
            return ""
        rest = len(known) - _MAX_WHO
        return f"PID {', '.join(known[:_MAX_WHO])}" + (f"; {rest} more (shown with -v)" if rest > 0 else "")


def group_of(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what findings of hosts that share a card have in common."""
    return finding["severity"], finding["id"], pattern(finding["title"])


def _effects(host: Mapping[str, Any], cause: Mapping[str, Any]) -> list[str]:
    """Return the findings of a host that a cause explains, directly or through others."""
    known = {cause["id"]}
    for finding in host["findings"]:
        if finding["because_of"] in known:
            known.add(finding["id"])
    known.remove(cause["id"])
    return [f"{finding['title']} ({finding['id']})" for finding in host["findings"] if finding["id"] in known]


def _remedy(remedy: Mapping[str, Any]) -> str:
    """Return the text of a remedy with the role or set of remedies that manages its parameters, if there is one."""
    profile = remedy["profile"]
    if not profile:
        return str(remedy["text"])
    managed = f"role nettune.tcp.{profile}" if profile in _ROLES else f"tuning_remedies: [{profile}]"
    return f"{remedy['text']} ({managed})"


def _labelled(label: str, text: str, width: int) -> list[Line]:
    """Return the text behind its label; no lines for an empty text."""
    indent = " " * (_LABEL + 4)
    hanging = indent + ("   " if _NUMBERED.match(text) else "")
    return paragraph(text, width=width, indent=f"    {label:<{_LABEL}}", hanging=hanging) if text else []
