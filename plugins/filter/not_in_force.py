# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable, Mapping

from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.module_utils._common import text
from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences as in_force


def not_in_force(sysctl: Any, nofile: Any = None, *, best_effort: bool = False) -> list[str]:
    """Lines of a table of what does not hold on a host; no lines where everything does."""
    if not isinstance(sysctl, Mapping) or not isinstance(nofile or {}, Mapping):
        raise AnsibleFilterError("not_in_force takes the registered results of sysctl_profile and nofile_limits")
    differences = in_force.of_sysctl(sysctl) + in_force.of_nofile(nofile or {}, best_effort=best_effort)
    return text.lines(in_force.HEADER, differences) if differences else []


class FilterModule:
    """Filters about whether a profile holds."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"not_in_force": not_in_force}
