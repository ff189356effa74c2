# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of ten hosts, and that applying them changes no value, now or at the next boot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._adopt.host.settings import gather
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host import facts as sysctl_facts
from ansible_collections.nettune.tcp.plugins.plugin_utils.adopt import document, role
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import role_contents
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import present
from ansible_collections.nettune.tcp.tests.unit.support.settings_trees import (
    EXPECTED,
    TREES,
    adopted,
    build,
    variables,
)

TUNING = {"tuning_profile", "tuning_settings", "tuning_nofile", "tuning_users"}


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)


@pytest.mark.parametrize("name", TREES)
def test_the_variables_of_a_host(name: str, tmp_path: Path) -> None:
    text = adopted(build(name, tmp_path), name)
    assert text == (EXPECTED / f"{name}.yml.txt").read_text(), "see support/settings_trees.py to write it again"


def test_each_expected_file_belongs_to_a_host() -> None:
    assert {path.name for path in EXPECTED.iterdir()} == {f"{name}.yml.txt" for name in TREES}


@pytest.mark.parametrize("name", TREES)
def test_the_roles_accept_the_variables(name: str, tmp_path: Path) -> None:
    found = variables(build(name, tmp_path), name)
    assert set(found) <= TUNING
    assert ("tuning_profile" in found) == (TREES[name].profile == "adopted")
    assert role_contents.check(found) == []


@pytest.mark.parametrize("name", TREES)
def test_applying_the_variables_changes_no_value_now_or_at_boot(name: str, tmp_path: Path) -> None:
    host = build(name, tmp_path)
    before, boot = host.tree("/proc/sys"), at_boot(host)
    wanted = variables(host, name)["tuning_settings"]
    if wanted:
        planned = present(host, "adopted", wanted)
        assert {row["status"] for row in planned.rows} <= {"unchanged", "skipped"}
    assert host.tree("/proc/sys") == before
    assert at_boot(host) == boot


@pytest.mark.parametrize("name", ["ubuntu2404", "suse15", "kubespray", "million"])
def test_the_profile_alone_gives_the_same_values_at_boot(name: str, tmp_path: Path) -> None:
    host = build(name, tmp_path)
    boot, wanted = at_boot(host), variables(host, name)["tuning_settings"]
    planned = present(host, "adopted", wanted)
    for path in TREES[name].files:
        if path.startswith("/etc/sysctl"):
            host.put(path, "")
    applied = [row["key"] for row in planned.rows if row["status"] != "skipped"]
    facts = sysctl_facts.gather(host, applied)["keys"]
    assert applied
    assert {key: fact["boot_value"] for key, fact in facts.items()} == {key: boot[key] for key in applied}


def at_boot(host: FakeHost) -> dict[str, str | None]:
    return {key: fact["boot_value"] for key, fact in gather(host)["keys"].items()}


@pytest.mark.parametrize("name", TREES)
def test_every_setting_of_the_hosts_own_files_is_mentioned(name: str, tmp_path: Path) -> None:
    host = build(name, tmp_path)
    text = adopted(host, name)
    own = {line["path"] for line in gather(host)["lines"] if not line["path"].startswith(("/usr/lib/", "/boot/"))}
    assert [path for path in own if path not in text] == []


def test_a_hazard_is_never_a_variable(tmp_path: Path) -> None:
    found = document.adopt(gather(build("squid", tmp_path)), "squid")
    kept = [item for item in found.items if not item.left_out]
    assert {item.verdict for item in kept} == {"ok", "no_effect"}
    assert "net.ipv4.tcp_syncookies" not in variables(build("squid", tmp_path / "again"), "squid")["tuning_settings"]


def test_hostile_text_stays_in_comments(tmp_path: Path) -> None:
    text = adopted(build("hostile", tmp_path), "hostile")
    assert text.isprintable() or set(text) - {"\n"} == {char for char in text if char.isprintable()}
    assert [line for line in text.splitlines() if "{{" in line and not line.lstrip().startswith("#")] == []
    assert "1-2-3-4" not in text
    assert "5-6-7-8" not in text


def test_comments_with_any_character_are_valid_yaml(tmp_path: Path) -> None:
    host = build("empty", tmp_path)
    every = "".join(map(chr, (*range(1, 0xD800), *range(0xE000, 0x10000), 0x1F600, 0x10FFFF)))
    host.put("/etc/sysctl.d/10-a.conf", "".join(f"# a{char}b\nnet.core.somaxconn = 4096\n" for char in every[::97]))
    host.put("/etc/security/limits.conf", "\n".join(f"a{every[at : at + 40]}" for at in range(0, len(every), 400)))
    host.put("/etc/sysctl.d/20-b.conf", "# a\ufffe\uffff\ufeff\x85\u2028b\nnet.core.somaxconn = 8192\n")
    assert variables(host, "empty")["tuning_settings"] == {"net.core.somaxconn": 8192}
    assert "a\\ufffe\\uffff\\ufeff" in adopted(host, "empty")


def test_a_file_that_cannot_be_read_is_named_and_the_running_value_decides(tmp_path: Path) -> None:
    host = build("empty", tmp_path)
    host.put("/etc/sysctl.d/10-a.conf", "net.ipv4.tcp_fin_timeout = 30\nnet.core.somaxconn = 100\n")
    host.put("/etc/sysctl.d/20-large.conf", "#" * (1 << 20) + "\n")
    host.set("net.ipv4.tcp_fin_timeout", "30")
    found = document.adopt(gather(host), "adopted")
    (timeout, backlog) = found.items
    assert not timeout.left_out
    assert "20-large.conf" in timeout.notes[0]
    assert "the running value is 4096" in backlog.left_out
    assert any(text.startswith("not read: /etc/sysctl.d/20-large.conf") for text in found.others)


def test_what_a_program_sets_later_is_left_out(tmp_path: Path) -> None:
    host = build("ubuntu2404", tmp_path)
    host.put("/etc/ufw/ufw.conf", "ENABLED=yes\n")
    host.put("/etc/ufw/sysctl.conf", "net/core/somaxconn=5000\n")
    found = document.adopt(gather(host), "adopted")
    (backlog,) = (item for item in found.items if item.name == "net.core.somaxconn")
    assert backlog.left_out == "it has no effect: ufw (/etc/ufw/sysctl.conf:1) sets it to 5000 later"


def test_sysctl_conf_counts_if_a_program_applies_it(tmp_path: Path) -> None:
    host = build("empty", tmp_path)
    host.put("/etc/sysctl.conf", "net.core.somaxconn = 5000\nnonsense\n")
    found = document.adopt(gather(host), "adopted")
    assert (found.items, found.others) == (
        [],
        ("/etc/sysctl.conf: the loader of this host (systemd) does not read it",),
    )
    host.put("/etc/rc.local", "sysctl -p\n")
    os.chmod(host.locate("/etc/rc.local"), 0o755)
    found = document.adopt(gather(host), "adopted")
    (item,) = found.items
    assert (item.name, item.value, item.source) == ("net.core.somaxconn", "5000", "/etc/sysctl.conf:1")
    assert (item.left_out, found.others) == ("", ("/etc/sysctl.conf:2: nonsense: no loader accepts this line",))


def test_sysctl_conf_counts_if_tuned_applies_it_again(tmp_path: Path) -> None:
    host = build("empty", tmp_path)
    host.link("/etc/sysctl.d/99-sysctl.conf", "../sysctl.conf")
    host.put("/etc/sysctl.conf", "net.core.somaxconn = 5000\nnonsense\n")
    host.put("/etc/systemd/system/multi-user.target.wants/tuned.service", "")
    host.put("/etc/tuned/active_profile", "web\n")
    host.put("/etc/tuned/web/tuned.conf", "[sysctl]\nnet.core.somaxconn = 4000\n")
    found = document.adopt(gather(host), "adopted")
    (item,) = found.items
    assert (item.value, item.source, item.left_out) == ("5000", "/etc/sysctl.conf:1", "")
    assert found.others == ("/etc/sysctl.d/99-sysctl.conf:2: nonsense: no loader accepts this line",)


def test_a_file_of_a_package_wins_over_an_own_line(tmp_path: Path) -> None:
    host = build("empty", tmp_path)
    host.put("/etc/sysctl.d/10-a.conf", "net.core.somaxconn = 100\n")
    host.put("/usr/lib/sysctl.d/50-b.conf", "net.core.somaxconn = 200\n")
    (item,) = document.adopt(gather(host), "adopted").items
    assert item.source == "/etc/sysctl.d/10-a.conf:1"
    assert item.left_out == "it has no effect: /usr/lib/sysctl.d/50-b.conf:1 sets it to 200 later"


def test_the_last_of_two_names_of_one_value_is_carried_over(tmp_path: Path) -> None:
    host = build("empty", tmp_path)
    host.put("/etc/sysctl.d/10-a.conf", "net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.forwarding = 0\n")
    for key in ("ip_forward", "conf.all.forwarding"):
        host.set(f"net.ipv4.{key}", "0")
    first, last = document.adopt(gather(host), "adopted").items
    assert (first.name, first.value, first.source) == ("net.ipv4.ip_forward", "1", "/etc/sysctl.d/10-a.conf:1")
    assert first.left_out == "net.ipv4.conf.all.forwarding is the same parameter and is set later"
    assert (last.name, last.value, last.left_out) == ("net.ipv4.conf.all.forwarding", "0", "")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("kernel.sysrq = yes", "the module would refuse it: kernel.sysrq: 'yes' is not a whole number"),
        (
            "net.ipv4.tcp_fin_timeout = ${x}",
            "the module would refuse it: net.ipv4.tcp_fin_timeout: '${x}' is not a whole number; allowed: -21474836 to"
            " 21474836",
        ),
        ("1.2 = 3", "the name has characters that names of parameters do not have"),
    ],
)
def test_what_the_module_would_refuse_is_left_out(tmp_path: Path, line: str, reason: str) -> None:
    host = build("empty", tmp_path)
    host.put("/etc/sysctl.d/10-a.conf", f"{line}\n")
    (item,) = document.adopt(gather(host), "adopted").items
    assert item.left_out == reason
    assert variables(host, "empty") == {"tuning_profile": "adopted", "tuning_settings": {}}


def test_files_of_this_collection_are_not_adopted(tmp_path: Path) -> None:
    host = build("empty", tmp_path)
    present(host, "web", {"net.core.somaxconn": 8192})
    assert document.adopt(gather(host), "adopted").items == []


def test_many_remarks_are_only_counted(tmp_path: Path) -> None:
    host = build("empty", tmp_path)
    host.put("/etc/sysctl.d/10-a.conf", "nonsense\n" * 300)
    assert adopted(host, "empty").endswith("# - and 100 more\n")


@pytest.mark.parametrize("profile", role.PLAYBOOKS)
def test_a_role_says_what_it_sets(profile: str) -> None:
    own = role.of_profile(profile)
    assert own.settings
    assert all(own.sets(name) for name in own.settings)
    assert role.of_profile("adopted") == role.Role({})
