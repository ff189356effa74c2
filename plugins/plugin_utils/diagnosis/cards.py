# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incident cards: diagnoses of hosts as lines that somebody can act on in the middle of the night."""

from __future__ import annotations

import re
import textwrap
from typing import Any, Iterator, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.finding_text import filled, peer_list, where, who
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rule import SEVERITIES
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import AVOID

from ..fleet.document import one_line

# How bad each finding is, in words: for each rule what its evidence says. What is not known is not said.

_LEFT = "at this rate the limit is met in {left}"
_UNANSWERED = (
    "{unanswered} had to send again",
    "{queued_bytes} bytes wait in {queued_sockets} queues",
    "{growth} a second",
    "{timeouts_per_second} are given up a second",
    "orphans: {orphans_percent} % of the machine's limit",
    "{established} connections are in use",
)
_FIGURES: dict[str, tuple[str, ...]] = {
    "close_wait": (
        "{share} % of its limit of {nofile} open files",
        "{growth} a second",
        _LEFT,
        "{lingering} were there at the first look already",
        "{unread_sockets} were not read to their end",
        "{established} connections are in use",
        "{not_accepted} of them nobody has accepted",
    ),
    "ghost_descriptors": ("{share} % of its limit of {nofile} open files", "{growth} a second", _LEFT),
    "port_exhaustion": (
        "{used} of {available} ports",
        "{time_wait} of them in TIME_WAIT",
        "destinations beside it that are near: {others}",
    ),
    "tw_overflow": ("{percent} % of the table", "{overflows_per_second} find no room each second"),
    "last_ack": _UNANSWERED,
    "fin_wait1": _UNANSWERED,
    "closing": _UNANSWERED,
    "fin_wait2_orphaned": ("{growth} a second", "{time_wait} are in TIME_WAIT beside them"),
    "fin_wait2_owned": ("{growth} a second", "{established} connections are in use"),
    "accept_queue": (
        "{overflows_per_second} are turned away each second",
        "{not_accepted} of all connections are not accepted yet",
    ),
    "syn_queue": (
        "{full_per_second} found the queue full each second",
        "{cookies_per_second} cookies are sent a second and {cookies_returned_per_second} come back",
        "{dropped_per_second} are dropped each second",
        "port {port} takes {backlog}",
    ),
    "emfile": (
        "{growth} a second",
        _LEFT,
        "{sockets} of them are TCP sockets, {close_wait} in CLOSE_WAIT",
        "{ghosts} of closed connections",
        "its hard limit is {hard}",
    ),
    "enfile": ("{growth} a second", _LEFT),
    "conntrack": (
        "{dropped_per_second} packets are dropped each second",
        "{evicted_per_second} entries are thrown out for others each second",
        "{buckets} buckets",
    ),
    "tcp_memory": ("pressure begins at {pressure} pages", "{resets_per_second} connections are reset each second"),
    "paws": ("tcp_tw_recycle is {tcp_tw_recycle}", "{rejected_per_second} of our own are refused each second"),
    "idle_established": (
        "{keepalive} have keepalive",
        "{segments_per_second} segments come in a second",
        "{unread_sockets} have {unread_bytes} bytes unread",
    ),
}
_FIELD = re.compile(r"\{(\w+)\}")
# Zero of these is no news.
_MAY_BE_ZERO = {
    "established",
    "keepalive",
    "time_wait",
    "cookies_returned_per_second",
    "segments_per_second",
    "close_wait",
}


def figures(rule: str, evidence: Mapping[str, Any]) -> list[str]:
    """What is known, each a few words; for a rule of somebody's own all of its evidence that is not a list."""
    known = {**evidence, "left": _duration(evidence.get("seconds_left"))}
    if rule not in _FIGURES:
        return [f"{name}: {value}" for name, value in evidence.items() if not isinstance(value, (list, dict))]
    return [
        _signed(text, known) for text in _FIGURES[rule] if all(_is_news(name, known) for name in _FIELD.findall(text))
    ]


def _is_news(name: str, known: Mapping[str, Any]) -> bool:
    value = known.get(name)
    return value is not None and (bool(value) or name in _MAY_BE_ZERO)


def _signed(text: str, known: Mapping[str, Any]) -> str:
    growth = known.get("growth") or 0
    return filled(text, {**known, "growth": f"{growth:+.3g}"})


def _duration(seconds: float | None) -> str | None:
    """`45 seconds`, `12 minutes`, `3 hours`; None beyond a day, which is no growth to speak of.

    >>> _duration(754)
    '12 minutes'
    """
    if seconds is None or seconds > 86400:
        return None
    for length, unit in ((7200, 3600), (120, 60)):
        if seconds >= length:
            return f"{int(seconds // unit)} {'hours' if unit == 3600 else 'minutes'}"
    return f"{int(seconds)} seconds"


_WIDTH = 110
_LABEL = 10
_MOST_CAUSES = 3
_NUMBERED = re.compile(r"\d\. ")
_ROLES = ("web", "squid", "mail", "client", "million_connections")


def lines(fleet: Mapping[str, Any]) -> list[str]:
    """A card for each host with findings, the most urgent first, a line for each that is missing, and a sum.

    fleet: {hosts: [{host, findings, notes, unjudged}], missing: [{host, unreachable, reason}]}. Quiet hosts
    without notes share one line.
    """
    sick = sorted((host for host in fleet["hosts"] if host["findings"]), key=_urgency)
    quiet = sorted((host for host in fleet["hosts"] if not host["findings"]), key=lambda host: host["host"])
    missing = sorted(fleet["missing"], key=lambda row: row["host"])
    found = [line for host in sick for line in (*_card(host), "")]
    found += [*_quiet(quiet), *map(_missing, missing)]
    return [*found, *([""] if quiet or missing else []), _sum(sick, quiet, missing)]


def _urgency(host: Mapping[str, Any]) -> tuple:
    return (-SEVERITIES.index(host["findings"][0]["severity"]), -len(host["findings"]), host["host"])


def _card(host: Mapping[str, Any]) -> Iterator[str]:
    """What, how bad, who, why, what to do and what not to, for each cause; what it leads to; what else there is."""
    findings = host["findings"]
    causes = [finding for finding in findings if not finding["because_of"]]
    for number, cause in enumerate(causes[:_MOST_CAUSES]):
        yield from textwrap.wrap(
            f"{host['host']}  {cause['severity'].upper()}{'' if number == 0 else ', too'}: {cause['title']}",
            _WIDTH,
            subsequent_indent="    ",
        )
        yield from _section(cause, _effects(cause["id"], findings))
    for cause in causes[_MOST_CAUSES:]:
        yield from _line("besides", f"{cause['title']} ({cause['severity']}, {cause['id']})")
    for note in host["notes"]:
        yield from _line("note", note["text"])
    yield from _unjudged(host)


def _section(finding: Mapping[str, Any], effects: list[Mapping[str, Any]]) -> Iterator[str]:
    evidence = finding["evidence"]
    yield from _line("how bad", "; ".join(figures(finding["id"], evidence)))
    yield from _line("who", "; ".join(_who(evidence)))
    yield from _line("why", finding["cause"])
    for effect in effects:
        yield from _line("leads to", f"{effect['title']} ({effect['id']})")
    for number, remedy in enumerate(finding["remedies"], start=1):
        yield from _line("do" if number == 1 else "", f"{number}. {remedy['text']}{_held_by(remedy)}")
    for number, token in enumerate(finding["avoid"]):
        yield from _line("do not" if number == 0 else "", AVOID.get(token, token))


def _effects(cause: str, findings: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What it explains, directly or by a detour."""
    found = {cause}
    for finding in findings:
        if finding["because_of"] in found:
            found.add(finding["id"])
    return [finding for finding in findings if finding["id"] in found - {cause}]


def _who(evidence: Mapping[str, Any]) -> Iterator[str]:
    if evidence.get("pid"):
        yield who(evidence)
    if evidence.get("destination"):
        yield f"from {evidence.get('source')} to {evidence['destination']} port {evidence.get('port')}"
    elif evidence.get("port") is not None:
        yield f"{'listens on' if evidence.get('backlog') else 'at port'} {where(evidence).lstrip(':')}"
    if evidence.get("peers"):
        yield f"peers {peer_list(evidence)}"


def _held_by(remedy: Mapping[str, Any]) -> str:
    """Which role or set of remedies has the parameters."""
    if not remedy["profile"]:
        return ""
    return (
        f" (role nettune.tcp.{remedy['profile']})"
        if remedy["profile"] in _ROLES
        else f" (tuning_remedies: [{remedy['profile']}])"
    )


def _unjudged(host: Mapping[str, Any]) -> Iterator[str]:
    if host["unjudged"]:
        yield from _line("unjudged", "; ".join(f"{row['id']} ({one_line(row['why'])})" for row in host["unjudged"]))


def _line(label: str, text: str) -> list[str]:
    """The text behind its label, wrapped; no lines where there is nothing to say."""
    indent = " " * (_LABEL + 4)
    hanging = indent + ("   " if _NUMBERED.match(text) else "")
    return textwrap.wrap(text, _WIDTH, initial_indent=f"    {label:<{_LABEL}}", subsequent_indent=hanging)


def _quiet(hosts: list[Mapping[str, Any]]) -> Iterator[str]:
    """Those of which there is something to say have a line each."""
    silent = [host["host"] for host in hosts if not (host["notes"] or host["unjudged"])]
    if silent:
        yield from textwrap.wrap(f"nothing found: {', '.join(silent)}", _WIDTH, subsequent_indent="    ")
    for host in hosts:
        if host["host"] not in silent:
            said = [note["text"] for note in host["notes"]]
            said += [f"not judged: {', '.join(row['id'] for row in host['unjudged'])}"] if host["unjudged"] else []
            yield from textwrap.wrap(
                f"{host['host']}  nothing found; {' '.join(said)}", _WIDTH, subsequent_indent="    "
            )


def _missing(row: Mapping[str, Any]) -> str:
    return f"{row['host']}  {'unreachable' if row['unreachable'] else 'not diagnosed'}: {row['reason']}"


def _sum(sick: list[Any], quiet: list[Any], missing: list[Any]) -> str:
    total = len(sick) + len(quiet) + len(missing)
    urgent = sum(1 for host in sick if host["findings"][0]["severity"] == SEVERITIES[-1])
    told = [f"{len(sick)} of {total} host{'' if total == 1 else 's'} with findings"]
    told += [f"{urgent} of them critical"] if urgent else []
    told += [f"{len(missing)} not diagnosed"] if missing else []
    return ", ".join(told)
