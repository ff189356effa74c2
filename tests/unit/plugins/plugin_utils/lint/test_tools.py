# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings made by other tools than sysctl, by cron, at boot, and by programs that write to /proc/sys."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

SOMAXCONN = ("net.core.somaxconn", "8192")
SACK = ("net.ipv4.tcp_sack", "0")
PROC = "/proc/sys/net/core/somaxconn"


def settings(text, name=""):
    return [(row["key"], row["value"]) for row in engine.check(text, name=name).rows]


@pytest.mark.parametrize("name", ["x.sh", "x.txt"])
@pytest.mark.parametrize(
    "line",
    [
        f"echo 8192 | sudo dd of={PROC} status=none",
        f"dd of={PROC} <<< 8192",
        f"echo 8192 | sponge {PROC}",
        "augtool set /files/etc/sysctl.conf/net.core.somaxconn 8192",
        "augtool -s 'set /files/etc/sysctl.d/9-x.conf/net.core.somaxconn 8192'",
        "augtool <<EOF\nset /files/etc/sysctl.conf/net.core.somaxconn 8192\nsave\nEOF",
        "crudini --set /etc/sysctl.conf '' net.core.somaxconn 8192",
        'ansible all -b -m ansible.posix.sysctl -a "value=8192 name=net.core.somaxconn state=present"',
        "salt '*' sysctl.persist net.core.somaxconn 8192",
        "set system sysctl parameter net.core.somaxconn value 8192",
        "lxc config set web linux.sysctl.net.core.somaxconn 8192",
        "lxc launch ubuntu web -c linux.sysctl.net.core.somaxconn=8192",
        f"\"sudo sh -c 'echo 8192 > {PROC}'\",",
        "podman run --sysctl net.core.somaxconn=8192 nginx",
        "@reboot root sysctl -w net.core.somaxconn=8192",
        f"*/5 * * * * root echo 8192 > {PROC}",
        "* * * * * sysctl -w net.core.somaxconn=8192",
        f"w! {PROC} - - - - 8192",
        f"write {PROC} 8192",
        "append root=/dev/sda1 sysctl.net.core.somaxconn=8192 3",
        'bootloader --append="quiet sysctl.net.core.somaxconn=8192"',
        f'os.system("echo 8192 > {PROC}")',
        f'ACTION=="add", RUN+="/bin/sh -c \'echo 8192 > {PROC}\'"',
    ],
)
def test_line(line, name):
    assert settings(line, name) == [SOMAXCONN]


@pytest.mark.parametrize("name", ["x.sh", "x.txt"])
@pytest.mark.parametrize(
    "line",
    [
        f"dd if={PROC} of=/tmp/saved",
        "augtool get /files/etc/sysctl.conf/net.core.somaxconn",
        "crudini --get /etc/sysctl.conf '' net.core.somaxconn",
        'ansible all -m sysctl -a "name=net.core.somaxconn value=8192 state=absent"',
        "salt '*' sysctl.get net.core.somaxconn",
        f'print("echo 8192 > {PROC}")',
        f'log.Printf("echo 8192 > {PROC}")',
        f"w {PROC} - - - -",
    ],
)
def test_line_that_sets_nothing(line, name):
    found = engine.check(line, name=name)
    assert (found.rows, found.other_lines) == ([], 1)


@pytest.mark.parametrize(
    "code",
    [
        f'os.WriteFile("{PROC}", []byte("8192\\n"), 0644)',
        f'with open("{PROC}", "w") as f:\n    f.write("8192")',
        f"open('{PROC}', 'w').write('8192\\n')",
        f'Path("{PROC}").write_text("8192")',
        f"File.open('{PROC}', 'w') {{ |f| f.puts 8192 }}",
        f"File.write('{PROC}', '8192')",
        f'open(F, ">{PROC}");\nprint F "8192\\n";',
        f"open(my $fh, '>', '{PROC}');\nprint $fh \"8192\";",
        f'int fd = open("{PROC}", O_WRONLY);\nwrite(fd, "8192", 4);',
        f'FILE *f = fopen("{PROC}", "w");\nfprintf(f, "%d\\n", 8192);',
        f'FILE *f = fopen("{PROC}", "w");\nif (f == NULL) {{\n  return -1;\n}}\nfputs("8192", f);',
        f'let mut f = File::create("{PROC}")?;\nf.write_all(b"8192")?;',
        f'OpenOptions::new().write(true).open("{PROC}")?.write_all(b"8192")?;',
        f'rules = [\n  "w {PROC} - - - - 8192"\n];',
        f'std::ofstream f("{PROC}");\nf << 8192;',
        f'std::fs::write("{PROC}", b"8192")?;',
        f"a = [\n  ('{PROC}', '8192'),\n]",
        f'a = {{"{PROC}": "8192"}}',
        f'if err := writeProcSys("{PROC}", "8192"); err != nil {{',
        f"fs.writeFileSync('{PROC}', '8192');",
        'Command::new("sysctl").args(["-w", "net.core.somaxconn=8192"]).status()?;',
    ],
)
def test_code(code):
    assert settings(f"first {{\n{code}\n}}\n") == [SOMAXCONN]


@pytest.mark.parametrize(
    "code",
    [
        'os.WriteFile(path.Join("/proc/sys/net/ipv4", "tcp_sack"), []byte("0"), 0644)',
        f'raise Error("echo 8192 > {PROC} failed")',
        'logging.info("sysctl -w net.core.somaxconn=8192 failed")',
        'self.assertEqual(read("net.core.somaxconn=8192"), 1)',
        f'v, err := os.ReadFile("{PROC}")',
        f'with open("{PROC}") as f:\n    assert f.read() == "8192"',
        f'int fd = open("{PROC}", O_RDONLY);\nwrite(other, "8192", 4);',
        f'FILE *f = fopen("{PROC}", "w");\nfwrite(buffer, 4, 1, f);',
        f'EXPECT_EQ(readFile("{PROC}"), "8192");',
        f'assertWritten("{PROC}", "8192")',
        f'// os.WriteFile("{PROC}", []byte("8192"), 0644)',
        f'log.info("wrote {PROC}", 8192)',
    ],
)
def test_code_that_sets_nothing(code):
    assert settings(f"first {{\n{code}\n}}\n") == []


def test_settings_between_opening_and_writing():
    code = f'f = open("{PROC}", "w")\nos.system("sysctl -w net.ipv4.tcp_sack=0")\nf.write("8192")\n'
    assert settings(code, "x.py") == [SOMAXCONN, SACK]


QUADLET = """[Container]
Image=nginx
Sysctl=net.core.somaxconn=8192 net.ipv4.tcp_sack=0
PodmanArgs=--sysctl vm.swappiness=10
"""
KERNEL_ARGUMENTS = """kernel_arguments:
  should_exist: [sysctl.net.core.somaxconn=8192]
master:
  sysctls: "net.core.somaxconn=8192,net.ipv4.tcp_sack=0"
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("web.container", QUADLET, [SOMAXCONN, SACK, ("vm.swappiness", "10")]),
        ("x.bu", KERNEL_ARGUMENTS, [SOMAXCONN, SOMAXCONN, SACK]),
        ("x.yml", f"# x\n{KERNEL_ARGUMENTS}", [SOMAXCONN, SOMAXCONN, SACK]),
    ],
)
def test_several_settings(name, text, expected):
    assert settings(text, name) == expected


def test_line_of_cron_is_no_comment():
    found = engine.check("*/5 * * * * root run-parts /etc/cron.hourly\n * a comment\n* an item\n", name="x")
    assert (found.comments, found.other_lines) == (1, 2)


def test_bold_name_is_no_pattern():
    assert settings("Some words.\n\n- **fs.file-max** = 2097152\n", "x.md") == [("fs.file-max", "2097152")]
