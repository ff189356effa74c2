# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write docs/performance.md from the stored results and performance.md.in."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any, Callable

from . import figures, load_figures
from .figures import Results, ratio
from .fleet import page as fleet_page
from .goals import goals
from .markdown import figure, goals_table, precise, size, spread, table, thousands

_TEMPLATE = Path(__file__).with_name("performance.md.in")
_NOT_MEASURED = "Not measured.\n"
LOAD_HEADING = "## Under load\n"
FLEET_HEADING = "## Playbooks on a fleet\n"


def text(results: Results) -> str:
    """Return the whole page."""
    tables = {name: make(results) if _measured(results, name) else _NOT_MEASURED for name, make in _TABLES.items()}
    return Template(_TEMPLATE.read_text()).substitute({**results["machine"], **tables}, verdicts=verdicts(results))


def _measured(results: Results, name: str) -> bool:
    return bool(figures.others(results)) if name == "mixes" else bool(results.get(name))


def verdicts(results: Results) -> str:
    """Return the table of goals."""
    return goals_table(goals(results))


def with_section(page: str, results: Results, heading: str) -> str:
    """Return a page with one of its sections renewed."""
    return page.replace(_section(page, heading), _section(text(results), heading))


def _section(page: str, heading: str) -> str:
    start = page.index(heading)
    return page[start : page.index("\n## ", start)]


def _counting(results: Results) -> str:
    entries = figures.usual(results)
    smallest, largest = min(entries), max(entries)
    head = ["× floor", *map(size, entries), "one more socket", f"processor, {size(largest)}"]
    head += [f"`ss`, awk ÷ it, {size(largest)}", f"MiB, {size(smallest)}", f"MiB, {size(largest)}"]
    rows = []
    for name, label in entries[largest]["labels"].items():
        ratios = [figures.times(entry, name, "floor") for entry in entries.values()]
        ratios += [figures.times(entries[largest], name, "floor", "cpu_seconds")]
        ratios += [figures.times(entries[largest], "ss", name)]
        *floors, processor, faster = (figure(one and one.median) for one in ratios)
        memory = [figure(figures.mebibytes(entries[number], name)) for number in (smallest, largest)]
        rows.append([label, *floors, figure(figures.slopes(results, name)), processor, faster, *memory])
    return table(head, rows)


def _mixes(results: Results) -> str:
    names = {
        "close_wait": "all CLOSE_WAIT",
        "time_wait": "all TIME_WAIT",
        "ipv6": "the usual mix, IPv6 only",
        "mptcp": "ESTABLISHED, Multipath TCP",
        "empty": "none, beside a full namespace",
    }
    rows = []
    for entry in figures.others(results):
        ours = [figures.times(entry, name, "floor") for name in ("counts", "exact", "ss")]
        faster = figures.times(entry, "ss", "counts")
        cells = [figure(one and one.median) for one in (*ours, faster)]
        off_by = figures.largest_count_difference(entry, "counts")
        rows.append([names[entry["mix"]], size(entry["size"]), *cells, str(off_by)])
    head = ["× floor", "sockets", "**counts**", "**exact**", "`ss -tan`, awk", "`ss`, awk ÷ counts", "counts off by"]
    return table(head, rows)


def _churn(results: Results) -> str:
    found = results["churning"]
    labels = {"auto": "**counts**", "exact": "**exact**"}
    rows = [
        [
            labels[name],
            str(way["readings"]),
            *(" / ".join(f"{one:.0f}" for one in way[state].values()) for state in ("established", "time_wait")),
            str(way["fell_back"]),
        ]
        for name, way in found["ways"].items()
    ]
    head = ["off by, in sockets: median / most", "readings", "ESTABLISHED", "TIME_WAIT", "counted by a walk instead"]
    rate = f"{found['rate']:.0f} connections a second, {found['sockets']} sockets at the end.\n\n"
    return rate + table(head, rows)


def _module(results: Results) -> str:
    found = results["module"]
    trivial, sizes = found["payloads"]["ping"], ("bytes", "files")
    rows = [
        [f"`{name}`", str(one["files"]), str(one["bytes"]), *(precise(one[what] / trivial[what]) for what in sizes)]
        for name, one in found["payloads"].items()
    ]
    head = ["shipped", "files", "bytes", *(f"{what} ÷ ping's" for what in sizes)]
    more, beyond = (figures.module_milliseconds(results, counting=counting) for counting in (True, False))
    took = f"`tcp_facts` takes {more.median:.0f} ms longer than `ping` ({more.low:.0f} to {more.high:.0f});\n"
    took += f"{beyond.median:.0f} ms ({beyond.low:.0f} to {beyond.high:.0f}) without the time of counting itself.\n\n"
    return f"{took}{table(head, rows)}\n{_parts(found['payloads'])}"


def _parts(payloads: dict[str, dict[str, Any]]) -> str:
    """Return the table of the bytes that each part of a shipped file takes, the largest parts first."""
    trivial = payloads["ping"]["bytes"]
    most: dict[str, int] = {}
    for one in payloads.values():
        for part, taken in one["parts"].items():
            most[part] = max(taken, most.get(part, 0))
    rows = [
        [f"`{part}`" if part.startswith("_") else part]
        + [precise(one["parts"][part] / trivial) if part in one["parts"] else "–" for one in payloads.values()]
        for part in sorted(most, key=most.__getitem__, reverse=True)
    ]
    return table(["bytes of each part ÷ ping's", *(f"`{name}`" for name in payloads)], rows)


def _profile(results: Results) -> str:
    rows = []
    for entry in results["profile"]:
        place = {name: entry[name] for name in ("hosts", "ssh", "pipelining")}
        ratios = [
            figures.profile_ratio(results, **place, way=way, again=again)
            for way in ("loop", "tasks")
            for again in (False, True)
        ]
        where = f"{entry['hosts']} by ssh" if entry["ssh"] else f"{entry['hosts']}, locally"
        where += ", pipelining" if entry["pipelining"] else ""
        most = (ratio(entry["rounds"], way, "nothing") for way in ("loop", "tasks"))
        rows.append([where, *map(spread, ratios), " / ".join(precise(one.median) for one in most if one)])
    head = ["÷ one run", "loop, changing", "loop, second run", "tasks, changing", "tasks, second run", "at best"]
    return table(head, rows)


def _gathering(results: Results) -> str:
    rows = [
        [str(entry["hosts"]), *(spread(ratio(entry["rounds"], name, "ping")) for name in ("tcp_facts", "ss"))]
        for entry in results["gathering"]
    ]
    return table(["hosts", "`tcp_facts`", "`shell: ss -tan`, awk"], rows)


def load_text(results: Results) -> str:
    """Return the tables of the load."""
    found = results.get("load")
    if not found:
        return _NOT_MEASURED
    size_, machine = found["size"], found["machine"]
    head = ["phase", "seconds", "runs", "new a second", "new failed", "live failed", "answers after 1 s", "slowest, ms"]
    rows = [
        [label, *(f"{row[name]:.0f}" for name in ("seconds", "runs", "rate", "failed", "lost", "slow", "longest_ms"))]
        for label, row in load_figures.phases(found)
    ]
    costs = [
        [f"`{name}`", f"{1000 * milliseconds:.0f}", spread(more)]
        for name, milliseconds, more in load_figures.costs(found)
    ]
    return (
        f"{thousands(size_['live'])} connections live, and {thousands(size_['rate'])} come and go each second;\n"
        f"the host has {thousands(found['sockets']['inuse'])} sockets and {thousands(found['sockets']['tw'])} in"
        f" TIME_WAIT at the end.\n\n{goals_table(load_figures.goals(found))}\n{table(head, rows)}\n"
        f"{table(['module', 'ms of a CPU', '% of a CPU beyond `ping`'], costs)}\n"
        f"Linux {machine['kernel']}, {machine['processors']}, load average {machine['load']:.1f}.\n"
    )


def fleet_text(results: Results) -> str:
    """Return the tables of playbooks on fleets."""
    return fleet_page.text(results) if results.get("fleet") else _NOT_MEASURED


_TABLES: dict[str, Callable[[Results], str]] = {
    "counting": _counting,
    "mixes": _mixes,
    "churning": _churn,
    "module": _module,
    "profile": _profile,
    "gathering": _gathering,
    "load": load_text,
    "fleet": fleet_text,
}
