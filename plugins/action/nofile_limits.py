# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the task. It serves other modules without an action plugin of their own as well, which
meta/runtime.yml tells Ansible.
"""

from __future__ import annotations

from ansible.plugins.action import normal
from ansible_collections.nettune.tcp.plugins.plugin_utils.shipping import ShippingAction


class ActionModule(ShippingAction, normal.ActionModule):
    """What Ansible does for modules without an action plugin, by a shorter way to the host."""
