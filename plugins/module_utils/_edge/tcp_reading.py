# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TCP facts are worked out from, read on the host and told as it is."""

from __future__ import annotations

import os

from .._core.errors import NettuneError
from .._core.tcp_listeners import Listeners
from .sock_diag import OwnNamespace, SockDiag
from .whole_text import whole_text


def reading(*, before: list[str], states: int, listeners: int, after: list[str]) -> dict:
    """{release, before, walk, after}: files read before a walk past the sockets in the mask `states`, and after it.

    Of a file there is its text, None if it is absent, or the errno of what stood in the way. The walk is None, or
    {sockets, listeners}: rows of Tally.sockets(), and at most `listeners` rows of how many there are in `total`.
    """
    # What stands here is done in this order.
    return {
        "release": os.uname().release,
        "before": {path: _told(path) for path in before},
        "walk": _walk(states, listeners) if states else None,
        "after": {path: _told(path) for path in after},
    }


def _told(path: str) -> str | int | None:
    try:
        return whole_text(path)
    except OSError as error:
        return error.errno


def _walk(states: int, limit: int) -> dict | None:
    """None where netlink is refused, or answers what is not understood."""
    found = Listeners(limit=limit)
    try:
        sockets = SockDiag(OwnNamespace()).walk(states, [found] if limit else [])
    except (OSError, NettuneError):
        return None
    return {"sockets": sockets, "listeners": {"rows": found.rows(), "total": found.total}}
