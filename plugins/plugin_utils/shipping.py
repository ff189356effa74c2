# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules get to their host by the shortest way that the settings of the user leave open."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase


class ShippingAction(ActionBase):
    """Runs modules as any action does, but pipelined where nobody has said otherwise, and packed with less ado."""

    _has_packed = False

    def _execute_module(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if self._may_pipeline():
            self._connection.set_option("pipelining", True)
        if self._has_packed:
            return super()._execute_module(*args, **kwargs)
        self._has_packed = True
        with garbage_left():
            return super()._execute_module(*args, **kwargs)

    def _may_pipeline(self) -> bool:
        """Whether `pipelining` is at its default, and the reason for that default, sudo's requiretty, is none here."""
        try:
            origin = self._connection.get_option_and_origin("pipelining")[1]
        except KeyError:  # a connection that knows no such option
            return False
        return origin == "default" and not self._becomes()

    def _becomes(self) -> bool:
        """Whether commands are run as another user than the one that is connected, as ActionBase tells it."""
        if not self._connection.become:
            return False
        same = self.get_become_option("become_user") == self._get_remote_user()
        return bool(constants.BECOME_ALLOW_SAME_USER) or not same


@contextmanager
def garbage_left() -> Iterator[None]:
    """A context in which garbage is not looked for, nor afterwards among what is there by then.

    Packing a module keeps the syntax trees of all that it imports. The collector would look through them over and over,
    for as long as the packing takes, in a process that ends with its task.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
