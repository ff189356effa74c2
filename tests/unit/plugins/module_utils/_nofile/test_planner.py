# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans on a host in memory: which processes change, the order of the steps, and the journal afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.limits_conf import Account
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import planner, profile_files
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.journal import Raised, State, Written
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.profile_files import LeftAlone
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.snapshot import Found, Host, Parent, Process, Unit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.steps import (
    MakeDirectory,
    Reload,
    RemoveDirectory,
    RemoveFile,
    SetLimit,
    WriteFile,
)

INIT = Parent("PID 1", Limit(1048576, 1048576))
SSHD = Parent("sshd", Limit(1024, 524288))
DEFAULT, FLOOR, RAISED = Limit(1024, 524288), Limit(8192, 8192), Limit(8192, 524288)
UNIT_FILE = ("/lib/systemd/system/{}", "[Service]\nExecStart=/bin/true\n")
LIMITS, DROP_IN = profile_files.limits_file("web"), profile_files.drop_in("web", "a.service")
DIRECTORIES = frozenset(
    ["/etc", "/etc/security", "/etc/security/limits.d", "/etc/systemd", "/etc/systemd/system"]
    + [f"/etc/systemd/system/{name}.service.d" for name in "ab"]
)
WEB = Request(FLOOR, services=("a.service",))
OF_USER = Request(FLOOR, users=("www",))


def process(pid: int, unit: str = "a.service", limit: Limit = DEFAULT, **more: Any) -> Process:
    return Process(pid, pid * 10, "nginx", unit, limit, **more)


def raised(pid: int, ours: Limit = RAISED, unit: str = "a.service") -> Raised:
    return Raised(pid, pid * 10, unit, DEFAULT, (ours,))


def host(*processes: Process, **more: Any) -> Host:
    units = {name: Unit(name, ((UNIT_FILE[0].format(name), UNIT_FILE[1]),)) for name in ("a.service", "b.service")}
    found = {path: Found(None) for path in (LIMITS, DROP_IN, profile_files.drop_in("web", "b.service"))}
    given = {"processes": processes, "found": found, "units": units, "directories": DIRECTORIES, "boot_id": "boot"}
    accounts = {"www": Account("www", 33, 33, {"www": 33})}
    return Host(1048576, (SSHD,), INIT, accounts=accounts, **{**given, **more})


def state(**more: Any) -> State:
    return State(**{"boot_id": "boot", **more})


def limits(plan: Any) -> dict[int, Limit]:
    return {one.process.pid: one.after for one in plan.actions if isinstance(one, SetLimit)}


def kinds(plan: Any) -> list[type]:
    return [type(action) for action in plan.actions]


def test_files_come_first_then_one_reload_then_limits() -> None:
    wanted = Request(FLOOR, users=("www",), services=("a.service", "b.service"))
    plan = planner.present("web", wanted, host(process(7), process(8, "b.service")), state())
    assert kinds(plan) == [WriteFile, WriteFile, WriteFile, Reload, SetLimit, SetLimit]
    assert (plan.left_alone, plan.warnings) == ((), ())
    assert plan.after == State(
        {"web": wanted},
        {path: Written("web", (text or "",)) for path, text in plan.texts().items()},
        (),
        (raised(7), raised(8, unit="b.service")),
        SSHD.limit,
        False,
        "boot",
    )


def test_processes_of_other_services_are_left_alone() -> None:
    running = process(7), process(8, "b.service"), process(9, "", Limit(10, 10))
    plan = planner.present("web", WEB, host(*running), state())
    assert limits(plan) == {7: RAISED}
    assert [change.process.pid for change in plan.live] == [7]


def test_process_with_enough_is_no_step() -> None:
    plan = planner.present("web", WEB, host(process(7, limit=Limit(9000, 9000))), state())
    assert (limits(plan), plan.after.raised) == ({}, ())


def test_process_whose_service_is_no_longer_named_gets_its_limit_back() -> None:
    before = state(profiles={"web": Request(FLOOR, services=("a.service", "b.service"))}, raised=(raised(8),))
    plan = planner.present("web", WEB, host(process(7), process(8, "b.service", RAISED)), before)
    assert limits(plan) == {7: RAISED, 8: DEFAULT}
    assert plan.after.raised == (raised(7),)
    # The same number with another start is another process.
    other = process(8, "b.service", RAISED)._replace(start=1)
    assert limits(planner.present("web", WEB, host(other), before)) == {}


def test_highest_floor_of_the_profiles_that_change_processes_counts() -> None:
    higher = WEB._replace(floor=Limit(16384, 16384))
    both = state(profiles={"mail": higher})
    assert limits(planner.present("web", WEB, host(process(7)), both)) == {7: Limit(16384, 524288)}
    quiet = state(profiles={"mail": higher._replace(live=False)})
    assert limits(planner.present("web", WEB, host(process(7)), quiet)) == {7: RAISED}


def test_without_live_only_files_change() -> None:
    plan = planner.present("web", WEB._replace(live=False), host(process(7)), state())
    assert (kinds(plan), plan.live, plan.after.raised) == ([WriteFile, Reload], (), ())


def test_host_on_which_no_process_has_a_known_service() -> None:
    plan = planner.present("web", WEB, host(processes=None), state())
    assert (kinds(plan), plan.live) == ([WriteFile, Reload], ())
    assert planner.absent(["web"], host(processes=None), state(profiles={"web": WEB})).actions == ()


@pytest.mark.parametrize(
    ("wanted", "systemd", "is_due", "reloads"),
    [
        (WEB, True, False, 1),
        (WEB, False, False, 0),
        (OF_USER, True, False, 0),
        # An earlier run was interrupted before its reload.
        (OF_USER, True, True, 1),
        (OF_USER, False, True, 0),
    ],
)
def test_reload_only_for_drop_ins(wanted: Request, systemd: bool, is_due: bool, reloads: int) -> None:
    plan = planner.present("web", wanted, host(systemd=systemd), state(reload=is_due))
    assert kinds(plan).count(Reload) == reloads
    assert plan.after.reload is False


def test_making_a_directory_alone_needs_no_reload() -> None:
    (path,) = ["/etc/security/limits.d"]
    plan = planner.present("web", OF_USER, host(directories=DIRECTORIES - {path}), state())
    assert kinds(plan) == [MakeDirectory, WriteFile]


def test_removing_an_empty_directory_alone_needs_no_reload() -> None:
    directory = "/etc/systemd/system/a.service.d"
    plan = planner.absent(["web"], host(), state(profiles={"web": WEB}, directories=(directory,)))
    assert plan.actions == (RemoveDirectory(directory),)


@pytest.mark.parametrize("is_persistent", [True, False])
def test_limit_that_logins_inherited_is_kept_while_anything_is_ours(is_persistent: bool) -> None:
    wanted = WEB._replace(persistent=is_persistent)
    assert planner.present("web", wanted, host(process(7)), state()).after.logins == SSHD.limit
    assert planner.present("web", WEB, host(), state()).after.logins == SSHD.limit
    plan = planner.present("web", wanted._replace(persistent=False), host(), state())
    assert (plan.after.files, plan.after.raised, plan.after.logins) == ({}, (), None)


def applied(*rows: Raised, name: str = "web", **more: Any) -> tuple[dict[str, Any], State]:
    """Return what a host has with the profile applied, and its journal."""
    plan = planner.present(name, WEB, host(), state())
    files = plan.after.files
    found = {path: Found(row.texts[-1]) for path, row in files.items()}
    return {"found": {**host().found, **found}}, state(profiles={name: WEB}, files=files, raised=rows, **more)


def test_revert_removes_files_and_restores_limits() -> None:
    there, before = applied(raised(7))
    plan = planner.absent(["web"], host(process(7, limit=RAISED), process(8), **there), before)
    assert kinds(plan) == [RemoveFile, Reload, SetLimit]
    assert limits(plan) == {7: DEFAULT}
    assert [change.process.pid for change in plan.live] == [7]
    assert plan.after == state()
    assert plan.left_alone == ()


def started(there: dict[str, Any], *processes: Process) -> Host:
    """Return a host whose service has started with our drop-in."""
    name = "a.service"
    files = (*host().units[name].files, (DROP_IN, there["found"][DROP_IN].text))
    return host(*processes, **there, units={**host().units, name: Unit(name, files)})


def test_revert_restores_processes_that_started_with_our_limit() -> None:
    there, before = applied()
    plan = planner.absent(["web"], started(there, process(7, limit=RAISED), process(8, limit=Limit(9, 9))), before)
    assert limits(plan) == {7: DEFAULT}
    # The journal has them before the change, so that a run that is killed can be repeated.
    assert plan.before.raised == (raised(7),)
    assert plan.after == state()


def test_revert_names_processes_that_started_with_our_limit_if_none_may_change() -> None:
    there, before = applied()
    before = before._replace(profiles={"web": WEB._replace(live=False)})
    plan = planner.absent(["web"], started(there, process(7, limit=RAISED)), before)
    assert (limits(plan), plan.before.raised) == ({}, ())
    reason = f"keeps {RAISED} until it restarts: running processes are not changed with live: false"
    assert plan.left_alone == (LeftAlone("nginx[7]", str(DEFAULT), str(RAISED), reason),)


def test_revert_leaves_an_edited_file_and_names_it() -> None:
    there, before = applied()
    there["found"][DROP_IN] = Found("edited")
    plan = planner.absent(["web"], host(**there), before)
    assert (plan.actions, [row.what for row in plan.left_alone]) == ((), [DROP_IN])
    assert plan.warnings == ()
    # A run that applies the profile without this file has no list for it, so it warns.
    plan = planner.present("web", OF_USER, host(**there), before)
    assert len(plan.warnings) == 1
    assert DROP_IN in plan.warnings[0]


def test_revert_of_another_profile_changes_nothing() -> None:
    there, before = applied(raised(7))
    plan = planner.absent(["mail"], host(process(7, limit=RAISED), **there), before)
    assert (plan.actions, plan.after.profiles, plan.after.raised) == ((), {"web": WEB}, (raised(7),))


def test_revert_lists_limits_that_stay() -> None:
    rows = raised(7), raised(8)
    changed, busy = process(7, limit=Limit(5000, 5000)), process(8, limit=RAISED, descriptors=4000)
    _there, before = applied(*rows)
    plan = planner.absent(["web"], host(changed, busy), before)
    assert limits(plan) == {}
    assert plan.left_alone == (
        LeftAlone(
            "nginx[8]", str(DEFAULT), str(RAISED), f"keeps {RAISED} until it restarts: it holds 4000 descriptors"
        ),
        LeftAlone("nginx[7]", str(RAISED), "5000:5000", "changed by someone else since"),
    )
    # While a profile is applied, that is no news.
    assert planner.present("web", WEB, host(changed, busy), before).left_alone == ()


@pytest.mark.parametrize("is_reverted", [False, True])
def test_daemon_that_runs_with_our_limit_counts_with_the_one_before(is_reverted: bool) -> None:
    """Otherwise the next run would record ours as the original one."""
    before = state(profiles={"web": WEB, "mail": WEB}, raised=(raised(7),), logins=DEFAULT)
    there = host(process(7, limit=RAISED))._replace(login_daemons=(Parent("sshd", RAISED),))
    plan = planner.absent(["web"], there, before) if is_reverted else planner.present("web", WEB, there, before)
    assert plan.after.logins == DEFAULT
    assert plan.host.login_daemons == (Parent("sshd", DEFAULT),)


def test_limits_of_an_earlier_boot_are_not_restored() -> None:
    before = state(profiles={"web": WEB._replace(persistent=False)}, raised=(raised(7),))._replace(boot_id="earlier")
    plan = planner.absent(["web"], host(process(7, limit=RAISED)), before)
    assert (plan.actions, plan.after.boot_id) == ((), "boot")
    plan = planner.present("mail", OF_USER, host(process(7, limit=RAISED)), before)
    assert (limits(plan), list(plan.after.profiles)) == ({}, ["mail"])


def test_profiles_that_left_something() -> None:
    found = {
        profile_files.limits_file("stray"): Found("x"),
        "/etc/security/limits.d/other.conf": Found("x"),
    }
    before = state(profiles={"web": WEB}, files={LIMITS: Written("gone", ("x",))})
    assert planner.profiles_known(before, host(found=found)) == ("gone", "stray", "web")
    assert planner.profiles_known(state(), host(found={})) == ()
