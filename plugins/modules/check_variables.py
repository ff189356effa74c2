#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: check_variables
short_description: Internal helper of the roles; do not use directly
version_added: 1.0.0
description:
  - Internal. Checks the names and values of the variables of roles on a host, and returns the values with their types.
  - This is an action plugin. It runs on the controller only.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes, nettune.tcp.attributes.info_module]
options:
  roles:
    description: Names of the roles.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Check the variables
  nettune.tcp.check_variables:
    roles: [tuning]
  register: checked
"""

RETURN = r"""
options:
  description: The value of each variable of the roles. A variable without a value and without a default is left out.
  returned: success
  type: dict
"""

# An action plugin does the work; this file has its documentation only.
