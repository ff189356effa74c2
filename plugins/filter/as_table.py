# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils import json_table
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def as_table(value: Any) -> list[str]:
    """Lines of text that show the value; see as_table.yml."""
    try:
        return wrap_var(json_table.lines(plain(value)))
    except NettuneError as error:
        raise AnsibleFilterError(f"as_table cannot draw this: {error}") from None


class FilterModule:
    """Filters that draw values."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"as_table": as_table}
