# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of programs that set parameters besides the loader, and their order."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tuned_conf
from ansible_collections.nettune.tcp.plugins.module_utils._formats.network_conf import IPV4, IPV6, Forwarding
from ansible_collections.nettune.tcp.plugins.module_utils._formats.sysctl_conf import Assignment
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import boot_programs
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.boot_programs import Programs

FILE_MAX, NR_OPEN, QUEUE = "fs.file-max", "fs.nr_open", "net.unix.max_dgram_qlen"
FIN, UFW, LAN = "net.ipv4.tcp_fin_timeout", "/etc/ufw/sysctl.conf", "/etc/systemd/network/lan.network"
MAX = "net.netfilter.nf_conntrack_max"
PROCESS_1 = "systemd (process 1)"


def test_values_that_systemd_sets_as_process_1() -> None:
    """Of systemd 257 on 64-bit machines (src/core/main.c, bump_file_max_and_nr_open())."""
    names = boot_programs.names_of_process_1()
    assert names == [FILE_MAX, NR_OPEN, QUEUE]
    values = {name: boot_programs.value_of_process_1(name) for name in names}
    assert values == {FILE_MAX: "9223372036854775807", NR_OPEN: "1073741816", QUEUE: "512"}


@pytest.mark.parametrize(
    ("name", "found", "value", "unknown"),
    [
        (NR_OPEN, "1048576", None, ""),
        (NR_OPEN, "1073741816", "1073741816", ""),
        (NR_OPEN, "5", "1073741816", f"{PROCESS_1} may set it to 1073741816; the running value, 5, does not tell"),
        (QUEUE, "10", None, ""),
        (QUEUE, "512", "512", ""),
        # The kernel's own value depends on the memory, so it does not tell either.
        (
            FILE_MAX,
            "100",
            "9223372036854775807",
            f"{PROCESS_1} may set it to 9223372036854775807; the running value, 100, does not tell",
        ),
    ],
)
def test_running_value_tells_whether_process_1_sets_it(name: str, found: str, value: str | None, unknown: str) -> None:
    lines = boot_programs.before_loader(Programs(process_1={name: found}))
    expected = [] if value is None else [Assignment("", 0, name, value, by=PROCESS_1, unknown=unknown)]
    assert lines == expected


@pytest.mark.parametrize("found", ["1048576", "5", "1073741816"])
def test_value_that_process_1_sets_whatever_runs_now(found: str) -> None:
    (line,) = boot_programs.before_loader(Programs(process_1={NR_OPEN: found}, sure={NR_OPEN}))
    assert (line.value, line.unknown) == ("1073741816", "")


def test_command_line_of_the_kernel_comes_before_process_1() -> None:
    kernel = boot_programs.by_kernel([(NR_OPEN, "2000000")], frozenset())
    lines = boot_programs.before_loader(Programs(kernel=kernel, process_1={NR_OPEN: "1073741816"}))
    assert [(line.by, line.value) for line in lines] == [("kernel command line", "2000000"), (PROCESS_1, "1073741816")]
    # The running value is that of the command line, so process 1 has left it alone.
    assert boot_programs.before_loader(Programs(kernel=kernel, process_1={NR_OPEN: "2000000"})) == kernel


@pytest.mark.parametrize(
    ("name", "is_sure"),
    [
        ("net.ipv4.conf.eth0.rp_filter", False),
        ("net.ipv6.neigh.eth0.gc_stale_time", False),
        ("net.ipv4.conf.all.rp_filter", True),
        ("net.ipv4.conf.default.rp_filter", True),
        ("net.ipv6.conf.lo.forwarding", True),
        (FIN, True),
    ],
)
def test_command_line_sets_parameters_of_interfaces_that_exist(name: str, is_sure: bool) -> None:
    (line,) = boot_programs.by_kernel([(name, "1")], frozenset())
    assert (line.path, line.line, line.value, line.by) == ("/proc/cmdline", 0, "1", "kernel command line")
    unsure = "the kernel command line sets it only if the interface exists before process 1 starts"
    assert line.unknown == ("" if is_sure else unsure)


def test_command_line_does_not_set_parameters_of_modules() -> None:
    found = [(MAX, "1"), (FIN, "2"), ("kernel.not_catalogued", "3")]
    assert [line.value for line in boot_programs.by_kernel(found, {"nf_conntrack"})] == ["2", "3"]
    assert [line.value for line in boot_programs.by_kernel(found, frozenset())] == ["1", "2", "3"]


def test_programs_after_the_loader_in_order() -> None:
    late = Assignment("late", 3, FIN, "20", by="systemd-networkd")
    programs = Programs(ufw=UFW, late=[late], tuned=tuned_conf.Main())
    files = {
        UFW: f"# x\n{FIN}=10\n",
        "/etc/sysctl.conf": f"{FIN} = 60\n",
        "/etc/sysctl.d/a.conf": f"{FIN} = 30\n",
        "/run/sysctl.d/a.conf": f"{FIN} = 40\n",
        "/etc/sysctl.d/.b.conf": f"{FIN} = 50\n",
        "/usr/lib/sysctl.d/c.conf": f"{FIN} = 70\n",
    }
    lines = boot_programs.after_loader(programs, files)
    assert [(line.by, line.path, line.line, line.value) for line in lines] == [
        ("ufw", UFW, 2, "10"),
        ("systemd-networkd", "late", 3, "20"),
        ("TuneD", "/etc/sysctl.d/.b.conf", 1, "50"),
        ("TuneD", "/run/sysctl.d/a.conf", 1, "40"),
        ("TuneD", "/etc/sysctl.conf", 1, "60"),
    ]
    assert boot_programs.after_loader(Programs(), files) == []
    assert [line.by for line in boot_programs.after_loader(programs._replace(tuned=None), files)] == [
        "ufw",
        "systemd-networkd",
    ]


def test_files_that_ufw_and_tuned_cannot_read_may_set_anything() -> None:
    unread = {UFW: "ufw's is a FIFO", "/etc/sysctl.d/a.conf": "a FIFO", "/etc/sysctl.conf": "a device"}
    programs = Programs(ufw=UFW, tuned=tuned_conf.Main(), unread=unread)
    files = {UFW: "", "/etc/sysctl.d/a.conf": "", "/etc/sysctl.conf": "", "/etc/sysctl.d/b.conf": f"{FIN} = 5\n"}
    lines = boot_programs.after_loader(programs, files)
    assert [(line.by, line.path, line.name, line.unknown) for line in lines] == [
        ("ufw", UFW, "**", "ufw's is a FIFO"),
        ("TuneD", "/etc/sysctl.d/a.conf", "**", "a FIFO"),
        ("TuneD", "/etc/sysctl.d/b.conf", FIN, ""),
        ("TuneD", "/etc/sysctl.conf", "**", "a device"),
    ]


def test_tuned_that_applies_no_files_again_reads_none() -> None:
    unread = {"/etc/sysctl.d/a.conf": "a FIFO"}
    programs = Programs(tuned=tuned_conf.Main(reapply=False), unread=unread)
    files = {"/etc/sysctl.d/a.conf": "", "/etc/sysctl.conf": f"{FIN} = 5\n"}
    assert boot_programs.after_loader(programs, files) == []


@pytest.mark.parametrize(
    ("line", "late", "is_skipped"),
    [
        (Assignment("a", 1, MAX, "1"), {"nf_conntrack"}, True),
        (Assignment("a", 1, MAX, "1"), frozenset(), False),
        (Assignment("a", 1, MAX, "1"), {"tls"}, False),
        (Assignment("a", 1, FIN, "1"), {"nf_conntrack"}, False),
        (Assignment("a", 1, "some.other", "1"), {"nf_conntrack"}, False),
        # An exclusion sets nothing.
        (Assignment("a", 1, MAX, None), {"nf_conntrack"}, False),
    ],
)
def test_line_for_a_module_that_no_file_loads_before_is_skipped(
    line: Assignment, late: frozenset[str], is_skipped: bool
) -> None:
    reason = "it is skipped unless nf_conntrack is loaded by then, which no file in /etc/modules-load.d does"
    assert boot_programs.if_loaded(line, late) == line._replace(unknown=reason if is_skipped else "")


def test_forwarding_by_networkd() -> None:
    on, off = Forwarding(LAN, 4, IPV4, True), Forwarding(LAN, 5, IPV6, False)
    found = boot_programs.by_networkd_for_host(on) + boot_programs.by_networkd_for_host(off, "why")
    assert found == [
        Assignment(LAN, 4, "net.ipv4.ip_forward", "1", by="systemd-networkd"),
        Assignment(LAN, 4, "net.ipv4.conf.all.forwarding", "1", by="systemd-networkd"),
        Assignment(LAN, 5, "net.ipv6.conf.all.forwarding", "0", by="systemd-networkd", unknown="why"),
    ]
    assert boot_programs.by_networkd_for_interfaces(off, ["eth0.5", "eth1"], "why") == [
        Assignment(LAN, 5, "net.ipv6.conf.eth0/5.forwarding", "0", by="systemd-networkd", unknown="why"),
        Assignment(LAN, 5, "net.ipv6.conf.eth1.forwarding", "0", by="systemd-networkd", unknown="why"),
    ]
    assert [line.unknown for line in boot_programs.by_networkd_for_interfaces(on, ["eth0"])] == [""]


def test_file_of_networkd_that_cannot_be_read_may_set_forwarding() -> None:
    assert boot_programs.by_networkd_unread(LAN, "why") == [
        Assignment(LAN, 0, name, "", by="systemd-networkd", unknown="why")
        for name in ("net.ipv4.ip_forward", "net.ipv4.conf.*.forwarding", "net.ipv6.conf.*.forwarding")
    ]


def test_lines_of_cloud_init_and_tuned() -> None:
    (line,) = boot_programs.by_commands("cloud-init", "/x", [(3, FIN)])
    assert line == Assignment("/x", 3, FIN, "", by="cloud-init", unknown="cloud-init may set it (/x:3)")
    settings = [tuned_conf.Setting(FIN, tuned_conf.Option("/p", 5, "4"))]
    settings += [tuned_conf.Setting(MAX, tuned_conf.Option("/p", 6, ">2048"))]
    settings += [tuned_conf.Setting(MAX, tuned_conf.Option("/p", 7, "1"), "/p:8 matches this host")]
    assert boot_programs.by_tuned(settings) == [
        Assignment("/p", 5, FIN, "4", by="TuneD"),
        Assignment("/p", 6, MAX, ">2048", by="TuneD", unknown="TuneD computes it from '>2048' (/p:6)"),
        Assignment("/p", 7, MAX, "1", by="TuneD", unknown="TuneD sets it (/p:7) if /p:8 matches this host"),
    ]
