# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/gate/packages.sh on machines with other commands, and as another user."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

GATE = Path(__file__).resolve().parents[2] / "gate"
TOOLS = ("sh", "awk", "dirname", "mkdir", "tail", "cat")
DEMO = ("bash", "flock", "ip", "mount")


class Machine:
    """A copy of the scripts, and the only commands that they find."""

    def __init__(self, place):
        self.place, self.bin = place, place / "bin"
        (place / "tests" / "gate").mkdir(parents=True)
        for name in ("packages.sh", "python.sh"):
            shutil.copy(GATE / name, place / "tests" / "gate")
        self.bin.mkdir()
        for name in TOOLS:
            (self.bin / name).symlink_to(shutil.which(name))
        self.user(0)

    def user(self, number):
        self.add("id", f"echo {number}")

    def add(self, name, script="exit 0"):
        (self.bin / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.bin / name).chmod(0o755)

    def run(self, *words):
        """Return the exit code and what was printed. PYTHON does not exist, but /usr/bin/python3 may."""
        command = ["/bin/sh", str(self.place / "tests" / "gate" / "packages.sh"), *words]
        done = subprocess.run(command, env={"PATH": str(self.bin)}, capture_output=True, text=True, check=False)
        assert done.stdout == ""
        return done.returncode, done.stderr


@pytest.fixture
def machine(tmp_path):
    found = Machine(tmp_path)
    (tmp_path / ".cache" / "venv" / "bin").mkdir(parents=True)
    (tmp_path / ".cache" / "venv" / "bin" / "python").symlink_to("/bin/sh")
    return found


def test_nothing_is_missing(machine):
    for name in DEMO:
        machine.add(name)
    assert machine.run("demo", "make demo") == (0, "")


def test_without_apt_all_packages_are_named_at_once(machine):
    machine.add("bash")
    machine.add("flock")
    code, said = machine.run("gate")
    assert code == 1
    for command in ("ip", "mount", "git", "iptables", "promtool", "ps", "ss", "shellcheck"):
        assert f"  {command}: for " in said
    assert "  dnf install iproute util-linux git iptables golang-github-prometheus procps-ng ShellCheck\n" in said
    assert (
        "  zypper install iproute2 util-linux git iptables golang-github-prometheus-prometheus procps ShellCheck\n"
        in said
    )
    assert "  apk add iproute2 mount git iptables prometheus procps shellcheck\n" in said


def test_without_root_apt_is_not_called(machine):
    machine.user(1000)
    machine.add("apt-get", "echo called >&2")
    code, said = machine.run("demo", "make demo")
    assert code == 1
    assert "setup: install them as root: apt-get install bash util-linux iproute2 mount\n" in said
    assert "setup: make demo creates network namespaces and needs root: sudo make demo\n" in said
    assert "called" not in said


def test_root_is_needed_although_nothing_is_missing(machine):
    machine.user(1000)
    for name in DEMO:
        machine.add(name)
    assert machine.run("demo") == (0, "")
    code, said = machine.run("demo", "make demo")
    assert code == 1
    assert said == "setup: make demo creates network namespaces and needs root: sudo make demo\n"


def test_apt_installs_what_is_missing(machine):
    machine.add("apt-get", 'echo "$*"')
    code, said = machine.run("demo", "make demo")
    assert code == 0
    assert said.startswith("setup: installing bash util-linux iproute2 mount, for the commands:\n  bash: for scripts\n")
    log = (machine.place / ".cache" / "logs" / "packages.log").read_text()
    assert log == "update\ninstall -y --no-install-recommends bash util-linux iproute2 mount\n"


def test_apt_fails(machine):
    machine.add("apt-get", "echo no network; exit 100")
    code, said = machine.run("demo", "make demo")
    assert code == 1
    assert said.endswith(f"no network\nsetup: apt-get failed; full log: {machine.place}/.cache/logs/packages.log\n")


APT = """
[ "$1" != download ] || echo package >prometheus_2.42.deb
echo "$*"
"""


def test_promtool_is_unpacked_and_its_server_is_not_installed(machine):
    for name in (*DEMO, "git", "iptables", "ps", "ss", "shellcheck"):
        machine.add(name)
    machine.add("apt-get", APT)
    machine.add("dpkg", 'echo "$*"')
    machine.add("tar", "echo 'exit 0' >promtool; /bin/chmod +x promtool")
    (machine.bin / "rm").symlink_to("/bin/rm")
    for user, said in ((1000, "setup: unpacking promtool from the package prometheus"), (0, "")):
        machine.user(user)
        code, found = machine.run("gate")
        assert (code, found[: len(said)]) == (0, said)
    assert not said
    assert not found
    assert [file.name for file in (machine.place / ".cache" / "promtool").iterdir()] == ["promtool"]
    assert "install" not in (machine.place / ".cache" / "logs" / "packages.log").read_text()


def test_make_checks_for_root_before_it_installs():
    makefile = (GATE.parents[1] / "Makefile").read_text()
    setup = makefile.partition("\nsetup-demo:")[2].split("\n\n")[0]
    assert setup.index("packages.sh demo $(NEEDS_ROOT)") < setup.index("venv.sh")
    assert '\ndemo: NEEDS_ROOT := "make demo"\n' in makefile
