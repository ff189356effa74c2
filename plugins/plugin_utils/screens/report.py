# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report: its summary on the terminal; the page or its document goes to the file."""

from __future__ import annotations

import time
from typing import Any, Mapping

from ...module_utils._diagnosis.rule import SEVERITIES
from ..fleet import recording, source, trial_file
from ..fleet.unreachable import unreachable
from ..report import page, words
from ..report.document import Heading, document
from .cached import cached
from .card import COLORS
from .host_names import short
from .line import Line, Screen, count, paragraph
from .reasons import missing
from .run import Run, missing_failures

# Causes on the terminal; the page has all of them.
_MOST = 5
# Of the names of the hosts; more of them are counted.
_LONGEST = 60


def draw(run: Run) -> Screen:
    """Return the screen of the playbook report."""
    options = run.options
    registered = str(run.args.get("registered"))
    trial = options.get(trial_file.OPTION)
    reached = _reached(run, registered)
    fleet = source.chosen(run.hostvars, reached, options, registered=registered)
    if not options.get("nettune_from"):
        fleet["silent"] = unreachable(run.hostvars, fleet["missing"])
    heading = Heading(
        time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        str(options.get("nettune_title") or Heading._field_defaults["title"]),
        "recording" if run.recording else "cache" if options.get("nettune_from") else "hosts",
    )
    found = document(
        fleet,
        heading,
        thresholds=options.get("nettune_thresholds") or None,
        idle_timeout=options.get("nettune_idle_timeout"),
        before=_before(options.get("nettune_before"), fleet),
        tried=trial_file.read(trial) if trial else None,
    )
    failures = missing_failures(fleet, recording=run.recording)
    lines = [*_lines(found, run.width), *cached(run, found["hosts"])]
    if len(reached) < len(run.hosts):
        so_far = f"{len(reached)} of {count(len(run.hosts), 'host')} so far"
        lines += paragraph(f"{so_far}; the last batch of the play completes the report.", width=run.width)
    return Screen(lines, failures, found, [], lambda: page.page(found))


def _reached(run: Run, registered: str) -> list[str]:
    """Return the hosts of this batch and of earlier ones: a play with `serial` writes the report once for each batch.

    The last batch has all hosts of the play, also those that failed before they were read.
    """
    is_last = not run.alone and (not run.active or run.active[-1] in run.batch)
    if is_last or run.options.get("nettune_from"):
        return list(run.hosts)
    return [host for host in run.hosts if host in run.batch or registered in run.hostvars[host]]


def _before(path: str | None, fleet: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a recording has of the hosts of the fleet. Raises InvalidOption."""
    if not path:
        return None
    names = {row["host"] for row in (*fleet["hosts"], *fleet["missing"])}
    return {"hosts": [row for row in recording.read(path, "nettune_before")["hosts"] if row["host"] in names]}


def _lines(found: Mapping[str, Any], width: int) -> list[Line]:
    """Return the summary, the most urgent causes, and the hosts that were not read."""
    lines = [
        row
        for one in words.headline(found["summary"])
        for row in paragraph(one.text, width=width, severity=one.severity)
    ]
    causes = [cause for cause in found["causes"] if cause["severity"] != SEVERITIES[0]]
    shown = []
    for cause in causes[:_MOST]:
        names = short(cause["hosts"])
        where = names if len(names) <= _LONGEST else count(len(cause["hosts"]), "host")
        text = f"{where}  {cause['severity'].upper()}: {cause['title']}"
        shown += paragraph(text, width=width, hanging="    ", severity=COLORS.get(cause["severity"], ""))
    if len(causes) > _MOST:
        shown.append(Line(f"and {len(causes) - _MOST} more in the report"))
    gone = missing(found["missing"], width=width, failed="not read")
    for part in (shown, gone):
        lines += [Line(""), *part] if part else []
    return [*lines, Line("")]
