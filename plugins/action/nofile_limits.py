# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ship and run a module in fewer steps than Ansible does.

meta/runtime.yml redirects the modules without an action plugin of their own to this one.
"""

from __future__ import annotations

from ansible.plugins.action import normal
from ansible_collections.nettune.tcp.plugins.plugin_utils.shipping import ShippingAction


class ActionModule(ShippingAction, normal.ActionModule):
    """Like Ansible's action for modules without an action plugin, with ShippingAction's way to the host."""
