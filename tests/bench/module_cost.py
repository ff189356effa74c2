# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the cost of a task besides counting: module files as a host runs them, compared with a trivial module."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Callable, Sequence

from tests.gate.places import BIN

from .compared_programs import Program
from .fleet.hosts import ansible_environment
from .interleaved_runs import InterleavedRuns
from .payload import Payload, kept
from .population import Population

TRIVIAL = "ping"
_SOCKETS = 1000
_MODULES = {
    TRIVIAL: ("ansible.builtin.ping", {}),
    "tcp_facts": ("nettune.tcp.tcp_facts", {"gather_subset": ["min"]}),
    # Without options some fail at once, but only their payload is measured.
    "tcp_diagnosis_info": ("nettune.tcp.tcp_diagnosis_info", {}),
    "profile_info": ("nettune.tcp.profile_info", {}),
    "sysctl_profile": ("nettune.tcp.sysctl_profile", {}),
    "nofile_limits": ("nettune.tcp.nofile_limits", {}),
}


def measured(
    programs: Sequence[Program], *, python: Path, stopwatch: Path, rounds: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Return {'payloads': {module: {'bytes', 'files', 'parts'}}, 'rounds': [{name: seconds}]}.

    The rounds have counting alone as a name; `parts` is {part: bytes}.
    """
    with tempfile.TemporaryDirectory(prefix="nb-") as place:
        payloads = _payloads(python, Path(place))
        timed = [Program(name, name, [python, payloads[name].path]) for name in (TRIVIAL, "tcp_facts")]
        also = [one for one in programs if one.name in ("python", "counts")]
        with Population("web", _SOCKETS) as population:
            rows = InterleavedRuns([*also, *timed], population, stopwatch=stopwatch, say=say).run(rounds, slow=0)
    return {
        "payloads": {
            name: {"bytes": one.bytes, "files": one.files, "parts": one.parts} for name, one in payloads.items()
        },
        "rounds": [{name: figures["seconds"] for name, figures in row.items()} for row in rows],
    }


def _payloads(python: Path, place: Path) -> dict[str, Payload]:
    env = ansible_environment(place)
    return {
        name: kept(module, options, ansible=BIN / "ansible", python=python, env=env, into=place)
        for name, (module, options) in _MODULES.items()
    }
