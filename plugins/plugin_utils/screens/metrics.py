# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics of a fleet: how many series each host has, and where they were written."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, NamedTuple

from ...module_utils._common.errors import MalformedInput
from ..fleet import document, source
from ..metrics import series
from ..metrics.text import Exposition
from . import reasons
from .cached import cached
from .host_names import natural, short
from .line import CRITICAL, DIM, WARNING, Line, Row, Screen, count, paragraph, table
from .run import Run, missing_failures

SUFFIX = ".prom"
TEXTFILES = "__nettune_textfiles"
DIRECTORY, OUTPUT, PEERS = "nettune_textfile_directory", "nettune_output", "nettune_metrics_peers"
_NOT_WRITTEN = (
    "Nothing was written. Set nettune_output=FILE.prom for one file with all hosts, or"
    " nettune_textfile_directory=DIRECTORY for a file on each host."
)


class _Host(NamedTuple):
    """series: their number. textfile: the path of the file, why it was not written, or empty. failed: why it was not.

    left: files of an earlier directory that someone else has changed.
    """

    name: str
    series: int
    textfile: str
    failed: str
    left: tuple[str, ...]


def draw(run: Run) -> Screen:
    """Return the screen of the playbook metrics."""
    registered, exposition = str(run.args["registered"]), Exposition()
    fleet = source.chosen(run.hostvars, run.hosts, run.options, registered=registered)
    hosts = list(_added(fleet, exposition, run))
    for row in fleet["missing"]:
        exposition.add(series.of_missing(row["host"]))
    columns = 3 if run.options.get(DIRECTORY) else 2
    rows = [row._replace(cells=row.cells[:columns]) for row in map(_row, _grouped(hosts))]
    lines = table(("HOST", "SERIES", "TEXTFILE")[:columns], rows, width=run.width, right=[1])
    lines += [line for host in hosts for line in _left(host, run.width)]
    lines += reasons.missing(fleet["missing"], width=run.width, failed="no facts")
    lines += cached(run, fleet["hosts"])
    lines += [Line(""), _summary(hosts, fleet["missing"])]
    options = run.options
    if not options.get(DIRECTORY) and not options.get(OUTPUT):
        lines += paragraph(_NOT_WRITTEN, width=run.width, severity=WARNING)
    failures = {host.name: {"msg": host.failed, "unreachable": False} for host in hosts if host.failed}
    texts = {SUFFIX: exposition.text()} if options.get(OUTPUT) else {}
    return Screen(lines, {**failures, **missing_failures(fleet, recording=run.recording)}, None, [], texts=texts)


def text_of(row: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Return the text for the textfile of one host. row: see series.of_host."""
    exposition = Exposition()
    exposition.add(_series(row, options))
    return exposition.text()


def _added(fleet: dict[str, Any], exposition: Exposition, run: Run) -> Iterator[_Host]:
    """Add the series of each host to the text. A host whose facts have another form than ours becomes missing."""
    for row in sorted(fleet["hosts"], key=lambda row: natural(row["host"])):
        try:
            found = _series(row, run.options)
        except MalformedInput as error:
            fleet["missing"].append({"host": row["host"], "unreachable": False, "reason": str(error)})
            continue
        exposition.add(found)
        yield _host(row["host"], len(found), run)


def _series(row: Mapping[str, Any], options: Mapping[str, Any]) -> list[series.Series]:
    return series.of_host(row, peers=int(options.get(PEERS) or 0), thresholds=options.get("nettune_thresholds"))


def _host(name: str, number: int, run: Run) -> _Host:
    # A host of a recording need not be in the inventory.
    result = run.hostvars[name].get(TEXTFILES) if name in run.hostvars else None
    if not isinstance(result, Mapping) or result.get("skipped"):
        return _Host(name, number, "-", "", ())
    found = document.result_row(name, run.hostvars[name], TEXTFILES)
    if isinstance(found, document.Missing):
        return _Host(name, number, f"failed: {found.reason}", found.reason, ())
    would = "would be written: " if run.check_mode else ""
    paths = [f"{would}{file['path']}" for file in found["files"] if file["status"] != "removed"]
    left = [f"{row['what']} was left alone: {row['reason']}" for row in found["left_alone"]]
    return _Host(name, number, ", ".join(paths), "", tuple(left))


def _grouped(hosts: list[_Host]) -> list[list[_Host]]:
    groups: dict[str, list[_Host]] = {}
    for host in hosts:
        groups.setdefault(host.textfile, []).append(host)
    return list(groups.values())


def _row(hosts: list[_Host]) -> Row:
    low, high = min(host.series for host in hosts), max(host.series for host in hosts)
    numbers = str(low) if low == high else f"{low}-{high}"
    return Row((short(host.name for host in hosts), numbers, hosts[0].textfile), CRITICAL if hosts[0].failed else "")


def _left(host: _Host, width: int) -> list[Line]:
    return [
        line
        for text in host.left
        for line in paragraph(f"{host.name}: {text}", width=width, hanging="    ", severity=WARNING)
    ]


def _summary(hosts: list[_Host], missing: list[dict[str, Any]]) -> Line:
    text = f"{sum(host.series for host in hosts)} series of {count(len(hosts), 'host')}"
    failed = sum(bool(host.failed) for host in hosts)
    text += f"; {count(failed, 'textfile')} not written" if failed else ""
    text += f"; {count(len(missing), 'host')} without facts" if missing else ""
    return Line(text, CRITICAL if failed or missing else DIM)
