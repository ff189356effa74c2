# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default action: runs the modules that have no action plugin of their own.

It is named after one of these modules because Ansible finds an action plugin by the name of its module;
meta/runtime.yml redirects the other modules to it.
"""

from __future__ import annotations

from ansible.plugins.action import normal
from ansible_collections.nettune.tcp.plugins.plugin_utils.shipping import ShippingAction


class ActionModule(ShippingAction, normal.ActionModule):
    """Ansible's default action, sending the module as ShippingAction does."""
