# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel modules whose parameters a profile sets: boots load them first, and lines stand while they are away."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ForeignFile
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import VALUES, FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    FIN,
    WEB,
    absent,
    changed,
    left_alone,
    present,
    reasons,
)

LOAD = "/etc/modules-load.d/99-zz-nettune-web.conf"
MAX, BUCKETS = "net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets"
WAIT = "net.netfilter.nf_conntrack_tcp_timeout_time_wait"
KEYS = {MAX: "262144", BUCKETS: "65536", WAIT: "60"}
SETTINGS = {WAIT: 120, MAX: {"at_least": 2000500}}
MODULE = "nf_conntrack"


@pytest.fixture(autouse=True)
def no_waiting_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    """A host that could load conntrack and has not."""
    host = FakeHost(tmp_path, {name: value for name, value in VALUES.items() if MODULE not in name})
    host.put("/lib/modules/6.12.0-test/modules.dep", "kernel/net/netfilter/nf_conntrack.ko.xz: kernel/lib/crc.ko.xz\n")
    host.put("/lib/modules/6.12.0-test/modules.builtin", "kernel/net/tls.ko\n")
    return host


def load(host: FakeHost, **values: str) -> None:
    """Somebody loads the module."""
    host.put("/proc/modules", f"{MODULE} 176128 1 - Live 0x0\n")
    for name, value in {**KEYS, **values}.items():
        host.set(name, value)


def unload(host: FakeHost) -> None:
    host.put("/proc/modules", "")
    for name in KEYS:
        host.forget(name)


def row(planned: Any, name: str) -> dict[str, Any]:
    return next(one for one in planned.rows if one["key"] == name)


def said(planned: Any) -> list[tuple[str, str]]:
    return [(one["state"], one["status"]) for one in report.modules(planned.plan)]


def test_what_is_loaded_is_loaded_by_boots_before_its_parameters(host: FakeHost) -> None:
    load(host)
    before = host.tree()
    planned = present(host, "web", SETTINGS)
    assert said(planned) == [("loaded", "changed")]
    assert (host.value(WAIT), host.value(MAX)) == ("120", "2000500")
    assert (host.read_text(LOAD) or "").splitlines()[-1] == MODULE
    assert os.stat(host.locate(LOAD)).st_mode & 0o777 == 0o644
    again = present(host, "web", SETTINGS)
    assert (changed(again), said(again)) == (False, [("loaded", "unchanged")])
    absent(host, "web")
    assert host.tree() == before


def test_without_parameters_of_modules_there_is_no_such_file(host: FakeHost) -> None:
    load(host)
    assert said(present(host, "web", {FIN: 30}, connections=1)) == []
    assert host.read_text(LOAD) is None


def test_a_module_that_is_built_in_needs_no_loading(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    assert said(present(host, "web", {MAX: {"at_least": 300000}})) == []
    host.put("/lib/modules/6.12.0-test/modules.builtin", "kernel/net/netfilter/nf_conntrack.ko\n")
    planned = present(host, "web", {MAX: {"at_least": 300000}}, modules=[MODULE])
    assert said(planned) == [("built in", "skipped")]
    assert host.read_text(LOAD) is None


def test_none_is_loaded_where_none_is_wanted(host: FakeHost) -> None:
    load(host)
    present(host, "web", SETTINGS, modules=[])
    assert host.read_text(LOAD) is None
    present(host, "web", SETTINGS)
    assert host.read_text(LOAD) is not None
    present(host, "web", SETTINGS, modules=[])
    assert host.read_text(LOAD) is None


def test_what_is_not_loaded_and_not_named_is_skipped(host: FakeHost) -> None:
    planned = present(host, "web", {**SETTINGS, FIN: 30})
    assert said(planned) == []
    assert row(planned, WAIT)["reason"] == "absent: exists only while the kernel module nf_conntrack is loaded"
    assert WAIT not in (host.read_text(WEB) or "")


def test_what_is_named_has_its_lines_before_it_is_loaded(host: FakeHost) -> None:
    before = host.tree()
    planned = present(host, "web", SETTINGS, modules=["nf-conntrack"])
    assert said(planned) == [("loadable", "changed")]
    assert row(planned, WAIT) == {
        "key": WAIT,
        "given_as": WAIT,
        "requested": "120",
        "before": None,
        "after": None,
        "boot_before": None,
        "boot_after": "120",
        "boot_source": None,
        "status": "skipped",
        "reason": "takes effect when nf_conntrack is loaded",
    }
    assert f"{WAIT} = 120\n" in (host.read_text(WEB) or "")
    assert f"{MAX} = 2000500\n" in (host.read_text(WEB) or "")
    assert not host.exists(f"/proc/sys/{WAIT.replace('.', '/')}")
    assert not changed(present(host, "web", SETTINGS, modules=[MODULE]))
    # Named once, it stays: what runs may come and go.
    assert not changed(present(host, "web", SETTINGS))
    absent(host, "web")
    assert host.tree() == before


def test_lines_stay_while_the_module_is_away(host: FakeHost) -> None:
    load(host)
    present(host, "web", SETTINGS)
    written = host.read_text(WEB)
    unload(host)
    planned = present(host, "web", SETTINGS)
    assert (changed(planned), said(planned)) == (False, [("loadable", "unchanged")])
    assert row(planned, MAX)["reason"] == "takes effect when nf_conntrack is loaded"
    assert host.read_text(WEB) == written
    load(host)
    present(host, "web", SETTINGS)
    assert (host.value(WAIT), host.value(MAX), host.read_text(WEB)) == ("120", "2000500", written)
    absent(host, "web")
    assert {name: host.value(name) for name in KEYS} == KEYS


def test_what_did_not_exist_before_is_told_when_it_is_taken_back(host: FakeHost) -> None:
    present(host, "web", SETTINGS, modules=[MODULE])
    load(host, **{WAIT: "120", MAX: "2000500"})  # at boot, by our lines
    assert not changed(present(host, "web", SETTINGS))
    planned = absent(host, "web")
    # The kernel has the one default on all machines, the other by their memory.
    assert (host.value(WAIT), host.value(MAX)) == ("120", "2000500")
    assert left_alone(planned) == [MAX]
    assert "gets its default at the next boot" in row(planned, MAX)["reason"]
    assert (host.read_text(WEB), host.read_text(LOAD)) == (None, None)


def test_what_is_loaded_without_our_lines_is_restored_to_what_it_had_then(host: FakeHost) -> None:
    present(host, "web", SETTINGS, modules=[MODULE])
    load(host)
    present(host, "web", SETTINGS)
    assert (host.value(WAIT), host.value(MAX)) == ("120", "2000500")
    absent(host, "web")
    assert {name: host.value(name) for name in KEYS} == KEYS


def test_a_floor_that_boot_gives_needs_no_line_while_the_module_is_away(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/50-x.conf", f"{MAX} = 3000000\n")
    present(host, "web", SETTINGS, modules=[MODULE])
    assert MAX not in (host.read_text(WEB) or "")
    assert WAIT in (host.read_text(WEB) or "")


def test_two_profiles_disagree_also_while_the_module_is_away(host: FakeHost) -> None:
    present(host, "mail", {WAIT: 60}, modules=[MODULE])
    assert "profile mail requests '60'" in reasons(host, "web", {WAIT: 120}, modules=[MODULE])[WAIT]
    present(host, "web", {WAIT: 60}, modules=[MODULE])
    absent(host, "mail")
    assert f"{WAIT} = 60\n" in (host.read_text(WEB) or "")


def test_a_trial_loads_nothing_at_boot(host: FakeHost) -> None:
    before = host.tree("/etc")
    planned = present(host, "web", SETTINGS, persistent=False, modules=[MODULE])
    assert row(planned, WAIT)["reason"] == "absent: exists only while the kernel module nf_conntrack is loaded"
    assert host.tree("/etc") == before


def test_in_a_container_modules_are_the_machines(host: FakeHost) -> None:
    (host.root / "proc/1/ns/net").unlink()
    host.link("/proc/1/ns/net", "net:[2]")
    load(host)
    planned = present(host, "web", SETTINGS, modules=[MODULE])
    assert said(planned) == [("loaded", "skipped")]
    assert report.modules(planned.plan)[0]["reason"].startswith("host-wide: ")
    assert said(present(host, "web", SETTINGS)) == []
    assert host.read_text(LOAD) is None
    assert host.value(WAIT) == "120"


@pytest.mark.parametrize(
    ("module", "said_"),
    [
        ("nf_contrack", "this kernel (6.12.0-test) has no module nf_contrack; did you mean nf_conntrack?"),
        ("nonsense", "this kernel (6.12.0-test) has no module nonsense"),
        ("../x", "'../x' is not the name of a kernel module"),
        ("x\ny", "is not the name of a kernel module"),
    ],
)
def test_modules_that_are_none_are_refused(host: FakeHost, module: str, said_: str) -> None:
    before = host.tree()
    assert said_ in reasons(host, "web", {FIN: 30}, modules=[module])["modules"]
    assert host.tree() == before


@pytest.mark.parametrize(("index", "state"), [(True, "missing"), (False, "unknown")])
def test_a_module_that_this_kernel_does_not_have_is_skipped(tmp_path: Path, index: bool, state: str) -> None:
    host = FakeHost(tmp_path)
    if index:
        host.put("/lib/modules/6.12.0-test/modules.dep", "")
    planned = present(host, "web", {FIN: 30}, modules=["br_netfilter"])
    assert said(planned) == [(state, "skipped")]


@pytest.mark.parametrize("text", ["nf_conntrack\n", ""])
def test_somebody_elses_file_in_our_place(host: FakeHost, text: str) -> None:
    host.put(LOAD, text)
    with pytest.raises(ForeignFile, match="was not written by nettune.tcp"):
        present(host, "web", SETTINGS, modules=[MODULE])
    assert host.read_text(LOAD) == text


def test_a_file_that_was_edited_is_left_alone_and_listed(host: FakeHost) -> None:
    present(host, "web", SETTINGS, modules=[MODULE])
    host.put(LOAD, f"{host.read_text(LOAD)}tls\n")
    planned = absent(host, "web")
    assert [one["what"] for one in report.left_alone(planned.plan)] == [LOAD]
    assert (host.read_text(LOAD) or "").endswith("tls\n")


def test_a_line_that_is_missing_at_boot_is_not_in_force(host: FakeHost) -> None:
    planned = SysctlProfiles(host).present("web", SETTINGS, modules=[MODULE])
    result = {"settings": planned.rows}
    assert [one.what for one in differences.of_sysctl(result)] == [WAIT, MAX]
    present(host, "web", SETTINGS, modules=[MODULE])
    assert differences.of_sysctl({"settings": SysctlProfiles(host).present("web", SETTINGS).rows}) == []
