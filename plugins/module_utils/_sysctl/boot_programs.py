# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sets kernel parameters at boot besides the loader of sysctl.d, and in which order.

Process 1 comes first. systemd 240 and later (src/core/main.c, initialize_runtime()) raises fs.file-max and fs.nr_open
to the highest values that the kernel accepts, and net.unix.max_dgram_qlen to 512 if it is lower. The first two are
options of its build: Debian before 13 and SUSE leave fs.nr_open alone. No file names these values, so whether this
host's systemd sets one is concluded from the running value.
"""

from __future__ import annotations

from typing import Mapping, NamedTuple

from .._formats.sysctl_conf import Assignment

SYSTEMD_AS_PROCESS_1 = "systemd (process 1)"


class _OfProcess1(NamedTuple):
    """value: what systemd sets. default: what the kernel sets; empty if it depends on the machine."""

    value: str
    default: str = ""


_OF_PROCESS_1 = {
    "fs.file-max": _OfProcess1("9223372036854775807"),
    "fs.nr_open": _OfProcess1("1073741816", "1048576"),
    "net.unix.max_dgram_qlen": _OfProcess1("512", "10"),
}


class Programs(NamedTuple):
    """What sets parameters at boot besides the loader. The default is a host without such programs.

    process_1: the running values of the parameters that process 1 may set, as far as nothing of ours has set them.
    """

    process_1: Mapping[str, str] = {}


NO_PROGRAMS = Programs()


def names_of_process_1() -> list[str]:
    """Return the parameters that process 1 may set."""
    return list(_OF_PROCESS_1)


def before_loader(programs: Programs) -> list[Assignment]:
    """Return what is set before the loader reads its files."""
    return [line for name, found in programs.process_1.items() for line in _by_process_1(name, found)]


def _by_process_1(name: str, found: str) -> list[Assignment]:
    """Return the line of one parameter, none if the running value shows that process 1 leaves it alone."""
    known = _OF_PROCESS_1[name]
    if found == known.default:
        return []
    unknown = ""
    if found != known.value:
        unknown = f"{SYSTEMD_AS_PROCESS_1} may set it to {known.value}, and something else has set it to {found} since"
    return [Assignment("", 0, name, known.value, by=SYSTEMD_AS_PROCESS_1, unknown=unknown)]
