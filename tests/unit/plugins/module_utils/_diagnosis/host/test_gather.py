# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.host import gather
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.host.gather import KEYS, SUBSETS, DiagnosedHost
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.subsets import NAMES as KNOWN

LIMITS = "Limit Soft Hard Units\nMax open files            1024                 524288               files\n"
STAT = "{pid} (server) S " + " ".join(["1"] * 49) + "\n"


class Tcp:
    """Stands in for TcpHost; calls `between` between its two samples."""

    def __init__(self, between=lambda: None, tracking=()):
        self.between = between
        self.tracking = list(tracking)

    def gather(self, subset, *, source, top, sample):
        assert (subset, source) == (SUBSETS, "auto")
        self.between()
        return {"states": {"CLOSE_WAIT": 0}, "rates": {"seconds": 2.0} if sample else None, "partial": []}

    def read_net(self, name):
        assert name == "stat/nf_conntrack"
        return self.tracking and self.tracking.pop(0)

    def sysctls(self, keys):
        return {key: "1" for key in keys if not key.endswith(("recycle", "conntrack_count"))}


@pytest.fixture
def files(tmp_path):
    def put(path, text):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    def process(pid, descriptors):
        for file, text in (("stat", STAT.format(pid=pid)), ("limits", LIMITS), ("cgroup", "0::/\n")):
            put(f"proc/{pid}/{file}", text)
        for number in range(descriptors):
            put(f"proc/{pid}/fd/{number}", "")

    put("proc/sys/fs/file-max", "100000\n")
    put("proc/sys/fs/file-nr", "4000\t0\t100000\n")
    process(1, 3)
    process(7, 10)
    files = HostFiles(str(tmp_path))
    files.put, files.process = put, process
    return files


def test_all_facts_in_two_samples(files, monkeypatch):
    monkeypatch.setattr(gather.Descriptors, "_size", lambda self, pid: 0)

    def between():
        files.put("proc/sys/fs/file-nr", "4010\t0\t100000\n")
        files.process(7, 14)

    facts = DiagnosedHost(Tcp(between), files).gather(sample=2, top=1)
    assert facts["nettune_sysctl"]["keys"]["net.ipv4.tcp_tw_reuse"] == {"value": "1"}
    assert len(facts["nettune_sysctl"]["keys"]) == len(KEYS) - 1
    nofile = facts["nettune_nofile"]
    assert nofile["system"] == {"file_max": 100000, "allocated": 4010}
    assert [(row["pid"], row["descriptors"], row["soft"]) for row in nofile["processes"]] == [(7, 14, 1024)]
    assert nofile["rates"] == {"allocated": 5.0, "processes": [{"pid": 7, "descriptors": 2.0}]}
    assert diagnose(facts)["findings"] == []


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["drop found\n1 9\n", "drop found\n5 9\n"], {"drop": 2.0}),
        (["drop\n1 9\n", "drop\n5\n"], {"drop": None}),
        ([], {}),
    ],
)
def test_drops_of_connection_tracking(files, texts, expected):
    facts = DiagnosedHost(Tcp(tracking=texts), files).gather(sample=2, top=3)
    assert facts["nettune_tcp"]["rates"]["conntrack"] == expected


def test_one_sample_has_no_rates(files):
    assert "rates" not in DiagnosedHost(Tcp(), files).gather(sample=0, top=3)["nettune_nofile"]


def test_open_files_of_the_host_are_left_out_for_another_namespace():
    assert set(DiagnosedHost(Tcp(), None).gather(sample=0, top=3)) == {"nettune_tcp", "nettune_sysctl"}


def test_unreadable_files_are_unjudged(files):
    files.put("proc/sys/fs/file-max", "many\n")
    files.put("proc/sys/fs/file-nr", "")
    facts = DiagnosedHost(Tcp(), files).gather(sample=2, top=3)
    assert facts["nettune_nofile"]["system"] == {"file_max": None, "allocated": None}
    assert facts["nettune_nofile"]["rates"]["allocated"] is None
    assert "enfile" in {row["id"] for row in diagnose(facts)["unjudged"]}


def test_all_subsets_of_tcp_facts_are_gathered():
    assert set(KNOWN) - {"families"} == SUBSETS
