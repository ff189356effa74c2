# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the roles register of the hosts that they tune, and the screen about these hosts."""

from __future__ import annotations

from typing import Any, Sequence

from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import Screen
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.tuning import draw

REUSE, RANGE, ORPHANS = "net.ipv4.tcp_tw_reuse", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_orphan_retries"
FILE = "/etc/sysctl.d/99-zz-nettune-web.conf"
OPTIONS = {
    "tuning_profile": "web",
    "tuning_persistent": True,
    "tuning_nofile": 65536,
    "web_nofile": 65536,
    "tuning_nofile_best_effort": False,
    "tuning_confirm_within": 0,
    "tuning_remedies": [],
}
SETS = {"orphans": {ORPHANS: {"value": 2}}, "other": {ORPHANS: {"value": 9}}, "queue": {REUSE: {"at_least": 1}}}
LOW, HIGH = {"soft": 1024, "hard": 4096}, {"soft": 65536, "hard": 65536}


def row(
    key: str = REUSE,
    before: str = "2",
    after: str = "1",
    boot: Sequence[str | None] = (None, "1"),
    status: str = "changed",
    **more: Any,
) -> dict[str, Any]:
    """Return a row of `settings`. boot: the values at boot before and after."""
    return {
        "key": key,
        "requested": after,
        "before": before,
        "after": after,
        "boot_before": boot[0],
        "boot_after": boot[1],
        "boot_source": None,
        "status": status,
        "reason": None,
        **more,
    }


def same(*keys: str) -> list[dict[str, Any]]:
    """Return unchanged rows."""
    return [row(key, "1", "1", ("1", "1"), "unchanged") for key in keys or (REUSE,)]


def sysctl(*rows: dict[str, Any], changed: bool = True, files: Sequence[str] = (FILE,), **more: Any) -> dict[str, Any]:
    """Return a result of sysctl_profile."""
    return {
        "changed": changed,
        "settings": list(rows or (row(),)),
        "files": [{"path": path, "status": "created"} for path in files],
        **more,
    }


def nofile(*, changed: bool = False, **more: Any) -> dict[str, Any]:
    """Return a result of nofile_limits."""
    empty: dict[str, Any] = {
        name: [] for name in ("services", "users", "processes", "refused", "not_applicable", "files")
    }
    return {"changed": changed, **empty, **more}


def raised(pid: int) -> dict[str, Any]:
    """Return a result of nofile_limits that raised the limit of nginx; httpd is not installed."""
    limits = {"before": LOW, "after": HIGH, "status": "changed"}
    return nofile(
        changed=True,
        services=[
            {"service": "nginx.service", **limits, "reason": "", "restart": None},
            {"service": "httpd.service", "before": None, "after": None, "status": "skipped", "reason": "not installed"},
        ],
        processes=[{"unit": "nginx.service", "name": "nginx", "pids": [pid], **limits}],
        not_applicable=[{"what": "httpd.service", "reason": "not installed"}],
    )


def failed(msg: str, **more: Any) -> dict[str, Any]:
    """Return the result of a step that failed; it does not fail its host."""
    return {"failed": False, "failed_when_result": False, "msg": msg, **more}


def host(options: dict[str, Any] | None = None, **results: Any) -> dict[str, Any]:
    """Return the variables of a host after these steps."""
    found = {f"__tuning_{name}": result for name, result in results.items()}
    return {"__tuning": {"options": {**OPTIONS, **(options or {})}}, **found}


def screen(
    hosts: dict[str, Any],
    *,
    entry: str = "main",
    active: list[str] | None = None,
    batch: list[str] | None = None,
    **more: Any,
) -> Screen:
    """Return the screen about hosts after an entry point of the role `tuning`. more: fields of Run."""
    names = list(hosts)
    options = {"profile": "web", "entry": entry, "remedy_sets": SETS}
    active = names if active is None else active
    return draw(Run(hosts, names, batch or active, active, args={"options": options}, **{"width": 80, **more}))


def texts(hosts: dict[str, Any], **more: Any) -> list[str]:
    """Return the lines of the screen about hosts."""
    return [line.text for line in screen(hosts, **more).lines]
