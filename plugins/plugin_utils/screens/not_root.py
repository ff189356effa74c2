# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts on which a read-only playbook could not become root, and went on as the user of the connection."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from .host_names import short
from .line import WARNING, Line, paragraph

# The key in the result of a task that says why it could not become root.
NOT_ROOT = "not_root"


def not_root(results: Iterable[Mapping[str, Any]], *, width: int) -> list[Line]:
    """Return a line for the hosts that share a reason. results: of tasks, each with its host."""
    by_reason: dict[str, list[str]] = {}
    for result in results:
        if result.get(NOT_ROOT):
            by_reason.setdefault(str(result[NOT_ROOT]), []).append(str(result["host"]))
    return [
        line
        for reason, hosts in by_reason.items()
        for line in paragraph(
            f"{short(hosts)}: not root: processes of other users are not listed ({reason})",
            width=width,
            hanging="    ",
            severity=WARNING,
        )
    ]
