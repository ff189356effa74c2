# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local test hosts are isolated from this machine, and gone when they are down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hosts import Lab, LabError, main
from lab import checked_state
from machine import changed_values, machine_sysctls
from namespaces import Process, identify

# No machine has this value.
FAKE = "20011"
HOSTS = str(Path(__file__).parents[2] / "lab" / "hosts.py")


@pytest.mark.parametrize("state", ["/etc/x", "/run", "/run/x", "/var/lib/x", "/proc", "/etc/../etc/x"])
def test_a_state_directory_that_hosts_do_not_see_is_refused(state):
    with pytest.raises(LabError, match="cannot be the state directory"):
        checked_state(state)


def test_a_later_process_with_the_same_id_is_another():
    with subprocess.Popen(["sleep", "60"]) as child:
        process = identify(child.pid)
        assert process.alive()
        assert not Process(process.pid, str(int(process.start) - 1)).alive()
        child.kill()
    assert not process.alive()


@pytest.fixture(scope="module")
def lab(needs_namespaces, tmp_path_factory):
    before = machine_sysctls()
    with Lab(["web1", "client"], state=str(tmp_path_factory.mktemp("lab")), fakes={"fs.nr_open": FAKE}) as lab:
        yield lab
    assert changed_values(before, machine_sysctls()) == []


@pytest.mark.parametrize("directory", ["/etc", "/etc/sysctl.d", "/var/lib", "/run"])
def test_files_stay_inside(lab, directory):
    path = f"{directory}/made-in-a-host-{os.getpid()}"
    lab["web1"].run("touch", path)
    assert lab["web1"].run("ls", path).stdout == path + "\n"
    assert not os.path.exists(path)
    assert lab["client"].run("ls", path, check=False).returncode != 0


@pytest.mark.parametrize("kind", ["net", "mnt", "uts", "ipc", "pid"])
def test_each_host_has_its_own_namespaces(lab, kind):
    link = f"/proc/self/ns/{kind}"
    seen = [os.readlink(link), *(lab[name].run("readlink", link).stdout.strip() for name in ("web1", "client"))]
    assert len(set(seen)) == 3


@pytest.mark.parametrize(("key", "value"), [("net/ipv4/tcp_fin_timeout", "60"), ("fs/nr_open", FAKE)])
def test_values_stay_inside(lab, key, value):
    path = f"/proc/sys/{key}"
    outside = Path(path).read_text()
    # Checked before the write, which would otherwise change this machine.
    assert lab["web1"].run("cat", path).stdout.strip() == value
    wanted = str(int(value) - 1)
    lab["web1"].run("tee", path, input=wanted)
    assert lab["web1"].run("cat", path).stdout.strip() == wanted
    assert Path(path).read_text() == outside


@pytest.mark.parametrize("key", ["fs/file-max", "kernel/pid_max", "vm/swappiness", "kernel/hostname"])
def test_host_wide_values_are_read_only(lab, key):
    value = lab["web1"].run("cat", f"/proc/sys/{key}").stdout
    refused = lab["web1"].run("tee", f"/proc/sys/{key}", input=value, check=False)
    assert refused.returncode != 0
    assert "Read-only" in refused.stderr


def test_hosts_reach_only_each_other_by_name(lab):
    listen = "import socket; s=socket.create_server(('', 80)); s.settimeout(10); print('up', flush=True); s.accept()"
    with lab["web1"].popen("/usr/bin/python3", "-c", listen, stdout=subprocess.PIPE) as server:
        assert server.stdout.readline() == "up\n"
        lab["client"].run("/usr/bin/python3", "-c", "import socket; socket.create_connection(('web1', 80), 5)")
    assert lab["web1"].run("ls", "/sys/class/net").stdout.split() == ["eth0", "lo"]
    assert lab["web1"].run("ip", "route").stdout.split()[:3] == ["10.77.0.0/16", "dev", "eth0"]


def test_processes_of_this_machine_are_invisible(lab):
    assert lab["web1"].run("cat", "/proc/1/comm").stdout == "cat\n"
    assert lab["web1"].run("hostname").stdout == "web1\n"
    assert not lab["web1"].run("ls", "/run/systemd", check=False).stdout


def test_orphans_are_reaped(lab):
    lab["web1"].run("sh", "-c", "sleep 0.05 & exit 0")
    deadline = time.monotonic() + 5
    while "sleep" in lab["web1"].run("ps", "ax").stdout:
        assert time.monotonic() < deadline
    assert "defunct" not in lab["web1"].run("ps", "ax").stdout


def test_the_entry_script_keeps_directory_environment_and_input(lab, tmp_path, monkeypatch):
    monkeypatch.setenv("NETTUNE_TEST", "kept")
    python = os.path.join(lab.state, "web1", "python")
    script = "import os; print(os.getcwd(), os.environ['NETTUNE_TEST'])"
    done = subprocess.run([python, "-"], input=script, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(tmp_path), "kept"]
    # Called inside the host, as async_wrapper does.
    assert lab["web1"].run(python, "-c", "print(1)").stdout == "1\n"


def test_a_failing_command_is_reported(lab):
    with pytest.raises(LabError, match=r"web1: `ls /absent` ended with 2: .*No such file"):
        lab["web1"].run("ls", "/absent")
    assert lab["web1"].run("sh", "-c", "exit 7", check=False).returncode == 7


def hosts_py(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, HOSTS, *arguments], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.usefixtures("needs_namespaces")
def test_up_and_down_by_command(tmp_path):
    state = str(tmp_path / "state")
    assert hosts_py("up", "--state", state, "web1", "web2").stdout.strip() == f"{state}/inventory.yml"
    owner = Process(*json.loads(Path(state, "state.json").read_text())["owner"])
    try:
        assert owner.alive()
        assert hosts_py("exec", "--state", state, "web2", "--", "hostname").stdout == "web2\n"
        assert hosts_py("exec", "--state", state, "web2", "--", "sh", "-c", "exit 3").returncode == 3
        again = hosts_py("up", "--state", state, "web1")
        assert again.returncode == 1
        assert "is in use by process" in again.stderr
        assert owner.alive()
        entry = Path(state, "web1", "enter").read_text()
    finally:
        assert hosts_py("down", "--state", state).returncode == 0
    assert not owner.alive()
    assert os.listdir(state) == []
    assert hosts_py("down", "--state", state).returncode == 0
    late = subprocess.run(["sh", "-c", entry, "enter", "true"], capture_output=True, text=True, check=False)
    assert late.returncode == 69
    assert late.stderr == "the local test host web1 is not up\n"


@pytest.mark.usefixtures("needs_namespaces")
def test_hosts_end_with_a_killed_owner(tmp_path):
    script = f"import sys, time; sys.path.insert(0, {os.path.dirname(HOSTS)!r}); from hosts import Lab\n"
    script += f"with Lab(['web1'], state={str(tmp_path)!r}) as lab:\n"
    script += "    print(*lab['web1'].process, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as owner:
        pid, start = owner.stdout.readline().split()
        first = Process(int(pid), start)
        assert first.alive()
        owner.kill()
    deadline = time.monotonic() + 5
    while first.alive():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.usefixtures("needs_namespaces")
def test_a_host_that_cannot_be_created_leaves_nothing(tmp_path):
    with pytest.raises(LabError, match="could not create web1"), Lab(["web1"], state=str(tmp_path), fakes={"vm": "1"}):
        pass
    assert os.listdir(tmp_path) == []


@pytest.mark.usefixtures("needs_namespaces")
@pytest.mark.skipif(not os.path.exists("/proc/sys/net/ipv4/tcp_child_ehash_entries"), reason="needs Linux 6.1")
def test_a_host_can_have_its_own_tcp_hash(tmp_path):
    with Lab(["web1"], state=str(tmp_path), own_tcp_hash=True) as lab:
        assert lab["web1"].run("cat", "/proc/sys/net/ipv4/tcp_ehash_entries").stdout.strip() == "65536"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["up", "--state", "/tmp/nettune-absent", "Web"], "is not a valid host name"),
        (["exec", "--state", "/tmp/nettune-absent", "web", "--", "true"], "there is no host web"),
    ],
)
@pytest.mark.usefixtures("needs_namespaces")
def test_errors_are_printed_as_one_line(arguments, message, capsys):
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.usefixtures("needs_namespaces")
def test_hosts_made_in_a_chroot_stay_in_it(tmp_path):
    """The chroot shows all of this machine, and one directory of its own."""
    root, state = tmp_path / "root", tmp_path / "state"
    for directory in (root, state):
        directory.mkdir()
    script = f"""
        mount --rbind / {root} && mount -t tmpfs private {root}/mnt && touch {root}/mnt/only-in-the-chroot
        in_chroot() {{ chroot {root} {sys.executable} {HOSTS} "$@"; }}
        in_chroot up --state {state} web1 >&2 || exit
        in_chroot exec --state {state} web1 -- sh -c 'ls /mnt; cat /etc/hostname; getent hosts web1 | wc -l'
        in_chroot down --state {state}
    """
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["only-in-the-chroot", "web1", "1"], done.stderr


@pytest.mark.usefixtures("needs_namespaces")
def test_scripts_refuse_to_run_outside_a_local_test_host(tmp_path):
    with Lab(["web1"], state=str(tmp_path)) as lab:
        lab["web1"].run("rm", "/run/local-test-host-web1")
        refused = lab["web1"].run("touch", str(tmp_path / "touched"), check=False)
    assert refused.returncode == 69
    assert refused.stderr == "the local test host web1 is not up\n"
    assert not (tmp_path / "touched").exists()
