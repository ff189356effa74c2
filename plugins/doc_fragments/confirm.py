# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The option of modules whose changes can be applied pending a confirmation."""

from __future__ import annotations


class ModuleDocFragment:
    """`nettune.tcp.confirm`."""

    DOCUMENTATION = r"""
options:
  confirm_within:
    description:
      - Seconds, from 1 to 86400, within which the change must be confirmed with O(state=confirmed). Otherwise the host
        rolls it back, even if the controller or the connection is gone, or the host can no longer start processes.
      - A process on the host waits for the deadline. If it cannot be started, the module fails and changes nothing.
      - Until then only running values are changed and no drop-in is written, so a reboot rolls the change back too.
      - The rollback restores the state before the first run that was not confirmed, except for values that someone
        else has changed since.
      - Another run with this option restarts the confirmation window. If nothing changes, nothing is pending.
      - Only one profile can be pending at a time. Changes of M(nettune.tcp.sysctl_profile) and
        M(nettune.tcp.nofile_limits) for a profile of the same name can be pending together. Changes of other profiles
        fail meanwhile.
    type: int
"""
