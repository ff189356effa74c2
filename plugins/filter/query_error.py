# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.query import Query


def query_error(expression: Any) -> str:
    """What is wrong with a query; see query_error.yml."""
    try:
        Query(expression)
    except NettuneError as error:
        return str(error)
    return ""


class FilterModule:
    """Filters about queries."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"query_error": query_error}
