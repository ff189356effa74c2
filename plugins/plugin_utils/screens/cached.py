# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the facts in the fact cache were gathered: nothing else on a screen shows that they may be old."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ..fleet.ends import time_of
from ..fleet.source import CACHE
from .line import WARNING, Line, count, paragraph
from .run import Run

_EMPTY = (
    "The fact cache has no usable facts of these hosts: set fact_caching in ansible.cfg, then gather facts with the"
    " playbook nettune.tcp.facts."
)
_MINUTE = "%Y-%m-%d %H:%M"


def cached(run: Run, hosts: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Return a line with the time of the facts of hosts, each with `at`; none if the facts are not from the cache."""
    if run.options.get("nettune_from") != CACHE:
        return []
    if not hosts:
        return paragraph(_EMPTY, width=run.width, severity=WARNING)
    known = sorted(time for time in (time_of(host.get("at")) for host in hosts) if time)
    parts = []
    if known:
        times = list(dict.fromkeys(each.strftime(_MINUTE) for each in (known[0], known[-1])))
        parts.append(f"gathered {' to '.join(times)} (UTC)")
    unknown = len(hosts) - len(known)
    if unknown:
        parts.append(f"the time of {count(unknown, 'host')} is not known")
    return paragraph(f"Facts from the cache: {'; '.join(parts)}", width=run.width, severity=WARNING)
