# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.module_utils._nofile import table

LOW, HIGH = {"soft": 1024, "hard": 524288}, {"soft": 65536, "hard": 524288}
NOTHING = {"users": [], "services": [], "processes": [], "refused": [], "not_applicable": []}


def test_rows_of_users_services_processes_and_refusals():
    result = {
        "users": [{"user": "root", "before": LOW, "after": HIGH, "status": "changed", "reason": "why"}],
        "services": [
            {"service": "a.service", "before": LOW, "after": LOW, "status": "unchanged", "reason": "", "restart": None},
            {
                "service": "b.service",
                "before": None,
                "after": None,
                "status": "skipped",
                "reason": "no",
                "restart": None,
            },
        ],
        "processes": [
            {"name": "a", "unit": "a.service", "pids": [7, 8], "before": LOW, "after": HIGH, "status": "changed"}
        ],
        "refused": [
            {"what": "a[9]", "expected": HIGH, "found": LOW, "effect": "refused", "reason": "cause", "remedy": "do"}
        ],
        "not_applicable": [{"what": "b.service", "reason": "no"}],
    }
    assert table.lines(result) == [
        "OPEN-FILE LIMIT OF       BEFORE       AFTER         STATUS",
        "next login of root       1024:524288  65536:524288  changed: why",
        "next start of a.service  1024:524288  1024:524288   unchanged",
        "a[7] (and 1 more)        1024:524288  65536:524288  changed",
        "a[9]                     1024:524288  1024:524288   refused, not 65536:524288: cause",
        "b.service: no",
    ]


def test_empty_result():
    assert table.lines(NOTHING) == ["nothing to do"]
