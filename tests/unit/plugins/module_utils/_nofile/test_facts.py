# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.limits_conf import Entry
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import INFINITY, Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import facts
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.open_files import OpenFiles, process_row
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.snapshot import Parent

NR_OPEN = 1048576


def process(pid=1, descriptors=10, soft=1000, name="nginx", unit=None):
    return OpenFiles(pid, name, unit, descriptors, Limit(soft, 524288))


@pytest.mark.parametrize(
    ("name", "service", "found"),
    [
        ("nginx", "nginx.service", [1, 2]),
        ("web.service", "web.service", [3]),
        ("php-fpm@", "php-fpm@.service", [4]),
        ("prometheus-node-exporter", None, [5]),
        ("ngin", None, []),
        ("", None, []),
    ],
)
def test_matching_names(name, service, found):
    rows = [
        process(1),
        process(2, name="worker", unit="nginx.service"),
        process(3, name="x", unit="web.service"),
        process(4, name="php", unit="php-fpm@www.service"),
        process(5, name="prometheus-node"),
    ]
    assert [one.pid for one in facts.matching(rows, name, service)] == found


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("nginx", "nginx.service"),
        ("nginx.service", "nginx.service"),
        ("../../etc/passwd", None),
        ("kworker/0:1", None),
        ("ssh.socket", None),
        ("", None),
        ("a\0b", None),
    ],
)
def test_names_that_can_be_services(name, service):
    assert facts.service(name) == service


def test_unlimited_is_shown_as_nr_open():
    row = process_row(OpenFiles(1, "x", None, 3, Limit(1024, INFINITY)), ghosts=0, nr_open=NR_OPEN)
    assert (row["soft"], row["hard"]) == (1024, NR_OPEN)
    for written in ("-1", "infinity", "Unlimited"):
        row = facts.entry_row(Entry("/p", 3, "*", "-", INFINITY, written), nr_open=NR_OPEN)
        assert (row["value"], row["written"]) == (NR_OPEN, written)
    assert facts.entry_row(Entry("/p", 3, "bob", "-", None), nr_open=NR_OPEN)["value"] is None


INIT = Parent("PID 1", Limit(1048576, 1048576))
CONTAINER_INIT = Parent("PID 1", Limit(1024, 20000), may_raise=False)


@pytest.mark.parametrize(
    ("unit", "defaults", "init", "limit"),
    [
        ("", "", INIT, Limit(1024, 524288)),
        ("", "DefaultLimitNOFILE=4096:8192", INIT, Limit(4096, 8192)),
        ("LimitNOFILE=65536", "DefaultLimitNOFILE=4096:8192", INIT, Limit(65536, 65536)),
        ("LimitNOFILE=infinity", "", INIT, Limit(NR_OPEN, NR_OPEN)),
        ("LimitNOFILE=1024:infinity", "", INIT, Limit(1024, NR_OPEN)),
        ("LimitNOFILE=65536", "", CONTAINER_INIT, Limit(20000, 20000)),
        ("LimitNOFILE=512:20000", "", CONTAINER_INIT, Limit(512, 20000)),
        ("LimitNOFILE=64K", "", INIT, Limit(1024, 524288)),
    ],
)
def test_limit_that_systemd_gives_a_unit(unit, defaults, init, limit):
    files = (("/u", f"[Service]\n{unit}\n"),)
    assert facts.limit_of_unit(files, (("/d", f"[Manager]\n{defaults}\n"),), init=init, nr_open=NR_OPEN) == limit
