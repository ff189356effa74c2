# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profiles and drift of a host as far as any user can read them: from the drop-ins of kernel parameters."""

from __future__ import annotations

from typing import Any, Iterable, Iterator

from ..._formats import sysctl_conf
from ..._host.files import HostFiles
from ..._parameters import value
from ..._parameters.catalogue import shown
from ..._sysctl import admit, profile_files
from ..._sysctl.boot import boot, named
from ..._sysctl.file_change import MARK
from ..._sysctl.host import read
from ..._sysctl.snapshot import Host, boot_lines
from .. import differences
from ..differences import Difference

NOT_READ = "root is needed to read the journal; only kernel parameters in drop-ins were compared"
NOT_FOUND = "no drop-in was found, and root is needed to read the journal"


def gather(files: HostFiles, *, only: str | None = None, expected: Iterable[str] = ()) -> dict[str, Any]:
    """Return `profiles`, `drift` and `partial` as ProfileDrift.gather() does, without the journal.

    A value that is higher than a floor counts as drift, as a drop-in does not say which values are floors.
    """
    settings = {name: each for name, each in _drop_ins(files) if only in (None, name)}
    host = read.take(
        files,
        dict.fromkeys(key for each in settings.values() for key in each),
        with_listeners=False,
        with_all_names=False,
    )
    drift = [{"profile": name, **one._asdict()} for name, each in settings.items() for one in _differences(each, host)]
    required = dict.fromkeys([*expected, *([only] if only else [])])
    missing = differences.of_profile(differences.APPLIED, NOT_FOUND)
    drift += [{"profile": name, **missing._asdict()} for name in required if name not in settings]
    drifted = {row["profile"] for row in drift}
    unreadable = [(key, one.unreadable) for key, one in host.readings.items() if one.unreadable]
    return {
        "profiles": [
            {"name": name, "parameters": list(each), "nofile": None, "persistent": True, "drifted": name in drifted}
            for name, each in settings.items()
        ],
        "drift": drift,
        "partial": [{"what": what, "reason": reason} for what, reason in [("journal", NOT_READ), *unreadable]],
    }


def _drop_ins(files: HostFiles) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the name of each profile that has a drop-in, and the values that it sets."""
    for file in files.listdir(profile_files.DIRECTORY):
        path = f"{profile_files.DIRECTORY}/{file}"
        name = profile_files.profile_of(path)
        text = files.try_text(path)[0] if name else ""
        if name and text.startswith(MARK):
            assignments = sysctl_conf.assignments(path, text)
            yield name, {one.name: one.value for one in assignments if one.value is not None}


def _differences(settings: dict[str, str], host: Host) -> Iterator[Difference]:
    lines = boot_lines(host.files_at_boot, loader=host.loader, programs=host.programs)
    for key, expected in settings.items():
        parameter, reading = admit.describe(key, host), host.reading(key)
        at_boot = boot(key, lines, loader=host.loader)
        wanted = value.normal(parameter, expected)
        running = wanted if reading.unreadable else value.normal(parameter, reading.text or "")
        then = None if at_boot.value is None else value.normal(parameter, at_boot.value)
        reasons = [] if value.may_become(parameter, wanted, running) else ["running value differs"]
        if then != wanted and not at_boot.unknown:
            reasons.append(f"not set at the next boot{f': {named(at_boot.winner)} wins' if at_boot.winner else ''}")
        if reasons:
            texts = (shown(key, wanted), shown(key, running) or "-", "-" if then is None else shown(key, then))
            when = differences.NOW if reasons[0].startswith("running") else differences.NEXT_BOOT
            yield Difference(key, *texts, ", ".join(reasons), when)
