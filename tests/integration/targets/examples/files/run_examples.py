# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every example of the documentation as it is printed, each on local test hosts of its own.

    python run_examples.py [PART OF A NAME ...]

Tasks run in a play over the host web1, and web2 if they name it; variables are given to the role that they belong to.
Tasks without `become: true` run as an ordinary user. In the examples of a module that promises idempotence, each task
is run twice in a row, and the second run must change nothing.
"""

from __future__ import annotations

import concurrent.futures
import copy
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[4] / "lab")]

import blocks
import yaml
from blocks import Block
from lab import Lab
from namespaces import LabError

_AT_ONCE = 3
_SECONDS = 300
_LINES_OF_A_FAILURE = 40
_HOST, _SECOND_HOST = "web1", "web2"

# Examples that are not run here: {their first line: reason}.
NOT_RUN = {
    "# execution-environment.yml": "for ansible-builder; the session engines-image builds the image",
    "# prometheus.yml": "for Prometheus; the gate's session prometheus checks the rules that it names",
    "# local.yml": "for ansible-pull; tests/engines runs it on a local test host",
    "# requirements.yml": "for ansible-galaxy, which would look for the collection on Galaxy",
    "# compose.yml": "for Compose; the linter's tests read such files",
    "# pod.yml: safe since Kubernetes 1.29; the kubelet must allow others": "for Kubernetes; as compose.yml",
    **dict.fromkeys(
        [
            "# roles/gateway/defaults/main.yml",
            "# roles/gateway/tasks/main.yml",
            "# roles/gateway/tasks/verify.yml",
            "# gateways.yml",
            "# verify_gateways.yml",
            "# rules.yml",
            "# diagnose.yml",
        ],
        "files that belong together; tests/documented runs them",
    ),
    "# rollout.yml": "needs a server that answers health checks; the target rollout runs such plays",
}
# Waiting times are shortened: {text as printed: text as run}.
SHORTENED = {
    "settle: 120\n": "settle: 0\n",
    "window: 120\n": "window: 1\n",
}
# For trials that print no waiting times.
MODULE_DEFAULTS = {"nettune.tcp.sysctl_trial": {"settle": 0, "window": 1, "interval": 0.2}}
# The task that waits for Ctrl-C gets it after some seconds.
CTRL_C, SECONDS_TO_CTRL_C = "Watch until Ctrl-C", 6

# As an ordinary user, unless the task becomes root.
_PYTHON = """#!/bin/sh
[ -z "$NETTUNE_ROOT" ] && exec {enter} setpriv --reuid=65534 --regid=65534 --clear-groups /usr/bin/python3 "$@"
exec {enter} /usr/bin/python3 "$@"
"""
_SUDO = """#!/bin/sh
while [ "$1" != /bin/sh ]; do shift; done
NETTUNE_ROOT=1 exec "$@"
"""
# A container for the examples that look one up: a process in a network namespace of its own.
_PODMAN = """#!/bin/sh
unshare --net sleep 600 < /dev/null > /dev/null 2>&1 &
sleep 0.3
echo $!
"""


def main(parts: list[str]) -> int:
    """Return 0 if every example was run, or is in NOT_RUN, and succeeded."""
    every = blocks.find()
    unused = sorted(set(NOT_RUN) - {block.first_line for block in every})
    chosen = [block for block in every if not parts or any(part in block.name for part in parts)]
    runs = [(block, _is_of_idempotent_module(block)) for block in chosen if block.first_line not in NOT_RUN]
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        failed = [name for name in pool.map(lambda run: _report(*run), runs) if name]
    for name in unused:
        print(f"NOT_RUN names {name}, with which no example begins")
    print(f"{len(runs)} of {len(chosen)} examples run")
    print(f"failed: {', '.join(failed)}" if failed else "all succeeded")
    return 1 if failed or unused or not runs else 0


def _report(block: Block, twice: bool) -> str:
    """Run an example, print its outcome, and return its name if it failed."""
    name = block.name + (", each task twice" if twice else "")
    began = time.monotonic()
    try:
        output = _run(block, twice)
    except (LabError, OSError, yaml.YAMLError) as error:
        output = f"{type(error).__name__}: {error}"
    took = f"{time.monotonic() - began:.1f} s"
    text = f"ok      {name}, {took}" if output is None else f"FAILED  {name}, {took}"
    print("\n    ".join([text, *(output or "").splitlines()[-_LINES_OF_A_FAILURE:]]), flush=True)
    return name if output is not None else ""


def _run(block: Block, twice: bool) -> str | None:
    """Run an example on fresh hosts; return None if it succeeded, otherwise the output of Ansible."""
    with tempfile.TemporaryDirectory(prefix="nettune-example-") as directory:
        os.chmod(directory, 0o755)  # the ordinary user runs scripts in it
        place = Path(directory)
        (place / "play").mkdir()
        playbook = place / "play" / "example.yml"
        plays = _plays(block, place / "play", twice)
        playbook.write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
        hosts = [_HOST, *([_SECOND_HOST] if _SECOND_HOST in block.text else [])]
        with Lab(hosts, state=str(place / "hosts")) as lab:
            for host in lab.hosts.values():
                _prepare(host)
            inventory = place / "inventory.json"
            inventory.write_text(json.dumps(_inventory(lab, plays)), encoding="utf-8")
            return _ansible(inventory, playbook)


def _plays(block: Block, directory: Path, twice: bool) -> list[dict[str, Any]]:
    """Return the plays that run an example."""
    content = block.content
    play = {"name": block.name, "hosts": "web", "gather_facts": False, "module_defaults": MODULE_DEFAULTS}
    if isinstance(content, dict):
        return [{**play, "become": True, **_with_variables(block, content)}]
    if "hosts" in content[0]:
        # Without this, an example could change the machine that runs the tests.
        if any(play["hosts"] == "localhost" for play in content):
            raise LabError("the example runs on localhost: add it to NOT_RUN and test it on a local test host")
        return content
    if twice:
        return [{**play, "tasks": _twice(content)}]
    (directory / "tasks.yml").write_text(_shortened(block.text), encoding="utf-8")
    return [{**play, "tasks": [{"ansible.builtin.import_tasks": "tasks.yml"}]}]


def _with_variables(block: Block, variables: dict[str, Any]) -> dict[str, Any]:
    """Return what a play needs to use variables: the role of the README or with that prefix; or kernel parameters."""
    roles = sorted((path.name for path in (blocks.ROOT / "roles").iterdir()), key=len, reverse=True)
    own = [role for role in roles if block.name.startswith(f"roles/{role}/")]
    prefixes = [role for role in roles for name in variables if name.startswith(f"{role}_")]
    if not own and not prefixes:
        task = {"nettune.tcp.sysctl_profile": {"name": "example", "settings": variables}}
        return {"tasks": [{"name": "Apply the settings", **task}]}
    role = (own or [role for role in prefixes if role != "tuning"] or ["web"])[0]
    return {"vars": variables, "roles": [f"nettune.tcp.{role}"]}


def _is_of_idempotent_module(block: Block) -> bool:
    return block.name in {f"plugins/modules/{name.rpartition('.')[2]}.py" for name in blocks.idempotent_modules()}


def _twice(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the tasks, each task of an idempotent module followed by the same task, which must change nothing."""
    names, found = blocks.idempotent_modules(), []
    for task in tasks:
        task = copy.deepcopy(task)
        for name in names & set(task):
            task[name] = yaml.safe_load(_shortened(yaml.safe_dump(task[name])))
        found.append(task)
        # Each run with confirm_within starts the window again, which is a change.
        if any("confirm_within" not in task[name] for name in names & set(task)):
            again = {**task, "name": f"{task['name']} (again)", "register": "again"}
            found.append({**again, "failed_when": "again is changed or again.failed | default(false)"})
    return found


def _shortened(text: str) -> str:
    for printed, run in SHORTENED.items():
        text = text.replace(printed, run)
    return text


def _prepare(host: Any) -> None:
    """Write the interpreter that runs modules as an ordinary user, the `sudo` of the host and its `podman`."""
    directory = Path(host.directory)
    scripts = {"unprivileged": _PYTHON.format(enter=directory / "enter"), "sudo": _SUDO, "podman": _PODMAN}
    for name, text in scripts.items():
        (directory / name).write_text(text, encoding="utf-8")
        (directory / name).chmod(0o755)
    for unit in ("nginx", "haproxy"):
        host.run("tee", f"/etc/systemd/system/{unit}.service", input="[Service]\nExecStart=/bin/true\n")
    host.run("mount", "-t", "tmpfs", "-o", "mode=755", "private", "/usr/local/bin")
    host.run("cp", str(directory / "podman"), "/usr/local/bin/podman")


def _inventory(lab: Lab, plays: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an inventory with all hosts in the group `web`, and in each group that a play names."""
    groups = {"web", *(play["hosts"] for play in plays)} - {"all", "localhost"}
    hosts = {name: _variables(Path(host.directory)) for name, host in lab.hosts.items()}
    members = {"hosts": {name: {} for name in hosts}}
    return {"all": {"hosts": hosts, "children": dict.fromkeys(sorted(groups), members)}}


def _variables(directory: Path) -> dict[str, Any]:
    return {
        "ansible_connection": "local",
        "ansible_python_interpreter": str(directory / "unprivileged"),
        "ansible_become_exe": str(directory / "sudo"),
        "ansible_pipelining": True,
        "ansible_remote_tmp": str(directory / "tmp"),
        "ansible_async_dir": str(directory / "tmp"),
    }


def _ansible(inventory: Path, playbook: Path) -> str | None:
    """Run a playbook; return its output if it failed, otherwise None."""
    env = {
        **os.environ,
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_STDOUT_CALLBACK": "default",
        "ANSIBLE_BECOME_ALLOW_SAME_USER": "1",
    }
    lines: list[str] = []
    deadline = time.monotonic() + _SECONDS
    with subprocess.Popen(
        ["ansible-playbook", "-i", inventory, playbook],
        cwd=playbook.parent,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process, concurrent.futures.ThreadPoolExecutor(1) as helper:
        for line in process.stdout or []:
            lines.append(line)
            if CTRL_C in line:
                helper.submit(_interrupt, process)
            if time.monotonic() > deadline:
                os.killpg(process.pid, signal.SIGKILL)
                lines.append(f"not finished after {_SECONDS} s\n")
    problems = process.returncode or any("DEPRECATION WARNING" in line for line in lines)
    return "".join(lines) if problems else None


def _interrupt(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C for a playbook that is being watched."""
    time.sleep(SECONDS_TO_CTRL_C)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
