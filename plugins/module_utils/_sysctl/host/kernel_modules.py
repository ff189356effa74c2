# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which kernel modules a host has loaded, could load, or has no need to."""

from __future__ import annotations

from typing import Iterable

from ..._formats import proc_modules
from ..._formats.proc_modules import BUILT_IN, LOADABLE, LOADED, MISSING, UNKNOWN
from ..._host.files import HostFiles

DIRECTORY = "/lib/modules"


def states(files: HostFiles, names: Iterable[str], *, kernel: str) -> dict[str, str]:
    """The state of each of `names` under the running kernel, a release such as `6.18.0-13-amd64`."""
    asked = frozenset(names)
    found = dict.fromkeys(asked & proc_modules.loaded(files.read_text("/proc/modules") or ""), LOADED)
    for index, state in (("modules.builtin", BUILT_IN), ("modules.dep", LOADABLE)):
        missing = asked - set(found)
        if missing:
            lines = files.lines(f"{DIRECTORY}/{kernel}/{index}")
            found.update(dict.fromkeys(proc_modules.listed(lines, missing), state))
    has_index = files.exists(f"{DIRECTORY}/{kernel}/modules.dep")
    return {name: found.get(name, MISSING if has_index else UNKNOWN) for name in asked}
