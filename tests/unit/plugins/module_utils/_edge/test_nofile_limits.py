# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way on a host in a directory: apply, apply again, take back, and what stands in between."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._core.errors import ApplyFailed, ForeignFile
from ansible_collections.nettune.tcp.plugins.module_utils._core.nofile_limit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._core.nofile_request import Request

from .nofile_host import NO_SYS_RESOURCE, FakeHost

LIMITS = "/etc/security/limits.d/99-zz-nettune-web.conf"
NGINX = "/etc/systemd/system/nginx.service.d/99-zz-nettune-web.conf"
JOURNAL = "/var/lib/nettune/tcp/nofile.json"
FLOOR = Limit(65536, 65536)


@pytest.fixture
def host(tmp_path):
    made = FakeHost(tmp_path)
    made.process(50, "sshd", unit="ssh.service")
    made.unit("nginx.service")
    made.process(812, "nginx", unit="nginx.service")
    made.process(813, "nginx", unit="nginx.service", uid=33)
    return made


def request(floor=FLOOR, users=("root",), services=("nginx.service",), **more):
    return Request(floor, users, services, **more)


def apply(host, wanted=None, name="web"):
    limits = host.limits()
    with limits.lock():
        return limits.carry_out(limits.present(name, wanted or request())).result()


def take_back(host, name="web"):
    limits = host.limits()
    with limits.lock():
        return limits.carry_out(limits.absent(name)).result()


def by(key, rows):
    return {row[key]: row for row in rows}


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
    assert why in row["why"]


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
    assert "zz.conf:2" in row["why"]


def test_a_later_line_of_somebody_is_named(host):
    host.write("/etc/security/limits.d/zz.conf", "root soft nofile 512\n")
    (row,) = apply(host)["users"]
    assert row["status"] == "shadowed"
    assert "zz.conf:1" in row["why"]


def test_what_is_not_there_is_skipped_with_its_reason(host):
    host.link("/etc/systemd/system/masked.service", "/dev/null")
    result = apply(host, request(users=("nobody_here",), services=("squid.service", "masked.service")))
    why = {row["what"]: row["why"] for row in result["not_applicable"]}
    assert "not installed" in why["squid.service"]
    assert "masked" in why["masked.service"]
    assert "no such account" in why["user nobody_here"]
    assert result["changed"] is False


def test_who_is_not_covered_by_everybody_is_named(host):
    host.write("/etc/security/limits.conf", "joe soft nofile 512\n@www hard nofile 700000\n")
    result = apply(host, request(users=("*",)))
    assert (host.text(LIMITS) or "").endswith("\n* soft nofile 65536\n")
    why = by("what", result["not_applicable"])["user joe"]["why"]
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


def test_an_edited_file_is_written_anew_and_what_the_editor_wrote_is_kept(host):
    apply(host)
    host.write(NGINX, "[Service]\nLimitNOFILE=7\n")
    planned = host.limits().present("web", request())
    assert "edited" in planned.plan.warnings[0]
    apply(host)
    kept = [text for path, text in host.tree().items() if "/tcp/edited/99-zz-nettune-web.conf." in path]
    assert kept == ["[Service]\nLimitNOFILE=7\n"]
    assert "LimitNOFILE=65536" in (host.text(NGINX) or "")


def test_an_edited_file_is_not_taken_back(host):
    apply(host)
    host.write(LIMITS, "root soft nofile 7\n")
    result = take_back(host)
    assert by("what", result["left_alone"])[LIMITS]["why"].startswith("somebody changed it")
    assert (host.text(LIMITS), host.text(NGINX)) == ("root soft nofile 7\n", None)
    assert host.text(JOURNAL) is None


@pytest.mark.parametrize("path", [LIMITS, NGINX])
def test_somebody_elses_file_is_refused_and_nothing_written(host, path):
    host.write(path, "# mine\n")
    before = host.tree()
    with pytest.raises(ForeignFile, match="99-zz-nettune-web.conf"):
        apply(host)
    assert host.tree() == before
    assert host.limit(812) == Limit(1024, 524288)


@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/null", "nowhere"])
def test_a_link_in_our_place_is_refused(host, target):
    host.link(LIMITS, target)
    with pytest.raises(ForeignFile, match="symbolic link"):
        apply(host)
    assert host.text(NGINX) is None


def test_a_directory_that_is_a_link_is_refused(host):
    host.locate("/etc/elsewhere").mkdir()
    host.link("/etc/systemd/system/nginx.service.d", "../../elsewhere")
    with pytest.raises(ForeignFile, match=r"nginx\.service\.d"):
        apply(host)
    assert list(host.locate("/etc/elsewhere").iterdir()) == []


def test_without_the_capability_the_result_says_who_and_why(tmp_path):
    host = FakeHost(tmp_path, capabilities=NO_SYS_RESOURCE)
    host.unit("nginx.service")
    host.process(812, "nginx", unit="nginx.service", limit=Limit(1024, 20000))
    host.process(813, "nginx", unit="nginx.service", limit=Limit(1024, 20000), uid=33)
    result = apply(host, request(users=()))
    assert (host.limit(812), host.limit(813)) == (Limit(20000, 20000), Limit(1024, 20000))
    refused = by("who", result["refused"])
    assert "CAP_SYS_RESOURCE" in refused["nginx[812] of nginx.service"]["why"]
    assert "another user" in refused["nginx[813] of nginx.service"]["why"]
    assert refused["nginx[812] of nginx.service"]["have"] == {"soft": 20000, "hard": 20000}
    assert result["restart_needed"] == ["nginx.service"]
    assert apply(host, request(users=()))["changed"] is False


def test_what_a_login_cannot_be_given_is_not_written(tmp_path):
    host = FakeHost(tmp_path, capabilities=NO_SYS_RESOURCE)
    host.process(50, "sshd", limit=Limit(1024, 20000))
    result = apply(host, request(services=()))
    assert (host.text(LIMITS) or "").endswith("\nroot soft nofile 20000\n")
    (row,) = result["refused"]
    assert (row["who"], row["effect"], row["have"]) == ("logins of root", "clamped", {"soft": 20000, "hard": 20000})


def test_nr_open_is_raised_first_and_put_back_last(host):
    before = host.tree()
    result = apply(host, request(Limit(2000000, 2000000)))
    assert (host.text("/proc/sys/fs/nr_open") or "").strip() == "2000000"
    assert host.limit(812) == Limit(2000000, 2000000)
    assert "/etc/sysctl.d/99-zz-nettune-nofile-web.conf" in by("path", result["files"])
    assert apply(host, request(Limit(2000000, 2000000)))["changed"] is False
    take_back(host)
    assert (host.text("/proc/sys/fs/nr_open") or "").strip() == "1048576"
    assert host.tree() == before


def test_nr_open_belongs_to_the_machine_and_a_container_leaves_it_alone(host):
    host.namespace("pid:[4026532000]")
    result = apply(host, request(Limit(2000000, 2000000)))
    assert (host.text("/proc/sys/fs/nr_open") or "").strip() == "1048576"
    assert {row["who"]: row["effect"] for row in result["refused"]} == {
        "nginx[812,813] of nginx.service": "refused",
        "logins of root": "clamped",
        "nginx.service": "clamped",
    }
    assert all("fs.nr_open" in row["why"] for row in result["refused"])
    assert host.limit(812) == Limit(1048576, 1048576)


def test_only_what_runs(host):
    before = host.tree()
    result = apply(host, request(persistent=False))
    assert set(host.tree()) - set(before) == {"/var/lib/nettune", "/var/lib/nettune/tcp", JOURNAL}
    assert host.limit(812) == Limit(65536, 524288)
    assert "persistent" in by("what", result["not_applicable"])["user root"]["why"]
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
    assert "70000:524288" in by("what", result["left_alone"])["nginx[812]"]["why"]
    assert (host.limit(812), host.limit(813)) == (Limit(70000, 524288), Limit(1024, 524288))


def test_without_systemd_the_files_are_written_and_nothing_is_reloaded(tmp_path):
    host = FakeHost(tmp_path, systemd=False)
    host.unit("nginx.service")
    result = apply(host)
    assert "LimitNOFILE=65536:524288" in (host.text(NGINX) or "")
    assert host.reloads == 0
    assert "cannot be told" in by("what", result["not_applicable"])["processes"]["why"]


def test_a_login_daemon_that_we_raised_ourselves_hides_no_need_of_a_line(host):
    host.unit("ssh.service")
    wanted = request(services=("ssh.service",))
    apply(host, wanted)
    assert host.limit(50) == Limit(65536, 524288)
    host.locate(LIMITS).unlink()  # as if a run had been killed after that
    apply(host, wanted)
    assert (host.text(LIMITS) or "").endswith("\nroot soft nofile 65536\n")


class Killed(BaseException):
    """Stands for kill -9: nothing may catch it."""


@pytest.mark.parametrize("step", range(12))
@pytest.mark.parametrize("then", ["present", "absent"])
def test_killed_anywhere_then_run_again(host, monkeypatch, step, then):
    before = host.tree()
    calls = iter(range(100))

    def dying(original):
        def call(*arguments, **options):
            if next(calls) == step:
                raise Killed
            return original(*arguments, **options)

        return call

    limits = host.limits()
    with monkeypatch.context() as patch:
        for name in ("replace_text", "make_directory"):
            patch.setattr(type(host.files), name, dying(getattr(type(host.files), name)))
        patch.setattr(type(host), "_prlimit", dying(type(host)._prlimit))
        limits = host.limits()
        with suppress(Killed):
            limits.carry_out(limits.present("web", request()))
    if then == "absent":
        take_back(host)
        assert host.tree() == before
        assert host.limit(812) == host.limit(813) == Limit(1024, 524288)
    else:
        apply(host)
        assert host.limit(812) == host.limit(813) == Limit(65536, 524288)
        assert "LimitNOFILE=65536:524288" in (host.text(NGINX) or "")
        assert host.reloads >= 1
        assert apply(host)["changed"] is False
        take_back(host)
        assert host.tree() == before


def test_what_a_killed_run_left_half_written_is_swept_up(host):
    before = host.tree()
    apply(host)
    host.write("/etc/systemd/system/nginx.service.d/.nettune-abcdefgh.tmp", "half")
    take_back(host)
    assert host.tree() == before


def test_a_write_that_fails_puts_everything_back(host, monkeypatch):
    before = host.tree()
    original = type(host.files).replace_text

    def full(files, path, text, **options):
        if path == NGINX:
            raise OSError(28, "No space left on device", path)
        original(files, path, text, **options)

    monkeypatch.setattr(type(host.files), "replace_text", full)
    with pytest.raises(ApplyFailed, match=r"No space left.*put back"):
        apply(host, request(Limit(2000000, 2000000)))
    assert host.tree() == before
    assert (host.text("/proc/sys/fs/nr_open") or "").strip() == "1048576"
    assert host.limit(812) == Limit(1024, 524288)


def test_a_reload_that_fails_puts_everything_back(host, monkeypatch):
    before = host.tree()
    monkeypatch.setattr(type(host), "_run", lambda _host, _command: (1, "Failed to connect to bus"))
    with pytest.raises(ApplyFailed, match=r"daemon-reload.*Failed to connect to bus"):
        apply(host)
    tree = host.tree()
    journal = json.loads(tree.pop(JOURNAL) or "{}")
    assert journal["profiles"]["web"]["floor"] == [65536, 65536]
    assert {path: text for path, text in tree.items() if not path.startswith("/var/lib/nettune")} == before
