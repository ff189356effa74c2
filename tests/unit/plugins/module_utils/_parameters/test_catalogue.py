# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from collections import Counter

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import HOST_WIDE, IPCNS, NETNS, Parameter
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import admit, hazards
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

KINDS = ("int", "vector", "ports", "word", "words")


def rows() -> list[Parameter]:
    return catalogue.rows()


def bounded() -> list[Parameter]:
    return [row for row in rows() if row.low is not None and row.high is not None]


def within(row: Parameter, number: int) -> bool:
    return row.low is not None and row.high is not None and row.low <= number <= row.high


def test_each_name_has_one_row() -> None:
    assert [name for name, times in Counter(row.name for row in rows()).items() if times > 1] == []


def test_names_are_canonical_with_at_most_one_star() -> None:
    name = re.compile(r"[a-z0-9]+(\.([A-Za-z0-9_-]+|\*))+")
    assert [row.name for row in rows() if not name.fullmatch(row.name) or row.name.count("*") > 1] == []


def test_kinds_and_scopes_are_known() -> None:
    assert {row.kind for row in rows()} <= set(KINDS)
    assert {row.scope for row in rows()} == {NETNS, IPCNS, HOST_WIDE}


def test_only_vectors_have_a_count() -> None:
    assert [row.name for row in rows() if (row.count > 1) != (row.kind == "vector")] == []


def test_numbers_have_bounds_and_words_have_none() -> None:
    numeric = ("int", "vector", "ports")
    named = {row.name for row in bounded()}
    assert [row.name for row in rows() if (row.kind in numeric) != (row.name in named)] == []
    assert [row.name for row in bounded() if not row.low < row.high] == []


def test_bounds_of_later_kernels_are_in_order_and_never_empty() -> None:
    dated = [row for row in rows() if row.bounds_since]
    assert len(dated) > 30
    for row in dated:
        since = [tuple(map(int, version.split("."))) for version, _low, _high in row.bounds_since]
        assert since == sorted(set(since)), row.name
        assert all(low < high for _since, low, high in row.bounds_since), row.name


def test_what_is_sure_is_part_of_what_is_allowed() -> None:
    for release in ("4.18", "5.4", "5.10", "6.1", "6.12", "7.3"):
        for row in (row.on(release) for row in rows()):
            assert row.sure is None or row.low <= row.sure[0] < row.sure[1] <= row.high, (row.name, release)


def test_defaults_are_values_of_their_parameter() -> None:
    numeric = [row for row in rows() if row.kind in ("int", "vector") and row.default is not None]
    assert len(numeric) > 200
    zero_means_unset = {"vm.dirty_bytes", "vm.dirty_background_bytes"}
    for row in numeric:
        numbers = [int(token) for token in row.default.split()]
        assert len(numbers) == row.count, row.name
        newest = row.on("99.0")
        assert all(within(newest, number) for number in numbers) or row.name in zero_means_unset, row.name


def test_removed_parameters_have_a_note_or_a_new_name() -> None:
    version = re.compile(r"0|\d+\.\d+")
    gone = [row for row in rows() if row.removed]
    assert [row.name for row in gone if not (row.note or row.renamed_to) or not version.fullmatch(row.removed)] == []
    assert [row.name for row in rows() if row.renamed_to and not row.removed] == []


def test_other_names_are_current_parameters() -> None:
    for row in rows():
        for other in filter(None, (row.renamed_to, row.alias_of)):
            target = catalogue.find(other)
            assert target is not None, row.name
            assert not target.removed
            assert not target.renamed_to
            assert not target.alias_of


def test_versions_are_numbers():
    version = re.compile(r"\d+\.\d+(\.\d+)?")
    fields = ("since", "stable_since", "netns_since", "idle_since", "writable_since")
    given = {getattr(row, field) for row in rows() for field in fields} | {
        since for row in rows() for since, _default in row.default_since
    }
    assert len(given) > 20
    assert [text for text in given - {""} if not version.fullmatch(text)] == []


def test_defaults_of_kernels_are_values_of_their_parameter():
    dated = [row for row in rows() if row.default_since]
    assert dated
    for row in dated:
        assert all(len(default.split()) == row.count for _since, default in row.default_since), row.name
        assert row.default in (None, row.default_since[-1][1]), row.name


def test_bounds_are_between_two_parameters_and_their_defaults_keep_to_them():
    assert catalogue.bounded()
    for lower, upper in catalogue.bounded():
        assert lower != upper
        assert int(catalogue.find(lower).default.split()[0]) <= int(catalogue.find(upper).default.split()[0])


def test_counterparts_name_each_other():
    pairs = {row.name: row.counterpart for row in rows() if row.counterpart}
    assert pairs
    assert all(pairs[other] == name for name, other in pairs.items())


def test_hazards_have_a_rule() -> None:
    named = {row.hazard for row in rows()} - {""}
    assert named | {"floor_lowered"} == set(hazards.RULES)


def test_harmful_values_are_numbers_of_their_parameter():
    harmful = [(row, text) for row in rows() for text in row.harmful]
    assert len(harmful) > 20
    form = re.compile(r"(-?\d+)?\.\.(-?\d+)? (hazard|invalid|ok) (-|=|\d+)( (since|until)=[\d.]+)*: \S.*[^.]")
    assert [row.name for row, text in harmful if not form.fullmatch(text)] == []
    assert [row.name for row, _text in harmful if row.kind not in ("int", "vector")] == []


def test_notes_are_one_or_two_sentences() -> None:
    assert [row.name for row in rows() if row.note and not (row.note.endswith(".") and len(row.note) < 130)] == []


def test_fs_and_vm_are_host_wide_except_message_queues() -> None:
    others = [row for row in rows() if row.name.startswith(("fs.", "vm.")) and row.scope != HOST_WIDE]
    assert [row.name for row in others if not (row.name.startswith("fs.mqueue.") and row.scope == IPCNS)] == []


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("net.ipv4.tcp_fin_timeout", NETNS),
        ("net.ipv4.ip_local_port_range", NETNS),
        ("net.core.somaxconn", NETNS),
        ("net.core.optmem_max", NETNS),
        ("net.core.rmem_max", HOST_WIDE),
        ("net.core.netdev_max_backlog", HOST_WIDE),
        ("net.core.default_qdisc", HOST_WIDE),
        ("net.ipv4.tcp_mem", HOST_WIDE),
        ("net.ipv4.tcp_max_orphans", HOST_WIDE),
        ("net.netfilter.nf_conntrack_max", HOST_WIDE),
        ("net.netfilter.nf_conntrack_buckets", HOST_WIDE),
        ("net.netfilter.nf_conntrack_tcp_timeout_established", NETNS),
        ("net.netfilter.nf_hooks_lwtunnel", HOST_WIDE),
        ("net.ipv4.neigh.default.gc_thresh3", HOST_WIDE),
        ("net.ipv6.neigh.default.gc_stale_time", HOST_WIDE),
        ("net.ipv4.neigh.eth0.gc_stale_time", NETNS),
        ("net.ipv4.conf.all.rp_filter", NETNS),
        ("kernel.pid_max", HOST_WIDE),
        ("kernel.shmmax", IPCNS),
        ("kernel.sem", IPCNS),
    ],
)
def test_scope(name: str, scope: str) -> None:
    assert catalogue.find(name).scope == scope


@pytest.mark.parametrize(
    ("name", "last_host_wide", "first_of_namespaces"),
    [
        ("net.core.tstamp_allow_data", "6.12", "6.13"),
        ("net.core.optmem_max", "6.1", "6.8"),
        ("net.ipv4.icmp_msgs_burst", "5.10", "6.1"),
        ("net.ipv4.route.min_pmtu", "5.10", "6.1"),
    ],
)
def test_scope_depends_on_the_kernel(name: str, last_host_wide: str, first_of_namespaces: str) -> None:
    row = catalogue.find(name)
    assert row.on(last_host_wide).scope == HOST_WIDE
    assert row.on(first_of_namespaces).scope == row.on("mainline").scope == NETNS


@pytest.mark.parametrize(
    ("name", "release", "accepted", "refused"),
    [
        ("net.ipv4.tcp_fin_timeout", "6.18", [-1, 0, 21474836], [21474837, -21474837]),
        ("net.ipv4.tcp_orphan_retries", "6.1", [0, 255], [-1, 256]),
        ("net.ipv4.tcp_orphan_retries", "4.18", [-1, 256], [2**31]),
        ("net.ipv4.tcp_tw_reuse", "4.18", [0, 2], [-1, 3]),
        ("net.ipv4.tcp_syn_retries", "6.18", [1, 127], [0, 128]),
        ("net.ipv4.tcp_max_tw_buckets", "6.18", [-1, 0, 5000], [2**31]),
        ("net.ipv4.tcp_notsent_lowat", "6.18", [0, 2**32 - 1], [-1, 2**32]),
        ("net.ipv4.tcp_rmem", "6.18", [1, 2**31 - 1], [0]),
        ("net.ipv4.tcp_rmem", "7.3", [4096, 2**31 - 1], [4095]),
        ("net.ipv4.tcp_sack", "5.10", [-1, 256], [2**31]),
        ("net.ipv4.tcp_ecn", "6.12", [0, 2], [-1, 3]),
        ("net.ipv4.tcp_ecn", "7.3", [0, 5], [-1, 6]),
        ("net.ipv4.icmp_echo_ignore_all", "6.1", [0, 1], [-1, 2]),
        ("net.netfilter.nf_conntrack_max", "6.12", [-1, 0], [2**31]),
        ("net.netfilter.nf_conntrack_max", "7.3", [1], [0]),
        ("net.ipv4.ip_local_port_range", "6.18", [1, 65535], [0, 65536]),
        ("net.core.somaxconn", "6.18", [0, 65536], [-1, 2**31]),
        ("net.netfilter.nf_conntrack_tcp_loose", "6.18", [0, 1], [2]),
        ("fs.file-max", "6.18", [0, 2**63 - 1], [-1, 2**63]),
        ("fs.nr_open", "6.18", [64, 2147483584], [63, 2147483585]),
        ("kernel.shmmax", "6.18", [0, 2**64 - 1], [2**64]),
        ("vm.swappiness", "6.18", [0, 200], [-1, 201]),
        ("vm.dirty_bytes", "6.18", [8192], [0]),
    ],
)
def test_bounds(name: str, release: str, accepted: list[int], refused: list[int]) -> None:
    row = catalogue.find(name).on(release)
    assert [number for number in accepted if not within(row, number)] == []
    assert [number for number in refused if within(row, number)] == []


@pytest.mark.parametrize(
    ("given", "modern"),
    [
        ("net.ipv4.ip_conntrack_max", "net.netfilter.nf_conntrack_max"),
        ("net.ipv4.netfilter.ip_conntrack_max", "net.netfilter.nf_conntrack_max"),
        ("net.ipv4.netfilter.ip_conntrack_tcp_timeout_time_wait", "net.netfilter.nf_conntrack_tcp_timeout_time_wait"),
        ("net.nf_conntrack_max", ""),
    ],
)
def test_old_names_have_a_new_one(given: str, modern: str) -> None:
    assert catalogue.find(given).renamed_to == modern


def test_alias() -> None:
    assert catalogue.find("net.nf_conntrack_max").alias_of == "net.netfilter.nf_conntrack_max"


@pytest.mark.parametrize(
    ("name", "raise_only"),
    [
        ("fs.file-max", True),
        ("kernel.shmmax", True),
        ("net.core.somaxconn", True),
        ("net.ipv4.tcp_max_orphans", True),
        ("net.ipv4.tcp_max_tw_buckets", False),
        ("net.ipv4.tcp_max_syn_backlog", False),
        ("net.ipv4.tcp_fin_timeout", False),
    ],
)
def test_raise_only(name: str, raise_only: bool) -> None:
    assert catalogue.find(name).raise_only is raise_only


def test_secrets() -> None:
    secret = {row.name for row in rows() if row.secret}
    assert secret == {"net.ipv4.tcp_fastopen_key", "net.ipv6.conf.*.stable_secret"}


@pytest.mark.parametrize(
    "name",
    [
        "net.ipv4.conf.all.rp_filter",
        "net.ipv4.conf.eth0.rp_filter",
        "net.ipv4.conf.bond0/101.rp_filter",
        "net.ipv6.conf.default.disable_ipv6",
        "net.ipv6.neigh.wg0.gc_stale_time",
        "net.netfilter.nf_log.2",
    ],
)
def test_pattern_is_found_with_the_name_asked_for(name: str) -> None:
    assert catalogue.find(name).name == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "net",
        "net.ipv4",
        "net.ipv4.tcp_tw_recyle",
        "net.ipv4.conf.rp_filter",
        "net.ipv4.conf.eth0.100.rp_filter",
        "net.ipv4.conf.eth0.tcp_sack",
        "net/ipv4/tcp_sack",
        "NET.IPV4.TCP_SACK",
    ],
)
def test_unknown_name(name: str) -> None:
    assert catalogue.find(name) is None


def test_names_are_exact_sorted_and_found() -> None:
    names = catalogue.names()
    assert names == sorted(set(names))
    assert not any("*" in name for name in names)
    assert all(catalogue.find(name).name == name for name in names)


KEY = "net.ipv4.tcp_fastopen_key"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("net.ipv4.tcp_fin_timeout", "30", "30"),
        ("net.vendor.x", "30", "30"),
        (KEY, "1-2-3-4", "(secret)"),
        ("net.ipv6.conf.eth0/100.stable_secret", "2001:db8::", "(secret)"),
    ],
)
def test_secret_is_not_shown(name: str, value: str, shown: str) -> None:
    assert catalogue.shown(name, value) == shown


@pytest.fixture
def new_row(monkeypatch):
    name = "net.ipv4.tcp_new"
    line = f"{name} int 5 low=1 high=9 since=6.15 | A note. ! 9..9 hazard 5: it harms"
    monkeypatch.setitem(catalogue._LINES, name, line)
    catalogue.find.cache_clear()
    yield name
    catalogue.find.cache_clear()


def test_hosts_and_linter_know_a_new_row(new_row):
    host = Host("6.1.0-18-amd64", {})
    (setting,) = admit.admit({new_row: 10}, host)
    assert setting.reason == f"{new_row}: 10 is out of bounds; allowed: 1 to 9"
    (setting,) = admit.admit({new_row: 6}, host)
    assert setting.reason == "absent: needs Linux 6.15; this host runs 6.1.0-18-amd64"
    verdicts = [
        engine.lint({new_row: number}, kernel=kernel)[0]["verdict"]
        for number, kernel in ((6, "6.14"), (6, "6.15"), (9, "6.15"), (10, "6.15"))
    ]
    assert verdicts == ["no_effect", "ok", "hazard", "invalid"]
