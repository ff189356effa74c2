# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send modules to a host faster than by default, within the user's settings."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible import constants
from ansible_collections.nettune.tcp.plugins.plugin_utils.number_options import NumberOptionsAction
from ansible_collections.nettune.tcp.plugins.plugin_utils.read_only import ReadOnlyAction


class ShippingAction(NumberOptionsAction, ReadOnlyAction):
    """Runs modules with pipelining, unless the user or sudo is against it, and packs them faster."""

    _has_packed = False

    def _execute_module(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if self._may_pipeline():
            self._connection.set_option("pipelining", True)
        if self._has_packed:
            return super()._execute_module(*args, **kwargs)
        self._has_packed = True
        with no_garbage_collection():
            return super()._execute_module(*args, **kwargs)

    def _may_pipeline(self) -> bool:
        """Return whether `pipelining` is at its default, and the reason for that, sudo's requiretty, does not apply."""
        try:
            origin = self._connection.get_option_and_origin("pipelining")[1]
        except KeyError:  # a connection plugin without this option
            return False
        return origin == "default" and not self._becomes()

    def _becomes(self) -> bool:
        """Return whether commands run as a user other than the connected one, decided as in ActionBase."""
        if not self._connection.become:
            return False
        same = self.get_become_option("become_user") == self._get_remote_user()
        return bool(constants.BECOME_ALLOW_SAME_USER) or not same


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Return a context without garbage collection; objects created inside are exempt from it afterwards too.

    Ansible keeps the syntax trees of all imports while it packs a module. The collector would scan them again and
    again, in a process that ends with its task.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
