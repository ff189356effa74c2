#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: show
short_description: Internal helper of the playbooks and roles; do not use directly
version_added: 1.0.0
description:
  - Internal. Shows the registered results of all hosts of a play on one screen, writes them to a file, and names the
    hosts that have to fail.
  - This is an action plugin. It runs on the controller only.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes, nettune.tcp.attributes.info_module]
options:
  screen:
    description: Name of the screen.
    type: str
    required: true
  registered:
    description: Name of the variable in which each host has registered its result.
    type: str
  options:
    description: Options of the playbook, as M(nettune.tcp.check_options) returns them, or of the screen.
    type: dict
    default: {}
  prefix:
    description: How the names of the user's variables begin, for messages.
    type: str
    default: nettune_
  output:
    description: A file on the controller to write the results to, as JSON, CSV or HTML by its suffix.
    type: path
"""

EXAMPLES = r"""
- name: Gather TCP facts
  nettune.tcp.tcp_facts:
  register: gathered

- name: Show the connections of each host
  nettune.tcp.show:
    screen: facts
    registered: gathered
  run_once: true
"""

RETURN = r"""
failures:
  description: The hosts that have to fail, each with C(msg) and C(unreachable).
  returned: always
  type: dict
lines:
  description: The lines of the screen. Left out if the stdout callback prints results itself, as C(minimal) does.
  returned: see description
  type: list
  elements: str
"""

# An action plugin does the work; this file has its documentation only.
