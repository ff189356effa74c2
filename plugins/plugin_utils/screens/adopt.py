# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What adopt carries over from the files of the hosts, and what it leaves out; equal hosts share a file."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Sequence

from ..adopt import document
from ..adopt.document import Adopted
from ..adopt.item import Item
from ..lint.row import SEVERITY
from . import line
from .host_names import natural, short
from .line import Line, Screen, count, listed, paragraph
from .reasons import missing, not_root
from .run import Run, missing_failures

_HANGING = "    "
# The most settings that are left out and shown without -v.
_FEW = 10
_MOST_USERS = 5
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]")


class _Group(NamedTuple):
    adopted: Adopted
    hosts: list[str]
    kernels: dict[str, None]


def draw(run: Run) -> Screen:
    """Return the screen of the playbook adopt. The result of each host is what host_settings returns."""
    fleet = run.results()
    groups: dict[str, _Group] = {}
    for result in sorted(fleet["hosts"], key=lambda host: natural(host["host"])):
        adopted = document.adopt(result, str(run.options["nettune_profile"]))
        group = groups.setdefault(f"{adopted.loader}\n{adopted.text}", _Group(adopted, [], {}))
        group.hosts.append(result["host"])
        group.kernels[adopted.kernel] = None
    lines = [each for group in groups.values() for each in _report(group, run)]
    lines += not_root(fleet["hosts"], width=run.width, without="files that only root can read are left out")
    lines += missing(fleet["missing"], width=run.width, failed="not read")
    return Screen(lines, missing_failures(fleet), None, [], files=_files(list(groups.values())))


def _files(groups: Sequence[_Group]) -> dict[str, str]:
    """Return the texts of the files by the part of their names that tells them apart."""
    texts: dict[str, str] = {}
    for group in groups:
        part = f"-{_NOT_IN_NAMES.sub('_', group.hosts[0])}" if len(groups) > 1 else ""
        part = next(name for name in _numbered(part) if name not in texts)
        texts[part] = document.with_heading(group.adopted, group.hosts, list(group.kernels))
    return texts


def _numbered(part: str) -> Iterator[str]:
    yield part
    number = 2
    while True:
        yield f"{part}-{number}"
        number += 1


def _report(group: _Group, run: Run) -> Iterator[Line]:
    adopted = group.adopted
    out = [item for item in adopted.items if item.left_out]
    summary = f"{short(group.hosts)}: {'; '.join(_counts(adopted, len(out)))}"
    yield from paragraph(summary, width=run.width, hanging=_HANGING, severity=line.WARNING if out else line.OK)
    shown = out if run.verbosity else out[:_FEW]
    for item in shown:
        yield from _left_out(item, run.width)
    if len(out) > len(shown):
        yield Line(f"  and {len(out) - len(shown)} more (-v lists them all)", line.DIM)
    rest = [*adopted.limits.left_out, *adopted.others]
    for text in rest if run.verbosity else ():
        yield from paragraph(f"- {text}", width=run.width, indent="  ", hanging=_HANGING, severity=line.DIM)
    if rest and not run.verbosity:
        yield Line(f"  {count(len(rest), 'remark')} in the file (-v prints them)", line.DIM)
    yield Line("")


def _counts(adopted: Adopted, out: int) -> Iterator[str]:
    total = len(adopted.items)
    yield f"{total - out} of {count(total, 'kernel parameter')} carried over" if total else "no kernel parameters"
    if adopted.limits.nofile:
        yield f"{adopted.limits.nofile} open files for {listed(adopted.limits.users, most=_MOST_USERS)}"


def _left_out(item: Item, width: int) -> Iterator[Line]:
    severity = line.CRITICAL if SEVERITY.get(item.verdict) == "critical" else line.WARNING
    reason = item.message if item.left_out == item.verdict else item.left_out
    verdict = f"{item.verdict}: " if item.verdict and item.verdict != "ok" else ""
    yield from paragraph(
        f"{item.source}  {verdict}{item.name} = {item.value}",
        width=width,
        indent="  ",
        hanging=" " * 6,
        severity=severity,
    )
    yield from paragraph(reason, width=width, indent=" " * 6)
    for text in item.instead:
        yield from paragraph(f"→ {text}", width=width, indent=" " * 6, hanging=" " * 8)
