# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel modules of a profile: loaded at boot before the parameters; lines stay while a module is not loaded."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ForeignFile
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.facts import gather
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


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    """Return a host that has the conntrack module, not loaded."""
    host = FakeHost(tmp_path, {name: value for name, value in VALUES.items() if MODULE not in name})
    host.put("/lib/modules/6.12.0-test/modules.dep", "kernel/net/netfilter/nf_conntrack.ko.xz: kernel/lib/crc.ko.xz\n")
    host.put("/lib/modules/6.12.0-test/modules.builtin", "kernel/net/tls.ko\n")
    return host


def load(host: FakeHost, **values: str) -> None:
    """Load the module, as another program would."""
    host.put("/proc/modules", f"{MODULE} 176128 1 - Live 0x0\n")
    for name, value in {**KEYS, **values}.items():
        host.set(name, value)


def unload(host: FakeHost) -> None:
    host.put("/proc/modules", "")
    for name in KEYS:
        host.forget(name)


def row(planned: Any, name: str) -> dict[str, Any]:
    return next(one for one in planned.rows if one["key"] == name)


def modules_of(planned: Any) -> list[tuple[str, str]]:
    return [(one["state"], one["status"]) for one in report.modules(planned.plan)]


def test_loaded_module_is_loaded_at_boot_before_its_parameters(host: FakeHost) -> None:
    load(host)
    before = host.tree()
    planned = present(host, "web", SETTINGS)
    assert modules_of(planned) == [("loaded", "changed")]
    assert (host.value(WAIT), host.value(MAX)) == ("120", "2000500")
    assert (host.read_text(LOAD) or "").splitlines()[-1] == MODULE
    assert os.stat(host.locate(LOAD)).st_mode & 0o777 == 0o644
    again = present(host, "web", SETTINGS)
    assert (changed(again), modules_of(again)) == (False, [("loaded", "unchanged")])
    absent(host, "web")
    assert host.tree() == before


def test_no_modules_file_without_parameters_of_modules(host: FakeHost) -> None:
    load(host)
    assert modules_of(present(host, "web", {FIN: 30}, connections=1)) == []
    assert host.read_text(LOAD) is None


def test_built_in_module_is_not_loaded(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    assert modules_of(present(host, "web", {MAX: {"at_least": 300000}})) == []
    host.put("/lib/modules/6.12.0-test/modules.builtin", "kernel/net/netfilter/nf_conntrack.ko\n")
    planned = present(host, "web", {MAX: {"at_least": 300000}}, modules=[MODULE])
    assert modules_of(planned) == [("built in", "skipped")]
    assert host.read_text(LOAD) is None


def test_empty_list_loads_no_module(host: FakeHost) -> None:
    load(host)
    present(host, "web", SETTINGS, modules=[])
    assert host.read_text(LOAD) is None
    present(host, "web", SETTINGS)
    assert host.read_text(LOAD) is not None
    present(host, "web", SETTINGS, modules=[])
    assert host.read_text(LOAD) is None


def test_parameter_of_an_unloaded_unnamed_module_is_skipped(host: FakeHost) -> None:
    planned = present(host, "web", {**SETTINGS, FIN: 30})
    assert modules_of(planned) == []
    assert row(planned, WAIT)["reason"] == "absent: exists only while the kernel module nf_conntrack is loaded"
    assert WAIT not in (host.read_text(WEB) or "")


def test_named_module_has_lines_before_it_is_loaded(host: FakeHost) -> None:
    before = host.tree()
    planned = present(host, "web", SETTINGS, modules=["nf-conntrack"])
    assert modules_of(planned) == [("loadable", "changed")]
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
    # A named module stays in the profile, whether it is loaded or not.
    assert not changed(present(host, "web", SETTINGS))
    absent(host, "web")
    assert host.tree() == before


def test_lines_stay_while_the_module_is_not_loaded(host: FakeHost) -> None:
    load(host)
    present(host, "web", SETTINGS)
    written = host.read_text(WEB)
    unload(host)
    planned = present(host, "web", SETTINGS)
    assert (changed(planned), modules_of(planned)) == (False, [("loadable", "unchanged")])
    assert row(planned, MAX)["reason"] == "takes effect when nf_conntrack is loaded"
    assert host.read_text(WEB) == written
    load(host)
    present(host, "web", SETTINGS)
    assert (host.value(WAIT), host.value(MAX), host.read_text(WEB)) == ("120", "2000500", written)
    absent(host, "web")
    assert {name: host.value(name) for name in KEYS} == KEYS


def test_revert_reports_a_parameter_without_an_original(host: FakeHost) -> None:
    present(host, "web", SETTINGS, modules=[MODULE])
    load(host, **{WAIT: "120", MAX: "2000500"})  # at boot, by our lines
    assert not changed(present(host, "web", SETTINGS))
    planned = absent(host, "web")
    # The first default is a constant, the second depends on the memory of the machine.
    assert (host.value(WAIT), host.value(MAX)) == ("120", "2000500")
    assert left_alone(planned) == [MAX]
    assert "gets its default at the next boot" in row(planned, MAX)["reason"]
    assert (host.read_text(WEB), host.read_text(LOAD)) == (None, None)


def test_module_loaded_without_our_lines_is_reverted_to_its_value_then(host: FakeHost) -> None:
    present(host, "web", SETTINGS, modules=[MODULE])
    load(host)
    present(host, "web", SETTINGS)
    assert (host.value(WAIT), host.value(MAX)) == ("120", "2000500")
    absent(host, "web")
    assert {name: host.value(name) for name in KEYS} == KEYS


def test_floor_met_at_boot_needs_no_line_while_the_module_is_not_loaded(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/50-x.conf", f"{MAX} = 3000000\n")
    present(host, "web", SETTINGS, modules=[MODULE])
    assert MAX not in (host.read_text(WEB) or "")
    assert WAIT in (host.read_text(WEB) or "")


def test_profiles_conflict_while_the_module_is_not_loaded(host: FakeHost) -> None:
    present(host, "mail", {WAIT: 60}, modules=[MODULE])
    assert "profile mail requests '60'" in reasons(host, "web", {WAIT: 120}, modules=[MODULE])[WAIT]
    present(host, "web", {WAIT: 60}, modules=[MODULE])
    absent(host, "mail")
    assert f"{WAIT} = 60\n" in (host.read_text(WEB) or "")


def test_nonpersistent_profile_loads_nothing_at_boot(host: FakeHost) -> None:
    before = host.tree("/etc")
    planned = present(host, "web", SETTINGS, persistent=False, modules=[MODULE])
    assert row(planned, WAIT)["reason"] == "absent: exists only while the kernel module nf_conntrack is loaded"
    assert host.tree("/etc") == before


def test_revert_gives_another_profile_its_own_line_while_the_module_is_not_loaded(host: FakeHost) -> None:
    load(host)
    present(host, "web", {MAX: {"at_least": 400000}})
    present(host, "db", {MAX: {"at_least": 300000}})
    unload(host)
    planned = absent(host, "web")
    assert row(planned, MAX)["reason"] == "takes effect when nf_conntrack is loaded"
    assert f"{MAX} = 300000\n" in (host.read_text(WEB.replace("web", "db")) or "")
    assert host.read_text(WEB) is None


def test_nonpersistent_profile_is_verified_while_its_module_is_not_loaded(host: FakeHost) -> None:
    load(host)
    present(host, "web", {WAIT: 120, FIN: 30}, persistent=False)
    unload(host)
    planned = SysctlProfiles(host).again("web")
    assert not changed(planned)
    assert row(planned, WAIT)["status"] == "skipped"
    assert differences.of_sysctl({"settings": planned.rows}) == []


def test_modules_are_skipped_in_a_container(host: FakeHost) -> None:
    (host.root / "proc/1/ns/net").unlink()
    host.link("/proc/1/ns/net", "net:[2]")
    load(host)
    planned = present(host, "web", SETTINGS, modules=[MODULE])
    assert modules_of(planned) == [("loaded", "skipped")]
    assert report.modules(planned.plan)[0]["reason"].startswith("host-wide: ")
    assert modules_of(present(host, "web", SETTINGS)) == []
    assert host.read_text(LOAD) is None
    assert host.value(WAIT) == "120"


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("nf_contrack", "this kernel (6.12.0-test) has no module nf_contrack; did you mean nf_conntrack?"),
        ("nonsense", "this kernel (6.12.0-test) has no module nonsense"),
        ("../x", "'../x' is not the name of a kernel module"),
        ("x\ny", "is not the name of a kernel module"),
    ],
)
def test_invalid_modules_are_refused(host: FakeHost, module: str, message: str) -> None:
    before = host.tree()
    assert message in reasons(host, "web", {FIN: 30}, modules=[module])["modules"]
    assert host.tree() == before


@pytest.mark.parametrize(("index", "state"), [(True, "missing"), (False, "unknown")])
def test_module_that_the_kernel_lacks_is_skipped(tmp_path: Path, index: bool, state: str) -> None:
    host = FakeHost(tmp_path)
    if index:
        host.put("/lib/modules/6.12.0-test/modules.dep", "")
    planned = present(host, "web", {FIN: 30}, modules=["br_netfilter"])
    assert modules_of(planned) == [(state, "skipped")]


@pytest.mark.parametrize("text", ["nf_conntrack\n", ""])
def test_foreign_file_in_place_of_the_modules_file(host: FakeHost, text: str) -> None:
    host.put(LOAD, text)
    with pytest.raises(ForeignFile, match="was not written by nettune.tcp"):
        present(host, "web", SETTINGS, modules=[MODULE])
    assert host.read_text(LOAD) == text


def test_edited_file_is_left_alone_and_listed(host: FakeHost) -> None:
    present(host, "web", SETTINGS, modules=[MODULE])
    host.put(LOAD, f"{host.read_text(LOAD)}tls\n")
    planned = absent(host, "web")
    assert [one["what"] for one in report.left_alone(planned.plan)] == [LOAD]
    assert (host.read_text(LOAD) or "").endswith("tls\n")


def test_missing_line_is_drift(host: FakeHost) -> None:
    planned = SysctlProfiles(host).present("web", SETTINGS, modules=[MODULE])
    result = {"settings": planned.rows}
    assert [one.what for one in differences.of_sysctl(result)] == [WAIT, MAX]
    present(host, "web", SETTINGS, modules=[MODULE])
    assert differences.of_sysctl({"settings": SysctlProfiles(host).present("web", SETTINGS).rows}) == []


def test_rounding_at_boot_of_a_parameter_that_did_not_exist_is_no_drift(host: FakeHost) -> None:
    settings = {BUCKETS: {"at_least": 2000500}}
    present(host, "web", settings, modules=[MODULE])
    written = host.read_text(WEB)
    load(host)
    host.set(BUCKETS, "2000896")  # at boot, by our line
    planned = present(host, "web", settings)
    assert (changed(planned), row(planned, BUCKETS)["status"]) == (False, "unchanged")
    assert row(planned, BUCKETS)["reason"] == "the kernel rounds 2000500 to 2000896"
    assert host.read_text(WEB) == written
    planned = absent(host, "web")
    assert report.left_alone(planned.plan) == []
    assert "gets its default at the next boot" in row(planned, BUCKETS)["reason"]


SKIPPED = "it is skipped unless nf_conntrack is loaded by then, which no file in /etc/modules-load.d does"


@pytest.mark.parametrize(
    ("path", "text", "known"),
    [
        ("/etc/modules-load.d/x.conf", "# x\nnf_conntrack\n", True),
        ("/usr/lib/modules-load.d/x.conf", "nf-conntrack", True),
        ("/etc/modules-load.d/x.conf", "#nf_conntrack\n; nf_conntrack\nbr_netfilter\n", False),
        ("/etc/modules-load.d/x", "nf_conntrack\n", False),
    ],
)
def test_line_for_a_module_that_is_loaded_later_may_be_skipped(
    host: FakeHost, path: str, text: str, known: bool
) -> None:
    load(host)
    host.put("/etc/sysctl.d/50-x.conf", f"{MAX} = 3000000\n")
    host.put(path, text)
    fact = gather(host, [MAX])["keys"][MAX]
    assert fact["boot_value"] == ("3000000" if known else None)
    assert fact["boot_reason"] == (None if known else f"not known: {SKIPPED}")
    assert fact["drift"] is known


def test_line_for_a_module_that_is_built_in_is_applied(host: FakeHost) -> None:
    load(host)
    host.put("/proc/modules", "")
    host.put("/lib/modules/6.12.0-test/modules.builtin", "kernel/net/netfilter/nf_conntrack.ko\n")
    host.put("/etc/sysctl.d/50-x.conf", f"{MAX} = 3000000\n")
    assert gather(host, [MAX])["keys"][MAX]["boot_value"] == "3000000"


def test_line_of_ours_without_its_module_is_not_known_at_boot(host: FakeHost) -> None:
    load(host)
    planned = present(host, "web", SETTINGS, modules=[])
    assert row(planned, WAIT)["status"] == "changed"
    assert row(planned, WAIT)["reason"] == f"the value at boot is not known: {SKIPPED}"
    assert row(planned, WAIT)["boot_after"] is None
    planned = present(host, "web", SETTINGS)
    assert (row(planned, WAIT)["boot_before"], row(planned, WAIT)["boot_after"]) == (None, "120")
