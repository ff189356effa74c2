# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans for the next boot: drop-ins and modules, other files and programs, parameters that do not exist yet."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.status import REFUSED, SKIPPED
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_modules import LOADED, MISSING, UNKNOWN
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import admit, modules, planner, profile_files
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.boot_programs import Programs
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.file_change import MARK, FileChange
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import EMPTY, Original, Profile, State
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.modules import Module
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.plan import Plan, Wish
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.resolve import Target
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host, Reading

FIN, SOMAXCONN = "net.ipv4.tcp_fin_timeout", "net.core.somaxconn"
CONNTRACK, CONNTRACK_MAX = "nf_conntrack", "net.netfilter.nf_conntrack_max"
WEB, DB = map(profile_files.path, ("web", "db"))
VALUES = {FIN: "60", SOMAXCONN: "4096"}


def host(values: dict[str, str] | None = None, **differs: Any) -> Host:
    readings = {name: Reading(value) for name, value in {**VALUES, **(values or {})}.items()}
    return Host("6.12.0", readings, boot_id="now")._replace(**differs)


def plan(settings: dict[str, Any], on: Host, journal: State = EMPTY, **options: Any) -> Plan:
    judged = tuple(admit.admit(settings, on, boot_modules=frozenset({CONNTRACK})))
    return planner.calculate(Wish("web", judged, **options), on, journal)


def reverted(on: Host, journal: State) -> Plan:
    return planner.calculate(Wish(remove=frozenset({"web"})), on, journal)


def floor(value: str) -> Request:
    return Request("at_least", value)


def exact(value: str) -> Request:
    return Request("value", value)


def ours(before: str, value: str) -> Original:
    return Original(before, (value,), (value,), value)


@pytest.mark.parametrize("persistent", [True, False])
def test_profile_in_the_journal(persistent: bool) -> None:
    named = (
        Module(CONNTRACK, MISSING),
        Module("tcp_bbr", LOADED),
        Module("bonding", UNKNOWN, SKIPPED, "it is not known whether it could be loaded"),
    )
    found = plan({FIN: 30}, host(), modules=named, persistent=persistent)
    to_load = (CONNTRACK, "tcp_bbr") if persistent else ()
    assert found.after.profiles["web"] == Profile(
        {FIN: exact("30")},
        persistent=persistent,
        texts=tuple(one.after for one in found.files if one.path == WEB),
        boot_id="now",
        modules=to_load,
        module_texts=(modules.text("web", to_load),) if persistent else (),
    )
    assert [one.path for one in found.files] == [WEB, modules.path("web")] * persistent
    assert found.outcomes[FIN].target.line == ("30" if persistent else None)


def test_profile_without_modules_has_no_file_for_them() -> None:
    assert [one.path for one in plan({FIN: 30}, host()).files] == [WEB]


def test_refused_modules_are_refused_options() -> None:
    named = (
        Module("nf_contrack", MISSING, REFUSED, "no such module"),
        Module("bonding", UNKNOWN, SKIPPED, "not known"),
        Module("tcp_bbr", LOADED),
    )
    assert plan({FIN: 30}, host(), modules=named).refused == (("modules", "no such module"),)


def test_only_persistent_profiles_decide_the_line() -> None:
    journal = State({"db": Profile({SOMAXCONN: floor("8192")})}, {SOMAXCONN: ours("4096", "8192")})
    found = plan({SOMAXCONN: {"at_least": 16384}}, host({SOMAXCONN: "8192"}), journal, persistent=False)
    target = found.outcomes[SOMAXCONN].target
    assert (target.value, target.line) == ("16384", "8192")


@pytest.mark.parametrize(
    ("profiles", "path"),
    [
        ({"web": Profile({FIN: floor("70")})}, WEB),
        ({"db": Profile({FIN: floor("70")})}, DB),
        # The journal was lost, but the drop-in is there.
        ({}, WEB),
    ],
)
def test_own_drop_ins_are_not_those_of_others(profiles: dict[str, Profile], path: str) -> None:
    keys = {FIN: ours("60", "70")} if profiles else {}
    on = host({FIN: "70"}, boot_files={path: f"{MARK}\n{FIN} = 70\n"})
    assert plan({FIN: {"at_least": 70}}, on, State(profiles, keys)).outcomes[FIN].target.line == "70"
    elsewhere = host({FIN: "70"}, boot_files={"/etc/sysctl.d/a.conf": f"{FIN} = 70\n"})
    assert plan({FIN: {"at_least": 70}}, elsewhere, State(profiles, keys)).outcomes[FIN].target.line is None


def test_module_that_our_file_may_load_does_not_make_the_line_of_another_file_uncertain() -> None:
    on = host(
        {CONNTRACK_MAX: "300000"},
        boot_files={"/etc/sysctl.d/a.conf": f"{CONNTRACK_MAX} = 300000\n"},
        programs=Programs(modules=frozenset({CONNTRACK})),
    )
    found = plan({CONNTRACK_MAX: {"at_least": 262144}}, on)
    assert found.outcomes[CONNTRACK_MAX].target.line is None
    assert "unless nf_conntrack is loaded by then" in found.outcomes[CONNTRACK_MAX].boot_before.unknown


def test_what_cannot_be_read_may_set_the_value_at_boot() -> None:
    found = plan({FIN: 30}, host(programs=Programs(unread={"/etc/sysctl.d": "Permission denied"})))
    assert found.outcomes[FIN].boot_before.unknown == "Permission denied"
    assert found.outcomes[FIN].boot_after.unknown == "Permission denied"


def test_line_that_take_over_cannot_comment_out_is_refused() -> None:
    on = host(boot_files={"/usr/lib/sysctl.d/zz.conf": f"{FIN} = 60\n{SOMAXCONN} = 4096\n"})
    found = plan({FIN: 30}, on, take_over=True)
    assert "take_over only changes files below /etc" in found.outcomes[FIN].refused
    # A value that is a hazard is refused for that.
    assert plan({SOMAXCONN: 1024}, on, take_over=True).outcomes[SOMAXCONN].refused.startswith("hazard ")


def test_drop_in_that_an_interrupted_run_left_is_removed() -> None:
    trial = Profile({FIN: exact("30")}, persistent=False, texts=("text",), boot_id="then")
    path = profile_files.path("trial")
    journal = State({"trial": trial}, {FIN: ours("60", "30")})
    found = plan({SOMAXCONN: 8192}, host({FIN: "30"}, boot_files={path: "text"}), journal)
    assert FileChange(path, "text", None) in found.files
    assert dict(found.writes)[FIN].after == "60"


def test_drop_in_of_another_profile_changes_with_a_value_that_is_reverted() -> None:
    profiles = {
        "web": Profile({SOMAXCONN: floor("16384")}),
        "db": Profile({SOMAXCONN: floor("8192")}, texts=("old",)),
    }
    on = host({SOMAXCONN: "16384"}, boot_files={DB: "old"})
    found = reverted(on, State(profiles, {SOMAXCONN: ours("4096", "16384")}))
    (changed,) = found.files
    assert changed.path == DB
    assert changed.after.endswith(f"{SOMAXCONN} = 8192\n")


@pytest.mark.parametrize(
    ("running", "target"),
    # Someone else has set 45 since.
    [("30", Target("60", None, "60")), ("60", Target("60", None, "60")), ("45", None)],
)
def test_target_of_a_parameter_that_is_reverted(running: str, target: Target | None) -> None:
    journal = State({"web": Profile({FIN: exact("30")})}, {FIN: ours("60", "30")})
    found = reverted(host({FIN: running}), journal)
    assert found.outcomes[FIN].target == target
    assert [name for name, _change in found.writes] == [FIN] * (running == "30")
    assert found.outcomes[FIN].is_ours is (running == "30")
    assert found.outcomes[FIN].refused == ""


def test_parameter_that_the_next_boot_creates() -> None:
    found = plan({CONNTRACK_MAX: 300000}, host())
    outcome = found.outcomes[CONNTRACK_MAX]
    assert (outcome.running, outcome.refused) == (None, "")
    assert outcome.target == Target("300000", "300000", "300000", "takes effect when nf_conntrack is loaded")
    assert outcome.boot_after.value == "300000"
    assert found.writes == ()


@pytest.mark.parametrize(("persistent", "refused"), [(True, True), (False, False)])
def test_profiles_that_disagree_about_a_parameter_that_the_next_boot_creates(persistent: bool, refused: bool) -> None:
    # Without a drop-in, the other profile requests nothing at boot.
    other = Profile({CONNTRACK_MAX: exact("200000")}, persistent=persistent, boot_id="now")
    found = plan({CONNTRACK_MAX: 300000}, host(), State({"db": other}, {}))
    assert bool(found.conflicts) is refused
    assert ("profile db requests '200000'" in found.outcomes[CONNTRACK_MAX].refused) is refused


def test_parameter_whose_module_was_unloaded_is_not_reverted() -> None:
    journal = State({"web": Profile({CONNTRACK_MAX: exact("300000")})}, {CONNTRACK_MAX: ours("262144", "300000")})
    found = reverted(host(), journal)
    assert (found.outcomes[CONNTRACK_MAX].target, found.outcomes[CONNTRACK_MAX].refused) == (None, "")
    assert (found.writes, found.after) == ((), EMPTY)


def test_line_of_another_profile_changes_although_the_module_was_unloaded() -> None:
    profiles = {
        "web": Profile({CONNTRACK_MAX: floor("400000")}),
        "db": Profile({CONNTRACK_MAX: floor("300000")}, texts=("old",)),
    }
    journal = State(profiles, {CONNTRACK_MAX: ours("262144", "400000")})
    found = reverted(host(boot_files={DB: "old"}), journal)
    assert found.outcomes[CONNTRACK_MAX].boot_after.value == "300000"
    assert found.after.keys[CONNTRACK_MAX] == ours("262144", "400000")._replace(line="300000")


def test_nonpersistent_profile_requests_nothing_of_a_parameter_whose_module_was_unloaded() -> None:
    requests = {CONNTRACK_MAX: exact("300000"), FIN: exact("30")}
    journal = State(
        {"web": Profile(requests, persistent=False, boot_id="now")},
        {CONNTRACK_MAX: ours("262144", "300000"), FIN: ours("60", "30")},
    )
    again = Wish("web", tuple(admit.recall(requests, host())), persistent=False)
    found = planner.calculate(again, host({FIN: "30"}), journal)
    assert (found.outcomes[CONNTRACK_MAX].target, found.outcomes[CONNTRACK_MAX].refused) == (None, "")
    assert (found.writes, found.files) == ((), ())
