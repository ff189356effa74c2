# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of tests/vm that need no virtual machine."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.tests.vm import __main__ as vm
from ansible_collections.nettune.tcp.tests.vm import images, machine
from ansible_collections.nettune.tcp.tests.vm.compare import differences
from ansible_collections.nettune.tcp.tests.vm.cycle import ROLES, Cycle
from ansible_collections.nettune.tcp.tests.vm.enforcing import Enforcing
from ansible_collections.nettune.tcp.tests.vm.plays import Failed, changed_tasks, run_steps
from ansible_collections.nettune.tcp.tests.vm.power import PowerLoss, which
from ansible_collections.nettune.tcp.tests.vm.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
EMPTY = {"sysctls": {}, "files": {}, "units": {}, "limits": {}}


def state(**parts):
    return {**EMPTY, **parts}


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("sysctls", {"net/ipv4/tcp_tw_reuse": "2"}, {"net/ipv4/tcp_tw_reuse": "1"}),
        ("sysctls", {"net/ipv4/tcp_tw_reuse": "2"}, {}),
        ("files", {"/etc/hosts": "100644 0:0 aa"}, {"/etc/hosts": "100640 0:0 aa"}),
        ("files", {}, {"/etc/sysctl.d/99-zz-nettune-web.conf": "100644 0:0 aa"}),
        ("units", {"nginx.service": {"LimitNOFILE": "1024"}}, {"nginx.service": {"LimitNOFILE": "65536"}}),
        ("limits", {"nginx.service nginx": ["a 1 1"]}, {"nginx.service nginx": ["a 2 2"]}),
    ],
)
@pytest.mark.parametrize("booted", [False, True])
def test_what_a_revert_must_not_leave(part, before, after, booted):
    (line,) = differences(state(**{part: before}), state(**{part: after}), booted=booted)
    assert line.startswith(f"{part} {next(iter({**before, **after}))}: ")


def test_differences_name_only_the_values_that_differ():
    before = state(limits={"nginx.service nginx": ["a 1 1", "b 2 2"]}, units={"x.service": {"A": "1", "B": "2"}})
    after = state(limits={"nginx.service nginx": ["a 1 1", "b 3 3"]}, units={"x.service": {"A": "1", "B": "3"}})
    assert differences(before, after, booted=False) == [
        "units x.service: B '2' -> '3'",
        "limits nginx.service nginx: ['b 2 2'] -> ['b 3 3']",
    ]


def test_counters_and_services_that_come_and_go_are_no_differences():
    before = state(sysctls={"fs/file-nr": "1"}, limits={"a.service a": ["x 1 1"]}, units={"a.service": {"A": "1"}})
    after = state(sysctls={"fs/file-nr": "2"}, limits={"b.service b": ["x 1 1"]}, units={"b.service": {"A": "1"}})
    assert differences(before, after, booted=False) == []


def test_a_module_stays_loaded_until_the_boot():
    after = state(sysctls={"net/netfilter/nf_conntrack_max": "2000500"})
    assert differences(EMPTY, after, booted=False) == []
    assert len(differences(EMPTY, after, booted=True)) == 1


def test_a_random_value_may_change_at_boot_only():
    before, after = (state(sysctls={"kernel/random/boot_id": name}) for name in "ab")
    assert len(differences(before, after, booted=False)) == 1
    assert differences(before, after, booted=True) == []


RECAP = "PLAY RECAP ***\nvm                         : ok=5    changed=2    unreachable=0    failed={}    skipped=1\n"


def test_changed_tasks():
    assert changed_tasks(RECAP.format(0), 0) == 2


@pytest.mark.parametrize(("output", "status"), [(RECAP.format(1), 2), (RECAP.format(0), 1), ("no hosts matched", 0)])
def test_a_failed_playbook(output, status):
    with pytest.raises(Failed, match=f"ended with {status}"):
        changed_tasks(output, status)


def test_parts_of_a_usual_run():
    chosen = vm.parts([], [], full=False)
    assert {part.name for part in chosen if part.image == "debian13"} == set(ROLES)
    assert {part.name for part in chosen if part.image != "debian13"} == {"web", "million_connections"}
    assert {part.image for part in chosen} == set(images.IMAGES) - {"debian13-selinux"}


def test_parts_that_are_named():
    assert vm.parts(["debian12"], ["mail"], full=False) == [("debian12", "mail")]
    assert vm.parts(["debian12"], ["enforcing"], full=True) == []


def test_parts_of_a_full_run():
    chosen = vm.parts([], [], full=True)
    assert {part.name for part in chosen if part.image == "debian11"} == set(vm.PARTS) - {"enforcing"}
    assert [part.name for part in chosen if part.image == "debian13-selinux"] == ["enforcing"]


def test_table():
    results = [vm.Result(vm.Part("debian13", "web"), "ok", 151.2), vm.Result(vm.Part("debian11", "web"), "FAILED", 9)]
    assert vm.table(results).splitlines() == [
        "image     part  seconds  outcome",
        "debian13  web       151  ok",
        "debian11  web         9  FAILED",
    ]


def test_image_names_follow_the_recipe(monkeypatch):
    first = images.digest(images.IMAGES["debian13"])
    assert first != images.digest(images.IMAGES["debian12"])
    monkeypatch.setattr(images, "_SIZE", "3G")
    assert first != images.digest(images.IMAGES["debian13"])


def test_backports_are_a_second_source():
    words = images.command(images.IMAGES["debian13-backports"], "tree", "http://mirror", "key")
    assert words[-4:] == ["trixie", "tree", "deb http://mirror trixie main", "deb http://mirror trixie-backports main"]


def test_a_machine_is_reachable_from_this_one_only():
    words = " ".join(machine.qemu(Path("image"), Path("disk"), Path("console"), port=22022, memory=512))
    assert "hostfwd=tcp:127.0.0.1:22022-:22" in words
    assert "restrict=on" in words
    assert "file=disk,format=qcow2" in words
    assert "-monitor unix:./monitor,server=on,wait=off" in words


@pytest.mark.long
def test_the_state_of_this_machine():
    """It runs without the checkout, as on a virtual machine; only its parts that need no systemd are called."""
    parts = "[state['sysctls'](), state['limits']()]"
    code = f"import json, runpy; state = runpy.run_path('tests/vm/state.py'); print(json.dumps({parts}))"
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    sysctls, _limits = json.loads(done.stdout)
    assert sysctls["kernel/ostype"] == "Linux"


def test_steps_after_a_failed_one_still_run():
    said = []

    def fail():
        raise Failed("2 differences\n  a\n  b")

    with pytest.raises(Failed, match=r"^compare: 2 differences$"):
        run_steps(iter([("compare", fail), ("reboot", lambda: None)]), said.append)
    assert [line.split(" (")[0] for line in said] == ["compare: FAILED: 2 differences\n  a\n  b", "reboot: ok"]


@pytest.mark.parametrize(("failures", "works"), [(2, True), (99, False)])
def test_the_network_may_be_late(failures, works, tmp_path, monkeypatch):
    late = machine.Machine(tmp_path, tmp_path / "console")
    answers = iter([machine.MachineError("reset by peer")] * failures + [None])

    def run(_command):
        error = next(answers)
        if error:
            raise error

    monkeypatch.setattr(late, "run", run)
    monkeypatch.setattr(machine.time, "sleep", lambda _seconds: None)
    with contextlib.nullcontext() if works else pytest.raises(machine.MachineError):
        late._connect()
    late.directory.rmdir()


class NoPlays:
    """Stands for the plays of a machine that is not started."""

    verify = None
    machine = type("NoMachine", (), {"run": None, "reboot": None})()


@pytest.mark.parametrize(
    "steps", [Cycle(NoPlays(), "web").steps, Settings(NoPlays()).steps, Enforcing(NoPlays()).steps]
)
def test_every_cycle_ends_reverted(steps):
    names = [name for name, _step in steps()]
    assert names.index("revert") > names.index("reboot") > names.index("apply")
    assert names[-1].startswith("compare after")


def test_the_same_seed_resets_at_the_same_moments():
    first, second, other = ([name for name, _step in PowerLoss(NoPlays(), seed).steps()] for seed in (1, 1, 2))
    assert first == second != other


def test_a_reset_leaves_each_part_old_or_new():
    key, path = "net/core/somaxconn", "/etc/sysctl.d/99-zz-nettune-web.conf"
    old, new = state(sysctls={key: "4096"}), state(sysctls={key: "8192"}, files={path: "100644 0:0 aa"})
    journal = {"/var/lib/nettune/tcp/web.json": "100600 0:0 aa"}
    assert which("kernel parameters", old, new, {**old, "files": journal}) == "old"
    assert which("kernel parameters", old, new, new) == "new"
    assert which("open-file limits", old, new, new) == "old"
    for mixture in (state(sysctls={key: "8192"}), state(sysctls={key: "8192"}, files={path: "100644 0:0 e3"})):
        with pytest.raises(Failed, match="the kernel parameters are neither old nor new"):
            which("kernel parameters", old, new, mixture)
