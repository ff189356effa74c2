# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way on a host in a directory: apply, apply again, take back."""

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
    take_back,
    web_host,
)


@pytest.fixture
def host(tmp_path):
    return web_host(tmp_path)


def test_all_three_kinds_of_limit_are_raised(host):
    result = apply(host)
    assert result["changed"]
    assert (host.text(NGINX) or "").endswith("\n[Service]\nLimitNOFILE=65536:524288\n")
    assert (host.text(LIMITS) or "").endswith("\n\nroot soft nofile 65536\n")
    assert host.limit(812) == host.limit(813) == Limit(65536, 524288)
    assert host.reloads == 1
    assert result["refused"] == result["restart_needed"] == result["not_applicable"] == []
    assert by("user", result["users"])["root"]["after"] == {"soft": 65536, "hard": 524288}


def test_a_second_run_changes_nothing(host):
    apply(host)
    before = host.tree()
    result = apply(host)
    assert (result["changed"], result["files"], result["diff"], host.reloads) == (False, [], [], 1)
    assert host.tree() == before


def test_everything_goes_back_byte_for_byte(host):
    before = host.tree()
    apply(host)
    assert take_back(host)["changed"]
    assert host.tree() == before
    assert host.limit(812) == host.limit(813) == Limit(1024, 524288)
    assert take_back(host)["changed"] is False
    assert host.tree() == before


def test_all_other_logins_have_a_floor_of_their_own(host):
    before = host.tree()
    wanted = Request(Limit(65536, 65536), ("www",), logins=8192)
    assert apply(host, wanted)["changed"]
    lines = [line for line in (host.text(LIMITS) or "").splitlines() if line and line[0] != "#"]
    assert lines == ["www soft nofile 65536", "* soft nofile 8192", "root soft nofile 8192"]
    assert "At least 8192 open files for all other logins that would get less" in (host.text(LIMITS) or "")
    assert not apply(host, wanted)["changed"]
    take_back(host)
    assert host.tree() == before


def test_logins_that_have_half_of_it_are_left_as_they_are(host):
    host.write("/etc/security/limits.conf", "* soft nofile 4096\nroot soft nofile 5000\n")
    before = host.tree()
    result = apply(host, Request(Limit(65536, 65536), logins=8192, live=False))
    assert (result["changed"], result["refused"], host.text(LIMITS)) == (False, [], None)
    assert {row["status"] for row in result["users"]} == {"unchanged"}
    take_back(host)
    assert host.tree() == before


def test_a_plan_is_what_then_happens(host):
    before = host.tree()
    planned = host.limits().present("web", request()).result()
    assert host.tree() == before
    assert apply(host) == planned
    planned = host.limits().absent(None).result()
    assert take_back(host, None) == planned


def test_the_diff_shows_files_and_processes(host):
    diff = by("after_header", host.limits().present("web", request()).result()["diff"])
    assert diff[NGINX]["before_header"] == "/dev/null"
    assert "LimitNOFILE=65536:524288" in diff[NGINX]["after"]
    live = diff["open files (soft:hard) of running processes"]
    assert (live["before"], live["after"]) == (
        "nginx[812] 1024:524288\nnginx[813] 1024:524288\n",
        "nginx[812] 65536:524288\nnginx[813] 65536:524288\n",
    )


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("/lib/systemd/system/nginx.service", "[Service]\nLimitNOFILE=100000\n", "/lib/systemd/system/nginx.service:2"),
        ("/etc/systemd/system/nginx.service.d/a.conf", "[Service]\nLimitNOFILE=infinity\n", "nginx.service.d/a.conf:2"),
        ("/etc/systemd/system.conf", "[Manager]\nDefaultLimitNOFILE=100000:200000\n", "/etc/systemd/system.conf:2"),
    ],
)
def test_what_holds_already_needs_no_drop_in(host, path, text, why):
    host.write(path, text)
    (row,) = apply(host, request(users=(), live=False))["services"]
    assert (row["status"], host.text(NGINX)) == ("unchanged", None)
    assert why in row["reason"]


def test_a_drop_in_stays_while_it_is_what_makes_the_floor_hold_and_goes_with_its_reason(host):
    apply(host)
    assert apply(host)["changed"] is False
    host.write("/etc/systemd/system/nginx.service.d/a.conf", "[Service]\nLimitNOFILE=100000\n")
    assert apply(host)["files"] == [{"path": NGINX, "status": "removed"}]
    assert host.text("/etc/systemd/system/nginx.service.d/a.conf") is not None


def test_a_later_drop_in_of_somebody_is_named(host):
    host.write("/etc/systemd/system/nginx.service.d/zz.conf", "[Service]\nLimitNOFILE=512\n")
    (row,) = apply(host)["services"]
    assert row["status"] == "shadowed"
    assert "zz.conf:2" in row["reason"]


def test_a_later_line_of_somebody_is_named(host):
    host.write("/etc/security/limits.d/zz.conf", "root soft nofile 512\n")
    (row,) = apply(host)["users"]
    assert row["status"] == "shadowed"
    assert "zz.conf:1" in row["reason"]


def test_what_is_not_there_is_skipped_with_its_reason(host):
    host.link("/etc/systemd/system/masked.service", "/dev/null")
    result = apply(host, request(users=("nobody_here",), services=("squid.service", "masked.service")))
    why = {row["what"]: row["reason"] for row in result["not_applicable"]}
    assert "not installed" in why["squid.service"]
    assert "masked" in why["masked.service"]
    assert "no such account" in why["user nobody_here"]
    assert result["changed"] is False


def test_who_is_not_covered_by_everybody_is_named(host):
    host.write("/etc/security/limits.conf", "joe soft nofile 512\n@www hard nofile 700000\n")
    result = apply(host, request(users=("*",)))
    assert (host.text(LIMITS) or "").endswith("\n* soft nofile 65536\n")
    why = by("what", result["not_applicable"])["user joe"]["reason"]
    assert why.startswith("/etc/security/limits.conf:1 says otherwise")
    assert len(result["not_applicable"]) == 1


def test_two_profiles_share_what_both_ask_for(host):
    apply(host)
    apply(host, request(Limit(100000, 600000)), name="mail")
    mail = NGINX.replace("web", "mail")
    assert "LimitNOFILE=100000:600000" in (host.text(mail) or "")
    assert "LimitNOFILE=100000:600000" in (host.text(NGINX) or "")
    assert host.limit(812) == Limit(100000, 600000)
    take_back(host, "mail")
    assert host.text(mail) is None
    assert "LimitNOFILE=65536:524288" in (host.text(NGINX) or "")
    assert host.limit(812) == Limit(65536, 524288)
    assert apply(host)["changed"] is False
    take_back(host)
    assert host.limit(812) == Limit(1024, 524288)


def test_a_profile_that_needs_nothing_of_ours_writes_nothing(host):
    apply(host)
    assert apply(host, request(Limit(512, 512)), name="modest")["files"] == []
    take_back(host)
    assert host.limit(812) == Limit(1024, 524288)


def test_a_lower_floor_is_followed(host):
    apply(host)
    apply(host, request(Limit(8192, 8192)))
    assert "LimitNOFILE=8192:524288" in (host.text(NGINX) or "")
    assert host.limit(812) == Limit(8192, 524288)


def test_only_what_runs(host):
    before = host.tree()
    result = apply(host, request(persistent=False))
    assert set(host.tree()) - set(before) == {"/var/lib/nettune", "/var/lib/nettune/tcp", JOURNAL}
    assert host.limit(812) == Limit(65536, 524288)
    assert "persistent" in by("what", result["not_applicable"])["user root"]["reason"]
    take_back(host)
    assert (host.tree(), host.limit(812)) == (before, Limit(1024, 524288))


def test_a_reboot_takes_back_what_was_not_persistent(host):
    before = host.tree()
    apply(host, request(persistent=False))
    host.write("/proc/sys/kernel/random/boot_id", "next\n")
    host.process(812, "nginx", unit="nginx.service", limit=Limit(65536, 524288))  # the same pid and start, by accident
    assert apply(host, Request(Limit(2048, 2048), ("root",)), name="mail")["processes"] == []
    take_back(host, None)
    assert host.limit(812) == Limit(65536, 524288)
    assert host.tree() == before


def test_only_files(host):
    result = apply(host, request(live=False))
    assert host.limit(812) == Limit(1024, 524288)
    assert result["restart_needed"] == ["nginx.service"]
    assert "a restart gives it" in result["services"][0]["restart"]


def test_a_program_that_sizes_its_tables_when_it_starts_needs_a_restart(host):
    host.unit("squid.service")
    host.process(900, "squid", unit="squid.service")
    result = apply(host, request(services=("squid.service",)))
    assert host.limit(900) == Limit(65536, 524288)
    assert result["restart_needed"] == ["squid.service"]
    assert apply(host, request(services=("squid.service",)))["restart_needed"] == ["squid.service"]
    host.process(900, "squid", unit="squid.service", limit=Limit(65536, 524288), start=5000)  # so it was restarted
    assert apply(host, request(services=("squid.service",)))["restart_needed"] == []


def test_processes_that_ended_or_are_others_now_are_left_alone(host):
    apply(host)
    host.ends(812)
    host.process(813, "nginx", unit="nginx.service", limit=Limit(65536, 524288), start=5000)
    result = take_back(host)
    assert result["left_alone"] == []
    assert host.limit(813) == Limit(65536, 524288)


def test_a_limit_somebody_changed_since_is_left_alone(host):
    apply(host)
    host.process(812, "nginx", unit="nginx.service", limit=Limit(70000, 524288))
    result = take_back(host)
    (row,) = result["left_alone"]
    assert (row["what"], row["expected"], row["found"]) == ("nginx[812]", "65536:524288", "70000:524288")
    assert (host.limit(812), host.limit(813)) == (Limit(70000, 524288), Limit(1024, 524288))


def test_without_systemd_the_files_are_written_and_nothing_is_reloaded(tmp_path):
    host = FakeHost(tmp_path, systemd=False)
    host.unit("nginx.service")
    result = apply(host)
    assert "LimitNOFILE=65536:524288" in (host.text(NGINX) or "")
    assert host.reloads == 0
    assert "cannot be told" in by("what", result["not_applicable"])["processes"]["reason"]
