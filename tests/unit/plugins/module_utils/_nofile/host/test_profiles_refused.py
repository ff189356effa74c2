# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits that the host refuses, files edited by someone else, and runs that fail or are killed."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed, ForeignFile
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import (
    JOURNAL,
    LIMITS,
    NGINX,
    NO_SYS_RESOURCE,
    FakeHost,
    apply,
    by,
    request,
    revert,
    web_host,
)


@pytest.fixture
def host(tmp_path):
    return web_host(tmp_path)


def test_edited_file_is_overwritten_and_a_copy_kept(host):
    apply(host)
    host.write(NGINX, "[Service]\nLimitNOFILE=7\n")
    planned = host.profiles().present("web", request())
    assert "edited" in planned.plan.warnings[0]
    apply(host)
    kept = [text for path, text in host.tree().items() if "/tcp/edited/99-zz-nettune-web.conf." in path]
    assert kept == ["[Service]\nLimitNOFILE=7\n"]
    assert "LimitNOFILE=65536" in (host.text(NGINX) or "")


def test_edited_file_that_is_not_utf8(host):
    apply(host)
    host.locate(LIMITS).write_bytes(b"# gr\xe9\n")
    result = apply(host)
    assert by("after_header", result["diff"])[LIMITS]["before"] == "# gr\\udce9\n"
    kept = list(host.locate("/var/lib/nettune/tcp/edited").iterdir())
    assert [path.read_bytes() for path in kept] == [b"# gr\xe9\n"]


def test_edited_file_is_not_removed(host):
    apply(host)
    host.write(LIMITS, "root soft nofile 7\n")
    result = revert(host)
    assert by("what", result["left_alone"])[LIMITS]["reason"].startswith("edited by someone else")
    assert (host.text(LIMITS), host.text(NGINX)) == ("root soft nofile 7\n", None)
    assert host.text(JOURNAL) is None


@pytest.mark.parametrize("path", [LIMITS, NGINX])
def test_file_of_someone_else_fails_and_nothing_is_written(host, path):
    host.write(path, "# mine\n")
    before = host.tree()
    with pytest.raises(ForeignFile, match="99-zz-nettune-web.conf"):
        apply(host)
    assert host.tree() == before
    assert host.limit(812) == Limit(1024, 524288)


@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/null", "nowhere"])
def test_symbolic_link_at_our_path_fails(host, target):
    host.link(LIMITS, target)
    with pytest.raises(ForeignFile, match="symbolic link"):
        apply(host)
    assert host.text(NGINX) is None


def test_directory_that_is_a_link_of_root_is_written(host):
    host.locate("/etc/elsewhere").mkdir()
    host.link("/etc/systemd/system/nginx.service.d", "../../elsewhere")
    apply(host)
    assert [path.name for path in host.locate("/etc/elsewhere").iterdir()] == ["99-zz-nettune-web.conf"]


def test_directory_that_is_a_link_to_where_others_can_write_fails(host):
    host.locate("/etc/elsewhere").mkdir()
    host.locate("/etc/elsewhere").chmod(0o1777)
    host.link("/etc/systemd/system/nginx.service.d", "../../elsewhere")
    with pytest.raises(
        ForeignFile, match=r"link /etc/systemd/system/nginx\.service\.d .* can be written by other users"
    ):
        apply(host)
    assert list(host.locate("/etc/elsewhere").iterdir()) == []


def test_refusals_without_the_capability(tmp_path):
    host = FakeHost(tmp_path, capabilities=NO_SYS_RESOURCE)
    host.unit("nginx.service")
    host.process(812, "nginx", unit="nginx.service", limit=Limit(1024, 20000))
    host.process(813, "nginx", unit="nginx.service", limit=Limit(1024, 20000), uid=33)
    result = apply(host, request(users=()))
    assert (host.limit(812), host.limit(813)) == (Limit(20000, 20000), Limit(1024, 20000))
    refused = by("what", result["refused"])
    assert "CAP_SYS_RESOURCE" in refused["nginx[812] of nginx.service"]["reason"]
    assert "another user or group" in refused["nginx[813] of nginx.service"]["reason"]
    assert refused["nginx[812] of nginx.service"]["found"] == {"soft": 20000, "hard": 20000}
    assert result["restart_needed"] == ["nginx.service"]
    assert apply(host, request(users=()))["changed"] is False


def test_line_is_clamped_to_what_a_login_can_be_given(tmp_path):
    host = FakeHost(tmp_path, capabilities=NO_SYS_RESOURCE)
    host.process(50, "sshd", limit=Limit(1024, 20000))
    result = apply(host, request(services=()))
    assert (host.text(LIMITS) or "").endswith("\nroot soft nofile 20000\n")
    (row,) = result["refused"]
    assert (row["what"], row["effect"], row["found"]) == ("logins of root", "clamped", {"soft": 20000, "hard": 20000})


def test_refusal_names_the_lowest_ceiling(tmp_path):
    host = FakeHost(tmp_path, capabilities=NO_SYS_RESOURCE)
    host.process(50, "sshd", limit=Limit(1024, 20000))
    host.namespace("pid:[4026532000]")
    (row,) = apply(host, request(Limit(2000000, 2000000), services=()))["refused"]
    assert row["reason"] == "sshd's own limit is 20000 and it lacks CAP_SYS_RESOURCE"


def test_nr_open_is_raised_first_and_reverted_last(host):
    before = host.tree()
    result = apply(host, request(Limit(2000000, 2000000)))
    assert (host.text("/proc/sys/fs/nr_open") or "").strip() == "2000000"
    assert host.limit(812) == Limit(2000000, 2000000)
    assert "/etc/sysctl.d/99-zz-nettune-nofile-web.conf" in by("path", result["files"])
    assert apply(host, request(Limit(2000000, 2000000)))["changed"] is False
    revert(host)
    assert (host.text("/proc/sys/fs/nr_open") or "").strip() == "1048576"
    assert host.tree() == before


def test_container_does_not_change_nr_open(host):
    host.namespace("pid:[4026532000]")
    result = apply(host, request(Limit(2000000, 2000000)))
    assert (host.text("/proc/sys/fs/nr_open") or "").strip() == "1048576"
    assert {row["what"]: row["effect"] for row in result["refused"]} == {
        "nginx[812,813] of nginx.service": "refused",
        "logins of root": "clamped",
        "nginx.service": "clamped",
    }
    assert all("fs.nr_open" in row["reason"] for row in result["refused"])
    assert host.limit(812) == Limit(1048576, 1048576)


def test_login_daemon_raised_by_us_still_gets_a_line(host):
    host.unit("ssh.service")
    wanted = request(services=("ssh.service",))
    apply(host, wanted)
    assert host.limit(50) == Limit(65536, 524288)
    host.locate(LIMITS).unlink()  # as if a run had been killed after that
    apply(host, wanted)
    assert (host.text(LIMITS) or "").endswith("\nroot soft nofile 65536\n")


class Killed(BaseException):
    """Simulates kill -9; nothing may catch it."""


@pytest.mark.parametrize("step", range(12))
@pytest.mark.parametrize("then", ["present", "absent"])
def test_run_after_a_kill_at_any_step(host, monkeypatch, step, then):
    before = host.tree()
    calls = iter(range(100))

    def dying(original):
        def call(*arguments, **options):
            if next(calls) == step:
                raise Killed
            return original(*arguments, **options)

        return call

    limits = host.profiles()
    with monkeypatch.context() as patch:
        for name in ("replace_text", "make_directory"):
            patch.setattr(type(host.files), name, dying(getattr(type(host.files), name)))
        patch.setattr(type(host), "_prlimit", dying(type(host)._prlimit))
        limits = host.profiles()
        with suppress(Killed):
            limits.carry_out(limits.present("web", request()))
    if then == "absent":
        revert(host)
        assert host.tree() == before
        assert host.limit(812) == host.limit(813) == Limit(1024, 524288)
    else:
        apply(host)
        assert host.limit(812) == host.limit(813) == Limit(65536, 524288)
        assert "LimitNOFILE=65536:524288" in (host.text(NGINX) or "")
        assert host.reloads >= 1
        assert apply(host)["changed"] is False
        revert(host)
        assert host.tree() == before


def test_temporary_files_of_a_killed_run_are_removed(host):
    before = host.tree()
    apply(host)
    host.write("/etc/systemd/system/nginx.service.d/.nettune-abcdefgh.tmp", "half")
    revert(host)
    assert host.tree() == before


def test_failed_write_rolls_everything_back(host, monkeypatch):
    before = host.tree()
    original = type(host.files).replace_text

    def full(files, path, text, **options):
        if path == NGINX:
            raise OSError(28, "No space left on device", path)
        original(files, path, text, **options)

    monkeypatch.setattr(type(host.files), "replace_text", full)
    with pytest.raises(ApplyFailed, match=r"No space left.*rolled back"):
        apply(host, request(Limit(2000000, 2000000)))
    assert host.tree() == before
    assert (host.text("/proc/sys/fs/nr_open") or "").strip() == "1048576"
    assert host.limit(812) == Limit(1024, 524288)


def test_failed_reload_rolls_everything_back(host, monkeypatch):
    before = host.tree()
    monkeypatch.setattr(type(host), "_run", lambda _host, _command: (1, "Failed to connect to bus"))
    with pytest.raises(ApplyFailed, match=r"daemon-reload.*Failed to connect to bus"):
        apply(host)
    tree = host.tree()
    journal = json.loads(tree.pop(JOURNAL) or "{}")
    assert journal["profiles"]["web"]["floor"] == [65536, 65536]
    assert {path: text for path, text in tree.items() if not path.startswith("/var/lib/nettune")} == before


def test_a_line_above_what_a_container_may_give_is_named(tmp_path):
    host = FakeHost(tmp_path, capabilities=NO_SYS_RESOURCE)
    host.write("/var/lib/dpkg/status", "Package: libpam-modules\nVersion: 1.5.2-6+deb12u1\n\n")
    host.process(1, "systemd", parent=0, limit=Limit(20000, 20000), cgroup="/init.scope")
    host.process("self", "python3", limit=Limit(20000, 20000))
    host.write("/etc/security/limits.d/app.conf", "www - nofile 100000\n")
    row = host.profiles().present("ops", Request(Limit(4096, 4096), users=("www",))).result()["users"][0]
    assert row["before"] == row["after"] == {"soft": 1024, "hard": 20000}
    assert row["status"] == "shadowed"
    assert "/etc/security/limits.d/app.conf:1" in row["reason"]
