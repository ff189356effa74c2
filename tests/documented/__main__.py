# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every command of README.md, of the READMEs of roles and of the site as it is printed, on local test hosts.

    python -m tests.documented                     all documents
    python -m tests.documented README.md guide_    those whose path contains one of these

The commands of a document run one after the other in a directory of its own, which has the files that the document
shows. Each must end with 0, and most of the words of the output that is shown must be in its output. A command that is
not run here is in NOT_RUN, with the reason; a reason that fits no command is an error.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from ansible_run import collections_path  # noqa: E402  # the lab's files import each other without a package
from hosts import Lab  # noqa: E402  # as above

from tests.documented.commands import DOCUMENTS, ROOT, Command, commands, files, missing_words  # noqa: E402  # as above

# {beginning of a command: why it is not run here}.
NOT_RUN = {
    "git clone ": "needs the network; the gate runs from a clone",
    "make demo": "takes a minute of its own; `make release` runs it",
    "make test": "runs the other checks, for a quarter of an hour",
    "ansible-playbook nettune.tcp.diagnose -e target=localhost": "the tests do not diagnose their own machine",
    "ansible-galaxy collection install nettune.tcp": "needs Galaxy; the session `build` installs the tarball",
    "cat /etc/cron.d/tcp-drift": "shows a file that the reader writes",
    "journalctl ": "local test hosts have no journald; the virtual machines do",
    "ansible-builder ": "the session `engines-image` runs it",
    "ansible-navigator ": "is not installed; the session `engines-image` runs jobs in a container as it does",
    "ansible-pull ": "the session `engines` runs it",
    "export ANSIBLE_CACHE_PLUGIN=community.general.redis": "the session `engines-redis` runs it",
}
_SHORT_TRIAL = "-e nettune_trial_settle=0 -e nettune_trial_window=2 -e nettune_trial_interval=0.2"
# {pattern of what is printed: what is run instead}, for the inventory of the local test hosts and shorter waits.
INSTEAD = {
    r"-i www1\.example\.com,": "-i inventory",
    r"-i staging": "-i inventory",
    r"(nettune\.tcp\.watch .*?)(?: -e nettune_count=0.*)?$": r"\1 -e nettune_count=2 -e nettune_interval=1",
    r"(?s)(nettune\.tcp\.trial .*)$": rf"\1 {_SHORT_TRIAL}",
    r"\s+(?:\\\n\s*)?-e tuning_health_\w+=\S+": "",
    r"confirm_within=120": "confirm_within=60",
    r"/var/lib/prometheus/node-exporter": "/var/lib/node",
    r"nettune_file=/etc/sysctl\.conf": "nettune_file=sysctl.conf",
    r"~/\.ansible/facts": "facts",
}
# Documents whose hosts have profiles before the first command.
TUNED = ("guide_output.rst", "guide_verifying.rst")
# Documents that show the output of other hosts, such as one with a fault: it is not compared.
OTHER_HOSTS = (
    "guide_diagnosing.rst",
    "guide_fleet.rst",
    "guide_trial.rst",
    "guide_verifying.rst",
    "guide_lint.rst",
    "guide_migrating.rst",
    "guide_report.rst",
    "guide_rollout.rst",
    "guide_watch.rst",
)
_SYSCTL = "net.core.somaxconn = 4096\n"
_HOSTS = ("web1", "web2", "mail1", "million1")
_ALIASES = ("www1.example.com", "web1.example.com")
_SECONDS = 180
# The least share of the shown words that a command must print.
_SHARE = 0.6
_TAIL = 25


def prepare(document: Path, lab: Lab, directory: Path) -> None:
    """Write the inventory and the files that the commands of a document read."""
    inventory = yaml.safe_load(Path(lab.inventory).read_text())
    text = document.read_text(encoding="utf-8")
    alias = next((name for name in _ALIASES if name in text), "web1")
    written = re.sub(r"\bweb1:", f"{alias}:", yaml.safe_dump(inventory))
    (directory / "inventory").write_text(written, encoding="utf-8")
    (directory / "ansible.cfg").touch()
    (directory / "sysctl.conf").write_text(_SYSCTL, encoding="utf-8")
    for name, content in files(document).items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(content, encoding="utf-8")
    for host in lab.hosts.values():
        host.run("mkdir", "-p", "/var/lib/node")


def reason(command: Command) -> str:
    """Return why a command is not run; empty if it is."""
    return next((why for beginning, why in NOT_RUN.items() if command.text.startswith(beginning)), "")


def as_run(command: Command) -> str:
    """Return the command with the hosts and waits of this test."""
    text = command.text
    for printed, run in INSTEAD.items():
        text = re.sub(printed, run, text)
    return text


def problem(command: Command, lab: Lab, directory: Path, exports: list[str]) -> str:
    """Run a command; return what is wrong, empty if nothing is."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    env.update(ANSIBLE_NOCOLOR="1", ANSIBLE_HOME=f"{lab.state}/ansible", ANSIBLE_HOST_KEY_CHECKING="false")
    env.update(ANSIBLE_COLLECTIONS_PATH=collections_path(lab.state))
    script = "\n".join([*exports, as_run(command)])
    try:
        done = subprocess.run(
            ["bash", "-euc", script],
            cwd=directory,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not finished after {_SECONDS} s"
    if done.returncode:
        return "\n".join([f"exit code {done.returncode}", *done.stdout.splitlines()[-_TAIL:]])
    if command.shown and not command.document.endswith(OTHER_HOSTS):
        missing = missing_words(command.shown, done.stdout)
        words = len(missing_words(command.shown, ""))
        if len(missing) > (1 - _SHARE) * words:
            return "\n".join([f"not in its output: {' '.join(missing)}", *done.stdout.splitlines()[-_TAIL:]])
    return ""


def check(document: Path) -> tuple[int, int]:
    """Run the commands of a document; return how many were run, and how many failed."""
    every = list(commands(document))
    chosen = [command for command in every if not reason(command)]
    failed, exports = 0, []
    if not chosen:
        return 0, 0
    with tempfile.TemporaryDirectory(prefix="nettune-documented-") as state:
        directory = Path(state, "work")
        directory.mkdir()
        with Lab(list(_HOSTS), state=os.path.join(state, "lab")) as lab:
            prepare(document, lab, directory)
            if document.name in TUNED:
                tunes = [f"ansible-playbook nettune.tcp.tune_{role} -i inventory" for role in ("web", "mail")]
                chosen = [*(Command(document.name, text, []) for text in tunes), *chosen]
            for command in chosen:
                if command.text.startswith("export "):
                    exports.append(as_run(command))
                    continue
                began = time.monotonic()
                wrong = problem(command, lab, directory, exports)
                outcome = "FAILED" if wrong else "ok    "
                print(f"{outcome} {command.document}: {command.text} ({time.monotonic() - began:.1f} s)", flush=True)
                print("".join(f"    {line}\n" for line in wrong.splitlines()), end="", flush=True)
                failed += bool(wrong)
    return len(chosen), failed


def main(parts: list[str]) -> int:
    """Return 0 if every command was run or is in NOT_RUN, and none failed."""
    os.chdir(ROOT)
    chosen = [path for path in DOCUMENTS if not parts or any(part in str(path) for part in parts)]
    results = [check(path) for path in chosen]
    every = [command for path in DOCUMENTS for command in commands(path)]
    unused = [begin for begin in NOT_RUN if not any(command.text.startswith(begin) for command in every)]
    for beginning in unused:
        print(f"NOT_RUN names {beginning!r}, with which no command begins")
    run, failed = (sum(each[column] for each in results) for column in (0, 1))
    left = sum(bool(reason(command)) for command in every)
    print(
        f"{run} commands of {len(chosen)} documents were run, {failed} failed; {left} of all documents are not run here"
    )
    return 1 if failed or unused or not run else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
