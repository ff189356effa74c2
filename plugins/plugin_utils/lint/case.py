# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule sees: one setting, what it means, and what is set beside it."""

from __future__ import annotations

from typing import Callable, Iterator, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import value as sysctl_value
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

from . import names
from .host import Host
from .kernel import Kernel
from .row import SHARE, Finding, Setting

_MOST_SLIPS = 500
# 0.2 s doubled ten times is more than 120 s.
_RTO_DOUBLINGS = 10


class Scene:
    """A text's settings, the kernel they are for, and what is known of the host."""

    def __init__(self, settings: Sequence[Setting], *, kernel: Kernel, host: Host) -> None:
        self.kernel, self.host = kernel, host
        self._last: dict[tuple[int, str], str] = {}
        self._lines: dict[str, int] = {}
        self._doubted: set[str] = set()
        for setting in settings:
            name = lasting_name(setting.key)
            self._lines.setdefault(name, setting.line)
            value = _taken(name, setting)
            if value is not None:
                self._last[setting.block, name] = value

    def beside(self, setting: Setting, name: str) -> str | None:
        """The value of another parameter once the setting's block is in force, in normal form: what the block says, or
        the host has.
        """
        return self._last.get((setting.block, name), self.host.values.get(name))

    def number_beside(self, setting: Setting, name: str) -> int | None:
        """The same as a number, for a parameter with one; None also where it holds none."""
        try:
            return sysctl_value.numbers(self.beside(setting, name) or "")[0]
        except (IndexError, ValueError):
            return None

    def line_of(self, name: str) -> int | None:
        """The first line of the text, of any block, that sets a parameter; None where none does."""
        return self._lines.get(name)

    def may_doubt(self, name: str) -> bool:
        """Whether to look for what an unknown name means: that takes milliseconds, and no text has so many slips."""
        if len(self._doubted) < _MOST_SLIPS:
            self._doubted.add(name)
        return name in self._doubted


class Case(NamedTuple):
    """A setting that can be judged. Its key is what it is called today. text: its value in normal form."""

    setting: Setting
    parameter: Parameter
    text: str
    scene: Scene

    @property
    def name(self) -> str:
        return self.setting.key

    @property
    def numbers(self) -> list[int]:
        """The value's numbers; none where it holds anything else."""
        try:
            return sysctl_value.numbers(self.text)
        except ValueError:
            return []

    def write(self, value: object) -> tuple[str, str]:
        """The setting with another value, to be suggested."""
        return (self.name, str(value))


Rule = Callable[[Case], Iterator[Finding]]


def _taken(name: str, setting: Setting) -> str | None:
    """The value in normal form; None where the kernel does not take it."""
    known = names.find(name)
    if known is None or setting.flaw or setting.how == SHARE:
        return None
    try:
        return sysctl_value.requested(known, setting.value)
    except InvalidOption:
        return None


def lasting_name(key: str) -> str:
    """The name that a parameter has today, and the first of two where it has two."""
    known = names.find(key)
    return ((known.renamed_to or known.alias_of) if known else "") or key


def seconds_of(retransmissions: int) -> float:
    """Return the least seconds that the kernel waits for an answer: 0.2 s, doubled each time up to 120 s (TCP_RTO_MAX).

    >>> seconds_of(8)
    102.2
    """
    doubled = min(retransmissions + 1, _RTO_DOUBLINGS)
    return round(0.2 * (2**doubled - 1), 1) + 120 * (retransmissions + 1 - doubled)
