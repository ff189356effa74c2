# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import table
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def fleet_table(fleet: Any, *, rows: int = 0) -> list[str]:
    """Lines of a table with a row for each host; see fleet_table.yml."""
    if not isinstance(rows, int) or rows < 0:
        raise AnsibleFilterError(f"rows is {rows!r}; it must be a number, 0 (all hosts) or more")
    try:
        return wrap_var(table.lines(plain(fleet), rows=rows))
    except NettuneError as error:
        raise AnsibleFilterError(f"fleet_table cannot draw this: {error}") from None
    except (KeyError, TypeError, AttributeError):
        raise AnsibleFilterError("fleet_table takes what fleet_query('@') gives") from None


class FilterModule:
    """Filters that draw a fleet."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"fleet_table": fleet_table}
