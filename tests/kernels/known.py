# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the catalogue knows of one parameter, as sentences in RST: its life cycle and its hazards."""

from __future__ import annotations

from typing import Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import HOST_WIDE, NEVER, Parameter
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.rules_values import Harmful, harmful

# The hazards of a change, as sysctl_profile names them: {name: what it refuses}.
_HAZARDS = {
    "floor_lowered": "lowering it, which reduces capacity that may be in use",
    "nr_open_huge": "raising it above 1073741816",
    "range_over_listeners": "a range that includes ports of listeners that are not reserved",
    "tw_buckets_lowered": "lowering it",
    "tw_recycle": "any value but 0",
}
_LOW, _HIGH = -(2**63), 2**63


def life_cycle(row: Parameter) -> str:
    """Return since when a parameter exists, is ignored, is gone, and what replaces it; "" if nothing is known."""
    return "; ".join(_life_cycle(row))


def hazards(row: Parameter) -> list[str]:
    """Return what is refused unless it is accepted, and which values do harm although the kernel accepts them."""
    names = [row.hazard, "floor_lowered" if row.raise_only else ""]
    found = [f"``{name}``: {_HAZARDS[name]}" for name in names if name]
    return found + [_harmful(bad) for bad in harmful(row) if bad.verdict != "ok"]


def plain(message: str) -> str:
    """Return the text with the characters escaped that are markup in RST."""
    return message.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_")


def _life_cycle(row: Parameter) -> Iterator[str]:
    if row.since:
        stable = f" (stable updates of {row.stable_since} and later have it too)" if row.stable_since else ""
        yield f"since Linux {row.since}{stable}"
    if row.module:
        yield f"exists while the module ``{row.module}`` is loaded"
    if row.writable_since:
        yield f"writable since Linux {row.writable_since}"
    if row.netns_since and row.scope != HOST_WIDE:
        yield f"host-wide before Linux {row.netns_since}"
    if row.idle_since:
        yield f"has no effect since Linux {row.idle_since}"
    if row.removed:
        yield "never existed" if row.removed == NEVER else f"removed in Linux {row.removed}"
    if row.renamed_to:
        yield f"now ``{row.renamed_to}``"
    if row.alias_of:
        yield f"another name of ``{row.alias_of}``"
    if row.counterpart:
        yield f"writing it sets ``{row.counterpart}`` to 0"
    if row.at_most:
        yield f"at most ``{row.at_most}``{' on some stable kernels' if row.at_most_varies else ''}"


def _harmful(bad: Harmful) -> str:
    low, high = (None if bad.low <= _LOW else bad.low), (None if bad.high >= _HIGH else bad.high)
    if low == high:
        values = f"``{low}``"
    elif low is None:
        values = f"``{high}`` and less"
    else:
        values = f"``{low}`` and more" if high is None else f"``{low}`` to ``{high}``"
    when = f"since Linux {bad.since}, " if bad.since else ""
    when += f"before Linux {bad.until}, " if bad.until and "before Linux" not in bad.message else ""
    return f"{when}{values}: {plain(bad.message)}"
