# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import row as table
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def lint_table(rows: Any) -> list[str]:
    """Lines of a table of what sysctl_lint found; see lint_table.yml."""
    try:
        return wrap_var(table.lines(plain(rows)))
    except (NettuneError, KeyError, TypeError, AttributeError):
        raise AnsibleFilterError("lint_table takes what sysctl_lint gives") from None


class FilterModule:
    """Filters that draw what a linter found."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"lint_table": lint_table}
