# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply, apply again and revert profiles on a fake host."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import (
    JOURNAL,
    LIMITS,
    NGINX,
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


def test_apply_raises_logins_services_and_processes(host):
    result = apply(host)
    assert result["changed"]
    assert (host.text(NGINX) or "").endswith("\n[Service]\nLimitNOFILE=65536:524288\n")
    assert (host.text(LIMITS) or "").endswith("\n\nroot soft nofile 65536\n")
    assert host.limit(812) == host.limit(813) == Limit(65536, 524288)
    assert host.reloads == 1
    assert result["refused"] == result["restart_needed"] == result["not_applicable"] == []
    assert by("user", result["users"])["root"]["after"] == {"soft": 65536, "hard": 524288}


def test_second_run_changes_nothing(host):
    apply(host)
    before = host.tree()
    result = apply(host)
    assert (result["changed"], result["files"], result["diff"], host.reloads) == (False, [], [], 1)
    assert host.tree() == before


def test_revert_restores_every_byte(host):
    before = host.tree()
    apply(host)
    assert revert(host)["changed"]
    assert host.tree() == before
    assert host.limit(812) == host.limit(813) == Limit(1024, 524288)
    assert revert(host)["changed"] is False
    assert host.tree() == before


def test_floor_of_all_other_logins(host):
    before = host.tree()
    wanted = Request(Limit(65536, 65536), ("www",), logins=8192)
    assert apply(host, wanted)["changed"]
    lines = [line for line in (host.text(LIMITS) or "").splitlines() if line and line[0] != "#"]
    assert lines == ["www soft nofile 65536", "* soft nofile 8192", "root soft nofile 8192"]
    assert "At least 8192 open files for all other logins that would get less" in (host.text(LIMITS) or "")
    assert not apply(host, wanted)["changed"]
    revert(host)
    assert host.tree() == before


def test_logins_with_half_the_floor_are_left_as_they_are(host):
    host.write("/etc/security/limits.conf", "* soft nofile 4096\nroot soft nofile 5000\n")
    before = host.tree()
    result = apply(host, Request(Limit(65536, 65536), logins=8192, live=False))
    assert (result["changed"], result["refused"], host.text(LIMITS)) == (False, [], None)
    assert {row["status"] for row in result["users"]} == {"unchanged"}
    revert(host)
    assert host.tree() == before


def test_check_mode_predicts_the_result(host):
    before = host.tree()
    planned = host.profiles().present("web", request()).result()
    assert host.tree() == before
    assert apply(host) == planned
    planned = host.profiles().absent(None).result()
    assert revert(host, None) == planned


def test_diff_shows_files_and_processes(host):
    diff = by("after_header", host.profiles().present("web", request()).result()["diff"])
    assert diff[NGINX]["before_header"] == "/dev/null"
    assert "LimitNOFILE=65536:524288" in diff[NGINX]["after"]
    live = diff["open-file limits (soft:hard) of running processes"]
    assert (live["before"], live["after"]) == (
        "nginx[812] 1024:524288\nnginx[813] 1024:524288\n",
        "nginx[812] 65536:524288\nnginx[813] 65536:524288\n",
    )


@pytest.mark.parametrize(
    ("path", "text", "source"),
    [
        ("/lib/systemd/system/nginx.service", "[Service]\nLimitNOFILE=100000\n", "/lib/systemd/system/nginx.service:2"),
        ("/etc/systemd/system/nginx.service.d/a.conf", "[Service]\nLimitNOFILE=infinity\n", "nginx.service.d/a.conf:2"),
        ("/etc/systemd/system.conf", "[Manager]\nDefaultLimitNOFILE=100000:200000\n", "/etc/systemd/system.conf:2"),
    ],
)
def test_service_that_has_the_floor_gets_no_drop_in(host, path, text, source):
    host.write(path, text)
    (row,) = apply(host, request(users=(), live=False))["services"]
    assert (row["status"], host.text(NGINX)) == ("unchanged", None)
    assert source in row["reason"]


def test_drop_in_is_removed_once_another_file_sets_the_floor(host):
    apply(host)
    assert apply(host)["changed"] is False
    host.write("/etc/systemd/system/nginx.service.d/a.conf", "[Service]\nLimitNOFILE=100000\n")
    assert apply(host)["files"] == [{"path": NGINX, "status": "removed"}]
    assert host.text("/etc/systemd/system/nginx.service.d/a.conf") is not None


def test_drop_in_that_overrides_ours_is_named(host):
    host.write("/etc/systemd/system/nginx.service.d/zz.conf", "[Service]\nLimitNOFILE=512\n")
    (row,) = apply(host)["services"]
    assert row["status"] == "shadowed"
    assert "zz.conf:2" in row["reason"]


def test_line_that_overrides_ours_is_named(host):
    host.write("/etc/security/limits.d/zz.conf", "root soft nofile 512\n")
    (row,) = apply(host)["users"]
    assert row["status"] == "shadowed"
    assert "zz.conf:1" in row["reason"]


def test_missing_users_and_services_are_skipped(host):
    host.link("/etc/systemd/system/masked.service", "/dev/null")
    result = apply(host, request(users=("nobody_here",), services=("squid.service", "masked.service")))
    reasons = {row["what"]: row["reason"] for row in result["not_applicable"]}
    assert "not installed" in reasons["squid.service"]
    assert "masked" in reasons["masked.service"]
    assert "no such account" in reasons["user nobody_here"]
    assert result["changed"] is False


def test_user_with_a_lower_line_of_its_own_is_named(host):
    host.write("/etc/security/limits.conf", "joe soft nofile 512\n@www hard nofile 700000\n")
    result = apply(host, request(users=("*",)))
    assert (host.text(LIMITS) or "").endswith("\n* soft nofile 65536\n")
    reason = by("what", result["not_applicable"])["user joe"]["reason"]
    assert reason.startswith("/etc/security/limits.conf:1 sets a lower limit")
    assert len(result["not_applicable"]) == 1


def test_two_profiles_get_the_higher_floor(host):
    apply(host)
    apply(host, request(Limit(100000, 600000)), name="mail")
    mail = NGINX.replace("web", "mail")
    assert "LimitNOFILE=100000:600000" in (host.text(mail) or "")
    assert "LimitNOFILE=100000:600000" in (host.text(NGINX) or "")
    assert host.limit(812) == Limit(100000, 600000)
    revert(host, "mail")
    assert host.text(mail) is None
    assert "LimitNOFILE=65536:524288" in (host.text(NGINX) or "")
    assert host.limit(812) == Limit(65536, 524288)
    assert apply(host)["changed"] is False
    revert(host)
    assert host.limit(812) == Limit(1024, 524288)


def test_profile_with_a_lower_floor_writes_nothing(host):
    apply(host)
    assert apply(host, request(Limit(512, 512)), name="modest")["files"] == []
    revert(host)
    assert host.limit(812) == Limit(1024, 524288)


def test_floor_can_be_lowered(host):
    apply(host)
    apply(host, request(Limit(8192, 8192)))
    assert "LimitNOFILE=8192:524288" in (host.text(NGINX) or "")
    assert host.limit(812) == Limit(8192, 524288)


def test_not_persistent_writes_no_files(host):
    before = host.tree()
    result = apply(host, request(persistent=False))
    assert set(host.tree()) - set(before) == {"/var/lib/nettune", "/var/lib/nettune/tcp", JOURNAL}
    assert host.limit(812) == Limit(65536, 524288)
    assert "persistent" in by("what", result["not_applicable"])["user root"]["reason"]
    revert(host)
    assert (host.tree(), host.limit(812)) == (before, Limit(1024, 524288))


def test_profile_that_is_not_persistent_ends_with_a_reboot(host):
    before = host.tree()
    apply(host, request(persistent=False))
    host.write("/proc/sys/kernel/random/boot_id", "next\n")
    host.process(812, "nginx", unit="nginx.service", limit=Limit(65536, 524288))  # by chance, the same pid and start
    assert apply(host, Request(Limit(2048, 2048), ("root",)), name="mail")["processes"] == []
    revert(host, None)
    assert host.limit(812) == Limit(65536, 524288)
    assert host.tree() == before


def test_not_live_changes_no_process(host):
    result = apply(host, request(live=False))
    assert host.limit(812) == Limit(1024, 524288)
    assert result["restart_needed"] == ["nginx.service"]
    assert "a restart gives it" in result["services"][0]["restart"]


def test_program_that_reads_its_limit_at_start_needs_a_restart(host):
    host.unit("squid.service")
    host.process(900, "squid", unit="squid.service")
    result = apply(host, request(services=("squid.service",)))
    assert host.limit(900) == Limit(65536, 524288)
    assert result["restart_needed"] == ["squid.service"]
    assert apply(host, request(services=("squid.service",)))["restart_needed"] == ["squid.service"]
    host.process(900, "squid", unit="squid.service", limit=Limit(65536, 524288), start=5000)  # restarted
    assert apply(host, request(services=("squid.service",)))["restart_needed"] == []


def test_ended_processes_and_reused_pids_are_ignored(host):
    apply(host)
    host.ends(812)
    host.process(813, "nginx", unit="nginx.service", limit=Limit(70000, 524288), start=5000)
    result = revert(host)
    assert result["left_alone"] == []
    assert host.limit(813) == Limit(70000, 524288)


def test_limit_changed_by_someone_else_is_left_alone(host):
    apply(host)
    host.process(812, "nginx", unit="nginx.service", limit=Limit(70000, 524288))
    result = revert(host)
    (row,) = result["left_alone"]
    assert (row["what"], row["expected"], row["found"]) == ("nginx[812]", "65536:524288", "70000:524288")
    assert (host.limit(812), host.limit(813)) == (Limit(70000, 524288), Limit(1024, 524288))


def test_without_systemd_files_are_written_but_nothing_is_reloaded(tmp_path):
    host = FakeHost(tmp_path, systemd=False)
    host.unit("nginx.service")
    result = apply(host)
    assert "LimitNOFILE=65536:524288" in (host.text(NGINX) or "")
    assert host.reloads == 0
    assert "systemd is not running" in by("what", result["not_applicable"])["processes"]["reason"]
