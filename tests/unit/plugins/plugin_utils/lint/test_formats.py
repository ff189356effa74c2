# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each format that the linter reads: which lines are settings, and that no line is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

FIXTURES = Path(__file__).resolve().parents[4] / "fixtures" / "lint" / "formats"
N = "net.ipv4."
SOUND = f"{N}tcp_fin_timeout = 30\nnet.core.somaxconn = 8192\n{N}tcp_syncookies = 1\n"

EXPECTED = {
    "Dockerfile": [
        (3, "net.ipv4.tcp_rmem", "4096 131072 8388608", "ok"),
        (4, "net.ipv4.tcp_syncookies", "0", "hazard"),
        (6, "net.ipv4.tcp_tw_recycle", "1", "removed"),
        (7, "net.ipv4.ip_local_port_range", "20001 60000", "ok"),
        (8, "net.ipv4.tcp_timestamps", "0", "hazard"),
    ],
    "cloud-init.yml.txt": [
        (5, "net.ipv4.tcp_tw_recycle", "1", "removed"),
        (6, "fs.inotify.max_user_watches", "524288", "ok"),
        (7, "just text", "", "invalid"),
        (9, "net.ipv4.tcp_sack", "0", "hazard"),
        (9, "vm.swappiness", "10", "ok"),
        (12, "net.ipv4.tcp_syncookies", "0", "hazard"),
        (14, "net.core.somaxconn", "8192", "ok"),
        (15, "net.ipv4.tcp_abort_on_overflow", "1", "hazard"),
        (17, "net.ipv4.ip_local_port_range", "20001 60000", "ok"),
        (20, "net.ipv4.tcp_timestamps", "0", "hazard"),
        (21, "net.ipv4.tcp_wmem", "4096 65536 8388608", "ok"),
    ],
    "containers.yml.txt": [
        (7, "net.core.somaxconn", "1024", "lowers"),
        (9, "net.ipv4.tcp_syncookies", "0", "hazard"),
        (13, "net.ipv4.tcp_tw_recycle", "1", "removed"),
        (13, "vm.max_map_count", "262144", "ok"),
        (16, "net.ipv4.ip_local_port_range", "20001 60000", "ok"),
        (21, "net.ipv4.tcp_sack", "0", "hazard"),
        (22, "net.core.somaxconn", "1024", "lowers"),
        (25, "net.ipv4.tcp_timestamps", "0", "hazard"),
    ],
    "guide.md": [
        (2, "net.ipv4.tcp_tw_recycle", "1", "removed"),
        (6, "net.ipv4.tcp_syncookies", "0", "hazard"),
        (11, "net.ipv4.tcp_timestamps", "0", "hazard"),
    ],
    "setup.sh.txt": [
        (4, "net.ipv4.tcp_tw_recycle", "1", "removed"),
        (5, "net.ipv4.tcp_wmem", "4096 65536 8388608", "ok"),
        (14, "net.ipv4.tcp_timestamps", "0", "hazard"),
        (15, "net.core.somaxconn", "8192", "ok"),
        (18, "net.ipv4.tcp_syncookies", "0", "hazard"),
        (20, "net.ipv4.tcp_fin_timeout", "30", "ok"),
        (20, "vm.swappiness", "10", "ok"),
        (21, "net.core.rmem_max", "16777216", "ok"),
        (21, "net.core.wmem_max", "16777216", "ok"),
        (22, "net.ipv4.ip_forward", "1", "ok"),
        (24, "net.ipv4.tcp_abort_on_overflow", "1", "hazard"),
        (26, "net.core.netdev_max_backlog", "5000", "ok"),
        (26, "net.ipv4.ip_local_port_range", "20001 60000", "ok"),
        (27, "net.ipv4.tcp_tw_reuse", "1", "ok"),
        (28, "net.ipv4.tcp_keepalive_time", "600", "ok"),
        (29, "net.ipv4.tcp_mem", "786432 1048576 1572864", "ok"),
        (32, "net.ipv4.ip_local_port_range", "20001 60000", "ok"),
        (34, "net.ipv4.tcp_keepalive_intvl", "15", "ok"),
        (35, "net.ipv4.tcp_rmem", "4096 131072 8388608", "ok"),
    ],
    "states.sls": [
        (2, "net.ipv4.tcp_tw_recycle", "1", "removed"),
        (8, "net.core.somaxconn", "{{ pillar.get('somaxconn', 4096) }}", "ok"),
        (17, "net.ipv4.tcp_syncookies", "0", "hazard"),
    ],
    "tasks.yml.txt": [
        (4, "net.core.somaxconn", "4096", "ok"),
        (9, "net.ipv4.tcp_syncookies", "0", "hazard"),
        (17, "net.ipv4.tcp_sack", "0", "hazard"),
        (18, "net.ipv4.tcp_timestamps", "0", "hazard"),
        (22, "net.ipv4.tcp_fin_timeout", "30", "ok"),
        (23, "vm.swappiness", "10", "ok"),
        (27, "net.core.rmem_max", "16777216", "ok"),
        (27, "net.core.wmem_max", "16777216", "ok"),
        (31, "net.ipv4.tcp_tw_recycle", "1", "removed"),
        (32, "net.ipv4.tcp_syncookies", "0", "hazard"),
        (34, "net.ipv4.tcp_rmem", "4096 131072 8388608", "ok"),
        (40, "net.ipv4.tcp_dsack", "", "invalid"),
        (41, "vm.dirty_ratio", "10", "ok"),
        (45, "net.ipv4.conf.all.rp_filter", "2", "ok"),
        (45, "net.ipv4.conf.eth0.7.rp_filter", "2", "typo"),
        (46, "net.ipv4.tcp_tw_reuse", "{{ reuse }}", "ok"),
    ],
    "tune.pp": [
        (2, "net.ipv4.tcp_tw_recycle", "1", "removed"),
        (5, "net.ipv4.tcp_syncookies", "0", "hazard"),
        (6, "net.core.somaxconn", "8192", "ok"),
        (12, "net.ipv4.tcp_timestamps", "0", "hazard"),
        (12, "net.ipv4.ip_local_port_range", "20001 60000", "ok"),
        (14, "net.ipv4.tcp_rmem", "4096 131072 8388608", "ok"),
        (15, "net.ipv4.tcp_abort_on_overflow", "1", "hazard"),
    ],
    "tune.service": [
        (5, "net.ipv4.tcp_tw_recycle", "1", "removed"),
        (6, "net.ipv4.ip_local_port_range", "20001 60000", "ok"),
        (7, "net.ipv4.tcp_syncookies", "0", "hazard"),
        (7, "net.core.somaxconn", "8192", "ok"),
    ],
}


def name_of(file):
    """Return the name that the linter is told: scripts are stored as text, so that none can be run by mistake."""
    return file.replace(".sh.txt", ".sh")


@pytest.mark.parametrize("file", EXPECTED)
def test_settings_of_a_format(file):
    found = engine.check((FIXTURES / file).read_text(), name=name_of(file)).rows
    assert [(row["line"], row["key"], row["value"], row["verdict"]) for row in found] == EXPECTED[file]


def test_every_fixture_is_tested():
    assert {path.name for path in FIXTURES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("file", EXPECTED)
def test_no_line_is_lost_or_counted_twice(file):
    text = (FIXTURES / file).read_text()
    found = engine.check(text, name=name_of(file))
    others = {number for number, _text in found.others}
    assert not others & {row["line"] for row in found.rows}
    filled = sum(bool(line.strip()) for line in text.splitlines())
    assert len(others) + found.comments + len({row["line"] for row in found.rows}) <= filled


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("ched_latency_ns = 6000000", "typo"),
        ("ax_user_watches = 524288", "typo"),
        ("max_size = 10", "typo"),
        (f"{N}tcp_dsack", "invalid"),
        ("these are the settings of the proxy", "invalid"),
        (f"export {N}tcp_sack=1", "invalid"),
        (f'{N}conf."eth0.7".rp_filter = 1', "invalid"),
        (f"{N}conf.'eth0'.rp_filter = 1", "invalid"),
        ("sysctl -w vm.max_map_count=262144", "invalid"),
        ("/sbin/sysctl -q vm.swappiness=10", "invalid"),
        ("echo 10 > /proc/sys/vm/swappiness", "invalid"),
        (f"// {N}tcp_sack = 1", "invalid"),
        (f"* {N}tcp_sack = 1", "invalid"),
        ("= 5", "invalid"),
    ],
)
@pytest.mark.parametrize("name", ["", "99-tuning.conf", "/etc/sysctl.d/99-tuning.conf"])
def test_line_that_no_loader_accepts_is_a_row(line, verdict, name):
    if not name and ("sysctl" in line or "echo" in line or line.startswith("export")):
        pytest.skip("without a name it is a script")
    found = engine.check(SOUND + line, name=name)
    assert [(row["line"], row["verdict"]) for row in found.rows] == [(1, "ok"), (2, "ok"), (3, "ok"), (4, verdict)]
    assert (found.comments, found.others) == (0, [])


def test_lines_are_counted():
    found = engine.check(f"# one\n; two\n\n{SOUND}-{N}tcp_sack\n{{% if x %}}\n", name="sysctl.conf")
    assert (len(found.rows), found.comments) == (3, 2)
    assert found.others == [(7, f"-{N}tcp_sack"), (8, "{% if x %}")]


@pytest.mark.parametrize(
    "line",
    [
        f'echo "{N}tcp_rmem = 8192 131072 8388608" >> /etc/sysctl.conf',
        f"echo '{N}tcp_rmem = 8192 131072 8388608' | sudo tee -a /etc/sysctl.conf",
        f'printf "{N}tcp_rmem = 8192 131072 8388608\\n" > /etc/sysctl.d/9.conf',
        f'docker run --sysctl "{N}tcp_rmem=8192 131072 8388608" web',
        f"podman run --sysctl='{N}tcp_rmem=8192 131072 8388608' web",
        f'settings = ["{N}tcp_rmem = 8192 131072 8388608",]',
        f"'{N}tcp_rmem' => '8192 131072 8388608',",
        f'"{N}tcp_rmem": "8192 131072 8388608",',
        f'set_sysctl("{N}tcp_rmem", "8192 131072 8388608")',
        f'boot.kernel.sysctl."{N}tcp_rmem" = "8192 131072 8388608";',
        f'text += "{N}tcp_rmem = 8192 131072 8388608\\n"',
    ],
)
def test_value_ends_where_its_quote_ends(line):
    for before in ("", "Some words before.\nAnd some more of them.\n"):
        (found,) = engine.lint(before + line)
        assert (found["key"], found["value"], found["verdict"]) == (f"{N}tcp_rmem", "8192 131072 8388608", "ok")


@pytest.mark.parametrize(
    "line",
    [
        f'echo "{N}tcp_sack = 0"',
        f'log_info "setting {N}tcp_sack=0"',
        f"# sysctl -w {N}tcp_sack=0",
        f'grep -q "{N}tcp_sack = 0" /etc/sysctl.conf || exit 1',
        f"sed 's/x/{N}tcp_sack = 0/' /etc/sysctl.conf",
        f"sed -i '/{N}tcp_sack = 0/d' /etc/sysctl.conf",
        f'if [ "$(sysctl -n {N}tcp_sack)" = 0 ]; then',
        f"cat <<USAGE\n{N}tcp_sack = 0\nUSAGE",
    ],
)
def test_what_a_script_prints_or_looks_for_is_no_setting(line):
    assert engine.check(f"#!/bin/sh\n{line}\n", name="x.sh").rows == []


@pytest.mark.parametrize(
    ("command", "value"),
    [
        (f"sed -i 's/^#{N}tcp_syncookies *=.*/{N}tcp_syncookies = 0/' /etc/sysctl.conf", "0"),
        (f"sed -i -e 's|.*tcp_syncookies.*|{N}tcp_syncookies=0|g' /etc/sysctl.conf", "0"),
        (f"sed -i 's/\\({N}tcp_syncookies *= *\\).*/\\10/' /etc/sysctl.conf", "0"),
        (f"sed --in-place -E 's/({N}tcp_syncookies\\s*=\\s*)[01]/\\12/' /etc/sysctl.conf", "2"),
        (f"sed -i '/tcp_syncookies/c\\{N}tcp_syncookies = 0' /etc/sysctl.conf", "0"),
        (f"perl -pi -e 's/.*tcp_syncookies.*/{N}tcp_syncookies = 0/' /etc/sysctl.conf", "0"),
    ],
)
def test_replacement_that_is_written_to_a_file(command, value):
    (found,) = engine.check(f"#!/bin/sh\n{command}\n", name="x.sh").rows
    assert (found["key"], found["value"], found["verdict"]) == (f"{N}tcp_syncookies", value, "hazard")


def test_any_text_is_read():
    pieces = [
        *(
            f"{N}tcp_rmem",
            "=",
            " = ",
            ":",
            "=>",
            "4096 1 2",
            '"',
            "'",
            "\n",
            "\n  ",
            "- ",
            "{{ x }}",
            "{% if %}",
            "<<EOF",
        ),
        *(
            "EOF",
            "sysctl -w ",
            "echo ",
            " >> f",
            "sed -i s/",
            "/",
            "\\",
            "name: ",
            "value: ",
            "loop: ",
            "#",
            "[",
            "]",
            "{",
        ),
        *(
            "}",
            "```",
            "|",
            "RUN ",
            "sysctl { ",
            "\x00",
            "\udcff",
            "data:,",
            "encoding: b64",
            "content: ",
            "[sysctl]",
            "conf.",
        ),
    ]
    source = random.Random(13)
    names = ["", "sysctl.conf", "x.sh", "x.yml", "Dockerfile", "x.pp", "x.service"]
    for _round in range(1500):
        text = "".join(source.choice(pieces) for _piece in range(source.randint(1, 30)))
        found = engine.check(text, name=source.choice(names))
        lines = text.replace("\r", "\n").count("\n") + 1
        assert all(1 <= row["line"] <= lines for row in found.rows), text
