# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs in which every system call fails once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._common.status import SKIPPED
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._textfile.host.textfile import Textfile
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost

from .hosts import OTHER_SETTINGS, SETTINGS, TEXTFILES, ConfirmSite, LimitsHost, TrialHost, sysctl_host, textfile_host

Run = Callable[[Any], object]


class Scenario(NamedTuple):
    """untouched, prepare: make a host below a directory, as without us and as it is before the run.

    act: the run. revert: a run that restores the untouched host. same_journal: whether a run that is repeated after a
    fault leaves the journal that a run without a fault leaves.
    """

    name: str
    title: str
    untouched: Callable[[Path], Any]
    prepare: Callable[[Path], Any]
    act: Run
    revert: Run
    same_journal: bool = True


def _after(make: Callable[[Path], Any], *runs: Run) -> Callable[[Path], Any]:
    """Return what makes a host on which these runs were done."""

    def prepare(root: Path) -> Any:
        host = make(root)
        for run in runs:
            run(host)
        return host

    return prepare


def _apply(host: FakeHost) -> None:
    _carry_out(host, lambda profiles: profiles.present("web", SETTINGS))


def _change(host: FakeHost) -> None:
    _carry_out(host, lambda profiles: profiles.present("web", OTHER_SETTINGS, take_over=True))


def _revert(host: FakeHost) -> None:
    _carry_out(host, lambda profiles: profiles.absent(None))


def _carry_out(host: FakeHost, plan: Callable[[SysctlProfiles], Any]) -> None:
    """Do what the module does. Raises ApplyFailed with what is refused."""
    profiles = SysctlProfiles(host)
    with profiles.lock():
        planned = plan(profiles)
        refused = report.refusals(planned.rows)
        if refused:
            raise ApplyFailed(refused)
        profiles.carry_out(planned)
        skipped = [
            row.get("boot_reason") or row["reason"]
            for row in planned.rows
            if "boot_reason" in row or row["status"] == SKIPPED
        ]
        if skipped:
            raise ApplyFailed(f"skipped, or not known at boot: {'; '.join(skipped)}")


def _limits(host: LimitsHost) -> None:
    _none_refused(nofile_host.apply(host, nofile_host.request(Limit(2000000, 2000000))))


def _revert_limits(host: LimitsHost) -> None:
    _none_refused(nofile_host.revert(host, None))


def _none_refused(result: dict[str, Any]) -> None:
    """Raise ApplyFailed for what the result lists as refused by the kernel, or as not applicable."""
    if result["refused"]:
        raise ApplyFailed(f"refused, and the journal still has the changes: {result['refused']}")
    if result["not_applicable"]:
        raise ApplyFailed(f"skipped: {result['not_applicable']}")


def _arm(site: ConfirmSite) -> None:
    site.sysctl(settings=SETTINGS, confirm_within=60)


def _confirm(site: ConfirmSite) -> None:
    site.sysctl(state="confirmed")


def _expire(site: ConfirmSite) -> None:
    site.expire()


def _revert_pending(site: ConfirmSite) -> None:
    site.sysctl(state="absent", name=None)


def _revert_late(site: ConfirmSite) -> None:
    site.clock += 100
    _revert_pending(site)


def _trial(host: TrialHost) -> None:
    host.run_trial()


def _remove_trial(host: TrialHost) -> None:
    host.trials().remove("x")


def _remove_all(host: TrialHost) -> None:
    _remove_trial(host)
    _revert(host)  # any later run removes what a trial that was killed at its start has left


def _write_metrics(host: FakeHost) -> None:
    with Textfile(host).lock():
        Textfile(host).write(TEXTFILES, "nettune_tcp_up 1\n")


def _write_other_metrics(host: FakeHost) -> None:
    with Textfile(host).lock():
        Textfile(host).write(TEXTFILES, "nettune_tcp_up 0\n")


def _remove_metrics(host: FakeHost) -> None:
    with Textfile(host).lock():
        Textfile(host).remove()


SCENARIOS = (
    Scenario("apply", "`sysctl_profile` applies a profile", sysctl_host, sysctl_host, _apply, _revert),
    Scenario(
        "change",
        "`sysctl_profile` changes a profile, with `take_over`",
        sysctl_host,
        _after(sysctl_host, _apply),
        _change,
        _revert,
    ),
    Scenario(
        "revert", "`sysctl_profile` reverts a profile", sysctl_host, _after(sysctl_host, _change), _revert, _revert
    ),
    Scenario("limits", "`nofile_limits` applies a profile", LimitsHost, LimitsHost, _limits, _revert_limits),
    Scenario(
        "revert_limits",
        "`nofile_limits` reverts a profile",
        LimitsHost,
        _after(LimitsHost, _limits),
        _revert_limits,
        _revert_limits,
    ),
    Scenario("arm", "A change with `confirm_within`", ConfirmSite, ConfirmSite, _arm, _revert_late, False),
    Scenario(
        "confirm",
        "The confirmation of such a change",
        ConfirmSite,
        _after(ConfirmSite, _arm),
        _confirm,
        _revert_pending,
    ),
    Scenario(
        "expire",
        "The automatic rollback of such a change",
        ConfirmSite,
        _after(ConfirmSite, _arm),
        _expire,
        _revert_late,
    ),
    Scenario("trial", "`sysctl_trial` runs a trial", TrialHost, TrialHost, _trial, _remove_all),
    Scenario(
        "remove_trial",
        "`sysctl_trial` reverts a value that it kept",
        TrialHost,
        _after(TrialHost, _trial),
        _remove_trial,
        _remove_all,
    ),
    Scenario(
        "textfile",
        "`metrics` replaces its file for node_exporter",
        textfile_host,
        _after(textfile_host, _write_metrics),
        _write_other_metrics,
        _remove_metrics,
    ),
    Scenario(
        "remove_textfile",
        "`revert` removes that file",
        textfile_host,
        _after(textfile_host, _write_metrics),
        _remove_metrics,
        _remove_metrics,
    ),
)
