# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel parameters whose value changes between two samples of a watch."""

from __future__ import annotations

import time
from typing import Any, Iterable, Mapping

from ...module_utils._diagnosis.host.snapshot import MANAGED_KEYS
from ...module_utils._formats import sysctl_conf
from ...module_utils._parameters.catalogue import HIDDEN, shown

_ROOT = "/proc/sys/"
_MOST = 1000


class Parameters:
    """The values of kernel parameters in the last sample, and the changes that were found so far."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        """Choose the parameters to read: not secret ones. Raises InvalidOption for text that is not the name of one."""
        names = dict.fromkeys([*MANAGED_KEYS, *map(sysctl_conf.canonical, more)])
        self._paths = {_ROOT + sysctl_conf.to_path(name): name for name in names if shown(name, "") != HIDDEN}
        self._values: dict[str, str] = {}
        self.changes: list[dict[str, str]] = []

    @property
    def paths(self) -> list[str]:
        """The files to read with each sample."""
        return list(self._paths)

    def add(self, files: Mapping[str, Any], at: float) -> list[dict[str, str]]:
        """Return the changes since the previous sample, as {time, what, before, after}.

        files: texts by path; what is not text could not be read. at: seconds since the epoch.
        """
        utc = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
        found = []
        for path, name in self._paths.items():
            text = files.get(path)
            if not isinstance(text, str):
                continue
            value = " ".join(text.split())
            before = self._values.setdefault(name, value)
            if value != before:
                found.append({"time": utc, "what": name, "before": before, "after": value})
                self._values[name] = value
        self.changes += found[: _MOST - len(self.changes)]
        return found
