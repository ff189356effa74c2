# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resolve a request to the value that a parameter should have on this host, now and at the next boot."""

from __future__ import annotations

from typing import NamedTuple

from .._common.errors import MalformedInput
from .._formats import port_set
from .._parameters.row import Parameter
from .._parameters.value import as_number, may_become
from .journal import Original
from .request import AT_LEAST, DISPLACED, EXACT, INCLUDE, RANGES, Request, bounded


class Situation(NamedTuple):
    """The state of one parameter. running: in normal form. boot: the value that other files set at boot, or None.

    exists: False while its module is not loaded. boot_is_known: False if something else than those files may set it.
    """

    parameter: Parameter
    running: str
    boot: str | None
    original: Original | None
    exists: bool = True
    boot_is_known: bool = True

    @property
    def is_ours(self) -> bool:
        """Return whether the running value is one that we wrote or that our drop-ins set at boot."""
        original = self.original
        if original is None:
            return False
        unread = self.parameter.rounds and not original.settled
        return unread or self.running in original.ours or may_become(self.parameter, original.line, self.running)

    @property
    def before(self) -> str | None:
        """Return the original value; None if the journal has none."""
        return None if self.original is None else self.original.before

    @property
    def without_us(self) -> str:
        """Return the original value if the running one is ours and the original is known, else the running one."""
        return self.before if self.is_ours and self.before is not None else self.running

    @property
    def boot_without_us(self) -> str | None:
        """Return the numbers at boot without us; None if that is not known, or the kernel would refuse the line."""
        tokens = (self.boot or "").split()
        if len(tokens) == self.parameter.count and all(as_number(token) is not None for token in tokens):
            return self.boot
        return self.parameter.default if self.boot_is_known else None


class Target(NamedTuple):
    """value: for the running kernel. line: for the drop-in, None if the value at boot is right without it.

    asked: what `value` was derived from: the number before the kernel rounds it, or the ports that we add to a set.
    is_bound: whether other values would satisfy the request too.
    """

    value: str
    line: str | None
    asked: str
    note: str = ""
    is_bound: bool = False


def resolve(situation: Situation, request: Request) -> Target:
    """Return the target of one request; all values in normal form."""
    if request.how == EXACT:
        return _as_rounded(situation, Target(request.value, request.value, request.value))
    if request.how == DISPLACED:
        note = "" if situation.running == request.value else "the kernel sets it to 0 with its counterpart"
        return Target(request.value, None, request.value, note)
    if request.how == INCLUDE:
        return _including(situation, request.value)
    return _as_rounded(situation, _bounded(situation, request))


def resolve_absent(situation: Situation, request: Request) -> Target:
    """Return the target of a parameter that does not exist, mostly until its module is loaded.

    For numbers and words only.
    """
    module = situation.parameter.module
    note = f"takes effect when {module} is loaded" if module else "takes effect when the parameter exists"
    if request.how == EXACT:
        return Target(request.value, request.value, request.value, note)
    at_boot = situation.boot_without_us
    found = situation.before or request.value
    value = bounded(situation.parameter, request.how, request.value, at_boot or found)
    return Target(value, None if value == at_boot else value, value, note, is_bound=True)


def restore(situation: Situation) -> str | None:
    """Return the value that reverts our change, or None to leave alone what someone else has changed since."""
    original = situation.original
    if original is None or situation.running == original.before:
        return situation.running
    if situation.parameter.kind == "ports":
        return _without_our_ports(original, port_set.parse(situation.running))
    before = situation.parameter.default if original.before is None else original.before
    return before if situation.is_ours else None


def journalled(situation: Situation, target: Target) -> Original:
    """Return the journal's row of a parameter.

    A value of someone else that satisfies a bound does not become ours. If that value no longer satisfies it in a later
    run, and we have not written another one, it is the new original value.
    """
    known, running = situation.original, situation.running if situation.exists else None
    if known is None:
        return Original(running, (target.value,), (target.asked,), target.line)
    if running is None:
        return known._replace(line=target.line)
    before = running if known.before is None and not situation.is_ours else known.before
    if target.is_bound and not situation.is_ours:
        if target.value == running:
            return known._replace(line=target.line)
        if set(known.ours) == {known.before}:
            before = running
    return Original(before, (target.value,), (target.asked,), target.line)


def _without_our_ports(original: Original, running: frozenset[int]) -> str:
    """Return the set without the ports that we added and with those that we removed; changes by others stay."""
    before = port_set.parse(original.before or "")
    removed = [before - port_set.parse(value) for value in original.ours if value in original.asked]
    return port_set.render((running - _added(original)).union(*removed))


def _added(original: Original) -> frozenset[int]:
    """Return the ports that we added to a set."""
    return frozenset().union(*map(port_set.parse, original.asked)) - port_set.parse(original.before or "")


def _as_rounded(situation: Situation, target: Target) -> Target:
    """Return the target as the kernel has rounded it already, so that it is not written again in each run."""
    original = situation.original
    if not situation.parameter.rounds or original is None or not original.settled or not situation.is_ours:
        return target
    if original.asked[-1] != target.asked:
        return target
    return target._replace(value=situation.running, note=f"the kernel rounds {target.value} to {situation.running}")


def _bounded(situation: Situation, request: Request) -> Target:
    """Return the target of a floor or a ceiling."""
    parameter = situation.parameter
    words = ("wider than", "narrower than") if parameter.name in RANGES else ("above", "below")
    # What our line made of a parameter that did not exist before says nothing about the host without us.
    found = request.value if situation.is_ours and situation.before is None else situation.without_us
    value = bounded(parameter, request.how, request.value, found)
    # Without a known value at boot, the value found counts: it may be the default, and a floor must not lower it.
    at_boot = situation.boot_without_us
    line = bounded(parameter, request.how, request.value, at_boot or situation.before or found)
    side = words[request.how != AT_LEAST]
    note = f"already {side} {request.value}" if value == found != request.value else ""
    return Target(value, None if line == at_boot else line, value, note, is_bound=True)


def _including(situation: Situation, ports: str) -> Target:
    """Return the target of a set that must include `ports`; ports of others in it stay."""
    original = situation.original
    others = port_set.parse(situation.running) - (_added(original) if original is not None else frozenset())
    at_boot = _ports_at_boot(situation)
    ours = port_set.parse(ports)
    line = None if ours <= at_boot else port_set.render(at_boot | ours)
    return Target(port_set.render(others | at_boot | ours), line, port_set.render(ours | (at_boot - others)))


def _ports_at_boot(situation: Situation) -> frozenset[int]:
    """Return the ports that other files set at boot; none for a line that the kernel would refuse."""
    try:
        return port_set.parse(situation.boot or "")
    except MalformedInput:
        return frozenset()
