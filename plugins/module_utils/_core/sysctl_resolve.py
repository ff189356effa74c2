# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a request to a value: what one parameter should be on this host, now and at the next boot."""

from __future__ import annotations

from typing import NamedTuple

from . import port_set, sysctl_request, sysctl_value
from .parameter import Parameter
from .sysctl_journal import Original
from .sysctl_request import AT_LEAST, EXACT, INCLUDE, Request


class Situation(NamedTuple):
    """One parameter as it stands. running: normal form. boot: what the files of others give at boot, None where none
    does.
    """

    parameter: Parameter
    running: str
    boot: str | None
    original: Original | None

    @property
    def is_ours(self) -> bool:
        """Whether the running value is one that we wrote."""
        return self.original is not None and self.running in self.original.ours

    @property
    def without_us(self) -> str:
        """The value that would be in force had we never come, as far as it can be known."""
        return self.original.before if self.original is not None and self.is_ours else self.running


class Target(NamedTuple):
    """value: what should be in force. line: what the drop-in has to say; None where boot gives enough of itself.

    asked: what `value` was made of by the kernel, where it rounds; else the same.
    """

    value: str
    line: str | None
    note: str = ""
    asked: str = ""


def resolve(situation: Situation, request: Request) -> Target:
    """The target of one request; all values in normal form."""
    if request.how == EXACT:
        target = Target(request.value, request.value)
    elif request.how == INCLUDE:
        target = _including(situation, request.value)
    else:
        target = _bounded(situation, request)
    return _as_rounded(situation, target._replace(asked=target.value))


def restore(situation: Situation) -> str | None:
    """The value that takes our change back, or None where somebody else has changed it since and it is to be left
    alone.

    A port set is taken back port by port: what others have added since stays.
    """
    original = situation.original
    if original is None or situation.running == original.before:
        return situation.running
    if situation.is_ours:
        return original.before
    if situation.parameter.kind != "ports":
        return None
    before, asked, running = (port_set.parse(text) for text in (original.before, original.asked, situation.running))
    return port_set.render((running - (asked - before)) | (before - asked))


def _as_rounded(situation: Situation, target: Target) -> Target:
    """The target as the kernel has rounded it already, so that it is not written again and again."""
    original = situation.original
    if not situation.parameter.rounds or original is None or not situation.is_ours or original.asked != target.value:
        return target
    return target._replace(value=situation.running, note=f"the kernel makes {situation.running} of {target.value}")


def _bounded(situation: Situation, request: Request) -> Target:
    choose, side = (max, "above") if request.how == AT_LEAST else (min, "below")
    value = sysctl_request.elementwise(choose, request.value, situation.without_us)
    at_boot = _numeric_boot(situation) or situation.parameter.default or situation.without_us
    enough = sysctl_request.elementwise(choose, request.value, at_boot) == at_boot
    line = None if enough else sysctl_request.elementwise(choose, value, at_boot)
    note = f"already {side} {request.value}" if value == situation.without_us != request.value else ""
    return Target(value, line, note)


def _including(situation: Situation, ports: str) -> Target:
    original = situation.original
    theirs = port_set.parse(situation.running)
    if original is not None:
        theirs -= port_set.parse(original.asked) - port_set.parse(original.before)
    at_boot = port_set.parse(situation.boot or "")
    ours = port_set.parse(ports)
    value = port_set.render(theirs | at_boot | ours)
    return Target(value, None if ours <= at_boot else value)


def _numeric_boot(situation: Situation) -> str | None:
    """What the files of others give at boot, where it can be compared; a line the kernel would refuse gives nothing."""
    tokens = (situation.boot or "").split()
    sound = len(tokens) == situation.parameter.count and all(
        sysctl_value.as_number(token) is not None for token in tokens
    )
    return situation.boot if sound else None
