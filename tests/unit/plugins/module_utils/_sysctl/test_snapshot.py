# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import modules, snapshot
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.boot import PROCPS, SYSTEMD
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import ABSENT, Host, Reading

FILES = {
    "/etc/sysctl.conf": "a.b = 1\n",
    "/etc/sysctl.d/50-x.conf": "",
    "/etc/sysctl.d/99-y.conf": "# c\na.b = 2\n",
    "/usr/lib/sysctl.d/50-x.conf": "a.b = 3\n",
}


def test_lines_are_in_the_order_of_the_loader() -> None:
    found = {
        loader: [(one.path, one.line, one.value) for one in snapshot.boot_lines(FILES, loader=loader)]
        for loader in (SYSTEMD, PROCPS)
    }
    assert found[SYSTEMD] == [("/etc/sysctl.d/99-y.conf", 2, "2")]
    assert found[PROCPS] == [("/etc/sysctl.d/99-y.conf", 2, "2"), ("/etc/sysctl.conf", 1, "1")]


def test_lines_without_some_files() -> None:
    left = snapshot.without(FILES, frozenset({"/etc/sysctl.conf", "/etc/nothing"}))
    assert sorted(left) == sorted(set(FILES) - {"/etc/sysctl.conf"})


def test_parameter_that_was_not_read_is_absent() -> None:
    host = Host("6.1", {"a.b": Reading("")})
    assert host.reading("a.b") == Reading("")
    assert host.reading("a.c") is ABSENT
    assert ABSENT.text is None


def test_masked_file_of_modules_load_d_loads_nothing() -> None:
    files = {"/usr/lib/modules-load.d/a.conf": "nf_conntrack\n", "/etc/modules-load.d/b.conf": "# x\nip-tables\n"}
    assert modules.named_in(files) == {"nf_conntrack", "ip_tables"}
    assert modules.named_in({**files, "/etc/modules-load.d/a.conf": ""}) == {"ip_tables"}
