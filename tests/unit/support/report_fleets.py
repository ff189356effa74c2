# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleets for the report: one like a small site, one of thousands of hosts, and one with hostile names."""

from __future__ import annotations

import math
import random
from typing import Any

from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import host

AT = "2026-11-29T09:30:00Z"
REUSE, FIN, SYN, SOMAXCONN = (
    "net.ipv4.tcp_tw_reuse",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_syncookies",
    "net.core.somaxconn",
)
HOSTILE = (
    '<img src=x onerror="document.title=1">',
    "</script><script>document.title=1</script>",
    "<!--<script>",
    "web\u202egnp.exe",
    "\"onmouseover='document.title=1'",
    "javascript:document.title=1",
    "{{ 7 * 7 }}${7*7}",
    "a&amp;b <b>bold</b>",
    "\u0000\u001b[31mred\u2028line",
    "__proto__",
    "constructor",
    "#host=web1&q=%00%zz",
    "名前" * 60,
)


def process(name: str, pid: int, descriptors: int, soft: int, **more: Any) -> dict[str, Any]:
    """Return a process of tcp_facts."""
    states = {**host()["nettune_tcp"]["processes"][0]["states"], **more.pop("states", {})}
    return {
        "pid": pid,
        "name": name,
        "unit": f"{name}.service",
        "container": None,
        "states": states,
        "descriptors": descriptors,
        "nofile": {"soft": soft, "hard": 524288},
        "ghosts": 0,
        "lingering": {},
        **more,
    }


def row(name: str, groups: list[str], facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a host row."""
    return {
        "host": name,
        "groups": groups,
        "at": AT,
        "release": "6.1.0-26-amd64",
        "facts": facts,
        "profiles": None,
        "samples": None,
        **more,
    }


def profiles(name: str, *drift: dict[str, str]) -> dict[str, Any]:
    """Return a result of profile_info."""
    found = {"name": name, "parameters": [REUSE, FIN, SYN], "nofile": "65536:65536", "persistent": True}
    return {"profiles": [{**found, "drifted": bool(drift)}], "drift": [{"profile": name, **each} for each in drift]}


def drifted(what: str, expected: str, running: str, boot: str, reason: str, when: str) -> dict[str, str]:
    """Return a row of the drift of profile_info."""
    names = ("what", "expected", "running", "boot", "reason", "when")
    return dict(zip(names, (what, expected, running, boot, reason, when)))


def site() -> list[dict[str, Any]]:
    """Return the rows of a site with about forty hosts, some of which are sick."""
    rng = random.Random(15)
    rows = [_web(f"web{number}", rng) for number in range(1, 25)]
    rows += [_healthy(f"db{number}", ["db"], rng, 260) for number in range(1, 7)]
    rows += [_healthy(f"mail{number}", ["mail"], rng, 90) for number in range(1, 4)]
    rows += [_proxy(f"proxy{number}", rng, number) for number in range(1, 5)]
    by_name = {one["host"]: one for one in rows}
    for name in ("web3", "web4", "web17"):
        _leak(by_name[name], rng)
    for name in ("web8", "web9", "web10", "web11"):
        _full_queue(by_name[name], rng)
    by_name["mail2"]["facts"]["nettune_tcp"]["states"]["LAST_ACK"] = 812
    by_name["mail2"]["facts"]["nettune_tcp"]["queues"] = None
    by_name["web3"]["samples"] = _samples(rng)
    return rows


MISSING = [
    {"host": "web25", "unreachable": True, "reason": "ssh: connect to host web25 port 22: Connection timed out"},
    {"host": "web26", "unreachable": True, "reason": "ssh: connect to host web26 port 22: Connection timed out"},
    {"host": "db7", "unreachable": False, "reason": "no Python interpreter was found"},
]


def before() -> list[dict[str, Any]]:
    """Return the site before it was tuned."""
    rows = site()
    for number, one in enumerate(rows):
        states = one["facts"]["nettune_tcp"]["states"]
        states["TIME_WAIT"] = states["TIME_WAIT"] * 3 + 40
        one["facts"]["nettune_sysctl"]["keys"][FIN]["value"] = "60"
        one["at"] = "2026-11-28T16:00:00Z"
        if number in (0, 1, 4, 5):
            _leak(one, random.Random(number))
    return rows


def many(number: int) -> list[dict[str, Any]]:
    """Return rows of so many hosts, a tenth of them sick."""
    rng = random.Random(5000)
    kinds = {"web": 300, "api": 500, "db": 200, "cache": 900, "mail": 60}
    rows = []
    for each in range(number):
        kind = list(kinds)[each % len(kinds)]
        name = f"{kind}{each // len(kinds) + 1}.{rng.choice('abc')}.example.com"
        one = _healthy(name, [kind, f"site_{name.split('.')[1]}"], rng, kinds[kind])
        if each % 20 == 0:
            _leak(one, rng)
        if each % 33 == 0:
            _full_queue(one, rng)
        one["profiles"] = profiles("web", *(SHADOWED if each % 50 == 0 else ()), *(LOST if each % 70 == 0 else ()))
        rows.append(one)
    return rows


def hostile() -> list[dict[str, Any]]:
    """Return rows with names of hosts, groups and processes that try to run a script or to mislead."""
    rows = []
    for name in HOSTILE:
        facts = host(states__CLOSE_WAIT=600)
        facts["nettune_tcp"]["processes"] = [process(name, 7, 900, 1024, states={"CLOSE_WAIT": 600})]
        facts["nettune_tcp"]["ports"] = []
        one = row(name, [name], facts, release=name)
        one["profiles"] = profiles(name, drifted(name, name, name, name, name, "now"))
        marks = [{"seconds": 10, "what": name, "before": name, "after": name}]
        series = {"CLOSE_WAIT": [0, 600]}
        one["samples"] = {"start": name, "seconds": [0, 20], "series": series, "marks": marks}
        rows.append(one)
    return rows


def trial(host: str = "web1", text: str = REUSE, **differs: Any) -> dict[str, Any]:
    """Return the result of a trial on a host, as the playbook trial writes it. text: wherever there can be any text."""
    numbers = ("median", "expected", "effect", "effect_percent", "noise")
    found = ((33, 1068, -1035, -97, 22.2), (66.5, 1070, -1003.5, -94, 22.2), (None,) * 5)
    verdicts = ("better", "better", "unknown")
    reasons = ("better", "better; still changing at the end of its window, increase settle", text)
    candidates = [
        {"candidate": value, "verdict": verdict, "reason": reason, **dict(zip(numbers, each))}
        for value, verdict, reason, each in zip(("2", "3", text), verdicts, reasons, found)
    ]
    marks = [{"seconds": 20, "what": text, "before": "0", "after": "2"}]
    samples = {"seconds": [5, 10, 15, 20, 40, 45], "readings": [1068, 1071, 1065, 1068, 33, 34], "marks": marks}
    baselines = [{"median": median, "spread": 1.5, "readings": 12} for median in (1065.0, 1071.0, None)]
    row = {
        "host": host,
        "name": "orphans",
        "key": text,
        "aim": "minimise",
        "objective": text,
        "status": "done",
        "before": "0",
        "after": "2",
        "best": "2",
        "verdict": f"{text} = 2 is best",
        "started": AT,
        "samples": samples,
        "candidates": candidates,
        "baselines": baselines,
    }
    return {"hosts": [{**row, **differs}], "missing": [{"host": "gone1", "unreachable": True, "reason": "no route"}]}


SHADOWED = (drifted(SYN, "1", "1", "0", "/etc/sysctl.d/zz-other.conf:3 sets 0 at boot, after our file", "next boot"),)
LOST = (drifted(REUSE, "1", "0", "1", "changed since it was applied", "now"),)


def _healthy(name: str, groups: list[str], rng: random.Random, usual: int) -> dict[str, Any]:
    facts = host()
    tcp = facts["nettune_tcp"]
    established = int(usual * rng.uniform(0.7, 1.4))
    tcp["states"].update(
        ESTABLISHED=established,
        TIME_WAIT=int(established * rng.uniform(0.1, 0.5)),
        LISTEN=6,
        FIN_WAIT2=rng.randrange(9),
    )
    tcp["total"] = sum(tcp["states"].values())
    tcp["processes"] = [
        process("nginx", 700 + rng.randrange(200), established + 30, 65536),
        process("sshd", 411, 9, 1024),
    ]
    keys = {REUSE: "1", FIN: "30", SYN: "1", SOMAXCONN: "4096"}
    facts["nettune_sysctl"]["keys"] = {
        key: {"value": value, "boot_value": value, "drift": False, "boot_source": None} for key, value in keys.items()
    }
    return row(name, groups, facts)


def _web(name: str, rng: random.Random) -> dict[str, Any]:
    one = _healthy(name, ["web"], rng, 1800)
    number = int(name[3:])
    drift = [*(LOST if number in (5, 6) else ()), *(SHADOWED if 12 <= number <= 20 else ())]
    keys = one["facts"]["nettune_sysctl"]["keys"]
    if number in (5, 6):
        keys[REUSE].update(value="0", drift=True)
    if number in (2, 7):
        source = {"path": "/etc/sysctl.d/50-local.conf", "line": 4}
        keys[SOMAXCONN].update(value="16384", boot_value="4096", drift=True, boot_source=source)
    one["profiles"] = profiles("web", *drift)
    return one


def _proxy(name: str, rng: random.Random, number: int) -> dict[str, Any]:
    one = _healthy(name, ["proxy", "edge"], rng, 5200)
    one["profiles"] = profiles("client")
    if number < 3:
        busiest = {"source": "192.0.2.1", "destination": "192.0.2.9", "port": 5432, "time_wait": 26000 + number}
        one["facts"]["nettune_tcp"]["ephemeral"]["busiest"] = [{**busiest, "used": 26900 + number, "ratio": 0.953}]
        one["facts"]["nettune_tcp"]["states"]["TIME_WAIT"] += 26000
        one["facts"]["nettune_tcp"]["total"] += 26000
    return one


def _leak(one: dict[str, Any], rng: random.Random) -> None:
    tcp = one["facts"]["nettune_tcp"]
    count = rng.randrange(300, 900)
    tcp["states"]["CLOSE_WAIT"] = count
    tcp["total"] = sum(tcp["states"].values())
    states = {"ESTABLISHED": 210, "CLOSE_WAIT": count}
    lingering = {"CLOSE_WAIT": count - 20}
    tcp["processes"].insert(0, process("app", 900 + rng.randrange(99), 1010, 1024, states=states, lingering=lingering))
    tcp["ports"] = [{"port": 8080, "states": {**host()["nettune_tcp"]["ports"][0]["states"], **states}}]


def _full_queue(one: dict[str, Any], rng: random.Random) -> None:
    tcp = one["facts"]["nettune_tcp"]
    tcp["listeners"][1] = {"address": "::", "port": 80, "backlog": 511, "queued": 480 + rng.randrange(30)}
    tcp["rates"]["TcpExt"].update(
        ListenOverflows=round(rng.uniform(2, 40), 1), ListenDrops=round(rng.uniform(2, 40), 1)
    )


def _samples(rng: random.Random) -> dict[str, Any]:
    seconds = [10 * each for each in range(360)]
    leak = [max(0, each - 60) * 2 + rng.randrange(12) for each in range(360)]
    alive = [1700 + int(160 * math.sin(each / 28)) + rng.randrange(40) for each in range(360)]
    waiting = [int((900 if each < 180 else 380) + rng.randrange(80)) for each in range(360)]
    return {
        "start": "2026-11-29T08:30:00Z",
        "seconds": seconds,
        "series": {"ESTABLISHED": alive, "CLOSE_WAIT": leak, "TIME_WAIT": waiting, "LISTEN": [6] * 360},
        "marks": [
            {"seconds": 600, "what": REUSE, "before": "2", "after": "0"},
            {"seconds": 1800, "what": FIN, "before": "60", "after": "30"},
            {"seconds": 1800, "what": REUSE, "before": "0", "after": "1"},
        ],
    }
