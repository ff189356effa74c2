# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a diagnosis is worse than an earlier one of the same host."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rule import CRITICAL, SEVERITIES

Finding = Mapping[str, Any]


def worse(before: Iterable[Finding], *after: Iterable[Finding]) -> list[str]:
    """Return a text for each finding that all later diagnoses have, and that is worse than before in each of them.

    Worse is a new critical finding, or a higher severity of an old one.
    """
    severities = {str(one["id"]): str(one["severity"]) for one in before}
    found = [{str(one["id"]): one for one in findings if _is_worse(one, severities)} for findings in after]
    last = found[-1] if found else {}
    return [_text(one, severities) for name, one in last.items() if all(name in earlier for earlier in found)]


def _is_worse(finding: Finding, before: Mapping[str, str]) -> bool:
    known = before.get(str(finding["id"]))
    if known is None:
        return finding["severity"] == CRITICAL
    return SEVERITIES.index(str(finding["severity"])) > SEVERITIES.index(known)


def _text(finding: Finding, before: Mapping[str, str]) -> str:
    known = before.get(str(finding["id"]))
    return f"{finding['title']} ({finding['severity']}, {'new' if known is None else f'was {known}'})"
