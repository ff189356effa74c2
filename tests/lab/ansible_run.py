# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run Ansible with this checkout's collection and without the user's settings, and parse its output."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import subprocess
import sys
from typing import Any, Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence, TextIO

from lab import Lab
from namespaces import LabError

_TASK = re.compile(r"^TASK \[(?:[\w.]+ : )?(.*)\] \**$", re.MULTILINE)
# What the callbacks `default` and `minimal` print before the result of a task.
_STATUS = re.compile(r"^(?:(ok|changed|failed|fatal): \[(\S+?)\](?: => )?|(\S+) \| (\w+)!? => )", re.MULTILINE)
_LINES_OF_A_FAILURE = 25
_MOST_FORKS = 40
_SETTINGS = {
    "ANSIBLE_STDOUT_CALLBACK": "default",
    "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
    # With false, the callback prints the name of a task after what its action has printed.
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "true",
    "ANSIBLE_DEPRECATION_WARNINGS": "false",
    "ANSIBLE_NOCOLOR": "true",
}


class Ansible:
    """Runs Ansible on the hosts of a lab. All output goes to `log`; `progress` gets the name of each task.

    installed: a path of collections to use instead of this checkout's.
    """

    def __init__(
        self, lab: Lab, log: TextIO, progress: Callable[[str], None] = lambda _text: None, installed: str = ""
    ) -> None:
        self._inventory = lab.inventory
        self._log = log
        self._progress = progress
        config = os.path.join(lab.state, "ansible.cfg")
        with open(config, "w", encoding="utf-8") as stream:
            stream.write("[defaults]\n")
        self._env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")},
            **_SETTINGS,
            "ANSIBLE_CONFIG": config,
            "ANSIBLE_HOME": os.path.join(lab.state, "ansible"),
            "ANSIBLE_FORKS": str(min(_MOST_FORKS, len(lab.hosts))),
            "ANSIBLE_COLLECTIONS_PATH": installed or collections_path(lab.state),
        }

    def playbook(self, path: str, *options: str) -> list[Result]:
        """Run a playbook and return its results; raise LabError if it fails."""
        return list(results(self._run("ansible-playbook", "-i", self._inventory, path, *options)))

    def module(self, hosts: Sequence[str], module: str) -> dict[str, Any]:
        """Run a module and return {host: result}; raise LabError unless all hosts succeed."""
        output = self._run("ansible", ",".join(hosts), "-i", self._inventory, "-m", module)
        found = {result.host: result.value for result in results(output)}
        missing = sorted(set(hosts) - set(found))
        if missing:
            raise LabError(f"no result of {module} from {', '.join(missing)}; see {self._log.name}")
        return found

    def apply_remedies(self, variables: Mapping[str, Mapping[str, Any]]) -> list[Result]:
        """Apply {host: variables of the role `tuning`}, and return the results."""
        return self.playbook("tests/lab/apply_remedies.yml", "--diff", "-e", json.dumps({"lab_remedies": variables}))

    def _run(self, *command: str) -> str:
        beside = os.path.join(os.path.dirname(sys.executable), command[0])
        self._log.write(f"\n$ {shlex.join(command)}\n")
        self._progress("starting Ansible")
        lines = []
        with subprocess.Popen(
            [beside if os.path.exists(beside) else command[0], *command[1:]],
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as child:
            for line in child.stdout or []:
                self._log.write(line)
                lines.append(line)
                task = _TASK.match(line)
                if task:
                    self._progress(task[1])
        self._log.flush()
        if child.returncode != 0:
            end = "".join(lines[-_LINES_OF_A_FAILURE:])
            raise LabError(
                f"`{shlex.join(command)}` ended with {child.returncode} (all output: {self._log.name}):\n{end}"
            )
        return "".join(lines)


def collections_path(state: str) -> str:
    """Return a collections path below `state` that leads to this checkout, the current directory.

    A link to another place is replaced: the checkout may have been moved, or `state` copied.
    """
    path = os.path.join(state, "collections")
    link = os.path.join(path, "ansible_collections", "nettune", "tcp")
    os.makedirs(os.path.dirname(link), exist_ok=True)
    if os.path.islink(link) and os.readlink(link) != os.getcwd():
        os.unlink(link)
    if not os.path.lexists(link):
        os.symlink(os.getcwd(), link)
    return path


class Result(NamedTuple):
    """The result of a task, "" for an ad-hoc command, on one host: status, the value printed, and the lines before it.

    The lines (`diff`) are the diff of a change, or the screen that nettune.tcp.show has printed.
    """

    task: str
    host: str
    status: str
    diff: list[str]
    value: dict[str, Any]


def results(output: str) -> Iterator[Result]:
    """Parse the output of a playbook or an ad-hoc command. A diff is printed before its task's status."""
    tasks = [("", 0), *((match[1], match.end()) for match in _TASK.finditer(output)), ("", len(output))]
    for (task, position), (_next, end) in zip(tasks, tasks[1:]):
        while match := _STATUS.search(output, position, end):
            host, status = match[2] or match[3], (match[1] or match[4]).lower()
            before = output[position : match.start()].strip().splitlines() if task else []
            diff = [line for line in before if not line.startswith("skipping: ")]
            value, position = {}, match.end()
            if output.startswith("{", position):
                value, position = json.JSONDecoder().raw_decode(output, position)
            yield Result(task, host, status, diff, value)


def summary(found: Iterable[Result], *, host: str, diffs_only: bool = False, changed: str = "changed") -> list[str]:
    """Return which hosts each task changed, the diffs of `host` and, unless `diffs_only`, what a task shows of all.

    changed: the words for the hosts that a task changed, or would change in check mode. A task that shows something
    prints it before its status, as a diff is.
    """
    shown: list[str] = []
    for task, group in itertools.groupby(found, key=lambda result: result.task):
        parts = list(group)
        text = [
            line
            for part in parts
            for line in (part.diff if part.status == "changed" and part.host == host else [])
            or (part.diff if part.status == "ok" and not diffs_only else [])
        ]
        hosts = sorted(part.host for part in parts if part.status == "changed")
        text += [f"{changed}: {', '.join(hosts)}"] if hosts else []
        shown += [f"{task}:", *(f"  {line}" for line in text)] if text else []
    return shown


def message(result: Result) -> list[str]:
    """Return the lines of a result's `msg`, a text or a list of texts; [] if it has none."""
    text = result.value.get("msg", [])
    return text.splitlines() if isinstance(text, str) else [str(line) for line in text]


def changes(found: Iterable[Result], host: str) -> int:
    """Return how many tasks changed a host."""
    return sum(result.host == host and result.status == "changed" for result in found)
