# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every module says about itself in its attributes table."""

from __future__ import annotations


class ModuleDocFragment:
    """`nettune.tcp.attributes`, and its sections `.facts`, `.facts_module` and `.info_module`."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Predicts in check mode what would change, and changes nothing.
  diff_mode:
    description: Shows in diff mode what changes, before and after.
  idempotent:
    description: Reports no change when it is run a second time with the same options on a host nobody else has changed.
  platform:
    description: Operating systems of the managed node.
    support: full
    platforms: linux
"""

    FACTS = r"""
options: {}
attributes:
  facts:
    description: Returns C(ansible_facts), which become variables of the host.
"""

    # ansible-test reads documentation without running it, so each section is one whole string.
    FACTS_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - Changes nothing in any mode, so check mode makes no difference.
  diff_mode:
    support: N/A
    details:
      - Changes nothing.
  idempotent:
    support: N/A
    details:
      - Changes nothing. What is read may differ from one run to the next.
  facts:
    support: full
"""

    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - Changes nothing in any mode, so check mode makes no difference.
  diff_mode:
    support: N/A
    details:
      - Changes nothing.
  idempotent:
    support: N/A
    details:
      - Changes nothing. What is read may differ from one run to the next.
"""
