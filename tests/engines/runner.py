# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-runner, and so AWX, Ansible Automation Platform and navigator: each playbook, from a project directory.

AWX stores what the callback of ansible-runner sees, so the test reads the stored events and not only the output.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator, NamedTuple

from .place import Done, Place, Wrong, expect

_PLAYBOOKS = Path(__file__).resolve().parents[2] / "playbooks"
_SYSCTL = "net.ipv4.tcp_tw_recycle = 1\n"


class Job(NamedTuple):
    """A job. variables: those of the survey or of the template. shown: parts of its output. code: its exit code."""

    playbook: str
    variables: dict[str, Any]
    shown: tuple[str, ...]
    options: tuple[str, ...] = ()
    code: int = 0


def check(place: Place) -> Iterator[str]:
    """Run the jobs; yield a line for each."""
    file = place.write("99-tuning.conf", _SYSCTL)
    jobs = [
        *(
            Job(name, {"nettune_help": True}, ("nettune_help",))
            for name in sorted(file.stem for file in _PLAYBOOKS.glob("*.yml") if "-" not in file.stem)
        ),
        Job("facts", {}, ("2 hosts",)),
        Job("query", {"nettune_query": "hosts[].host"}, ("web1", "web2")),
        Job("diagnose", {"nettune_sample": 0}, ("nothing found: web1, web2",)),
        Job("watch", {"nettune_count": 2, "nettune_interval": 0.5}, ("web1", "web2")),
        Job("lint", {"nettune_file": str(file)}, ("removed",), code=2),
        Job("adopt", {"nettune_output": str(file.with_suffix(".yml"))}, ("written: ",)),
        Job("tune_web", {}, ("would change",), ("--check", "--diff")),
        Job("tune_web", {}, ("changed",)),
        Job("verify", {"nettune_expect": ["web"]}, ("without drift",)),
        Job("trial", _TRIAL, ("tcp_fin_timeout",)),
        Job("revert", {"target": "web"}, ("Reverted",)),
    ]
    for number, job in enumerate(jobs):
        done = _run(place, job, f"job{number}")
        expect(done.text, *job.shown)
        yield f"{job.playbook} {' '.join([*job.options, *job.variables])}".rstrip()


_TRIAL = {
    "nettune_trial_key": "net.ipv4.tcp_fin_timeout",
    "nettune_trial_candidates": [30],
    "nettune_trial_minimise": "states.FIN_WAIT2",
    "nettune_trial_settle": 0,
    "nettune_trial_window": 1,
    "nettune_trial_interval": 0.2,
}


def _run(place: Place, job: Job, name: str) -> Done:
    """Run a job as AWX does: variables in env/extravars, options in env/cmdline. Raise Wrong if it lacks an event."""
    root = f"runner/{name}"
    place.write(f"{root}/env/extravars", job.variables)
    place.write(f"{root}/env/cmdline", " ".join(job.options))
    place.write(f"{root}/inventory/hosts.yml", Path(place.lab.inventory).read_text(encoding="utf-8"))
    done = place.run(
        *("ansible-runner", "run", place.directory / root, "--playbook", f"nettune.tcp.{job.playbook}"),
        *("--ident", "1", "--project-dir", place.directory),
        code=job.code,
    )
    events = sorted((place.directory / root / "artifacts" / "1" / "job_events").glob("*.json"))
    stored = "".join(json.loads(event.read_text(encoding="utf-8")).get("stdout", "") for event in events)
    lost = [part for part in job.shown if part not in stored]
    if lost:
        raise Wrong(f"{job.playbook}: the events lack {lost}, which was printed:\n{done.text}")
    return done
