# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module as Ansible's default action does, and show the progress on many hosts.

This is also the default action of modules that have no action plugin of their own: meta/runtime.yml redirects them
to it. Ansible finds an action plugin by the name of a module, so it is named after one of them.
"""

from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.plugin_utils.default_action import DefaultAction


class ActionModule(DefaultAction):
    """The default action of this collection."""
