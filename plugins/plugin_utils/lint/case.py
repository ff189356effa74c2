# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule judges: one setting, its parameter, and the settings beside it."""

from __future__ import annotations

import copy
import functools
from typing import Callable, Iterator, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, value
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

from .row import SHARE, Finding, Setting
from .target import Host, Kernel

_MOST_SUGGESTIONS = 500
_LONGEST_NAME = 200


class Scene:
    """The settings of a text, with the kernel and the host that they are for.

    idle_timeout: seconds after which the path to the host's peers forgets idle connections; 0 if unknown.
    assumed: whether the kernel was not named, so that it is only the newest known one.
    """

    def __init__(
        self,
        settings: Sequence[Setting],
        *,
        kernel: Kernel,
        host: Host,
        idle_timeout: int = 0,
        assumed: bool = False,
    ) -> None:
        self.kernel, self.host, self.idle_timeout, self.assumed = kernel, host, idle_timeout, assumed
        # Whether these are suggestions, which must not lower anything at all.
        self.suggested = False
        self._last: dict[tuple[int, str], str] = {}
        self._lines: dict[str, int] = {}
        self._looked_up: set[str] = set()
        for setting in settings:
            name = catalogue.current_name(setting.key)
            if name not in _exact_names():  # no rule asks for a parameter of an interface
                continue
            self._lines.setdefault(name, setting.line)
            text = None if setting.flaw or setting.how == SHARE else _accepted(name, setting.value)
            if text is not None:
                self._last[setting.block, name] = text

    def beside(self, setting: Setting, name: str) -> str | None:
        """Return the value, in normal form, that another parameter has once the setting's block is applied.

        That is the value in the block, or else the host's value; None if neither is known.
        """
        return self._last.get((setting.block, name), self.host.values.get(name))

    def number_beside(self, setting: Setting, name: str) -> int | None:
        """Return beside() as a number, for a parameter with one number; None if it is not one."""
        return _first_number(self.beside(setting, name))

    def is_set_elsewhere(self, setting: Setting, name: str) -> bool:
        """Return whether another parameter is set in other blocks than the setting's, but not in that one."""
        return name in self._lines and (setting.block, name) not in self._last

    def of(self, settings: Sequence[Setting]) -> Scene:
        """Return the same for settings that are suggested."""
        other = Scene(
            settings, kernel=self.kernel, host=self.host, idle_timeout=self.idle_timeout, assumed=self.assumed
        )
        other.suggested = True
        return other

    def on(self, kernel: Kernel) -> Scene:
        """Return the same for another kernel."""
        other = copy.copy(self)
        other.kernel, other.assumed = kernel, False
        return other

    def line_of(self, name: str) -> int | None:
        """Return the first line, in any block, that sets a parameter, or None."""
        return self._lines.get(name)

    def may_suggest(self, name: str) -> bool:
        """Return whether to search for the name that an unknown one means: a slow search, so it is limited."""
        if len(self._looked_up) < _MOST_SUGGESTIONS and len(name) <= _LONGEST_NAME:
            self._looked_up.add(name)
        return name in self._looked_up


class Case(NamedTuple):
    """A setting whose value can be judged. Its key is the parameter's current name. text: its value in normal form."""

    setting: Setting
    parameter: Parameter
    text: str
    scene: Scene

    @property
    def name(self) -> str:
        return self.setting.key

    @property
    def numbers(self) -> list[int]:
        """The numbers of the value; an empty list if it contains anything else. The list must not be changed."""
        return _numbers(self.text)

    def first_number(self, name: str) -> int | None:
        """Return the first number of a parameter: of this case, of the setting beside it, or of the default."""
        if name == self.name:
            return _first_number(self.text)
        known = catalogue.find(name)
        default = known.default_on(self.scene.kernel.release) if known else None
        return _first_number(self.scene.beside(self.setting, name) or default)

    def write(self, text: object) -> tuple[str, str]:
        """Return the setting with another value, as a suggestion."""
        return (self.name, str(text))


Rule = Callable[[Case], Iterator[Finding]]


@functools.lru_cache(maxsize=1)
def _exact_names() -> frozenset[str]:
    return frozenset(catalogue.names())


@functools.lru_cache(maxsize=4096)
def _accepted(name: str, given: str) -> str | None:
    """Return the value in normal form, or None if the kernel does not accept it."""
    known = catalogue.find(name)
    if known is None:
        return None
    try:
        return value.requested(known, given)
    except InvalidOption:
        return None


@functools.lru_cache(maxsize=4096)
def _numbers(text: str) -> list[int]:
    try:
        return value.numbers(text)
    except ValueError:
        return []


def _first_number(text: str | None) -> int | None:
    try:
        return value.numbers(text or "")[0]
    except (IndexError, ValueError):
        return None
