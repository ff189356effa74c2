# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake hosts that faults are injected into, and what the scenarios do with them."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable, Iterable

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed, NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import take_back
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import report
from ansible_collections.nettune.tcp.plugins.module_utils._trial import request as trial_request
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host import trials as trials_module
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host.run import Clock
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host.trials import Trials
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import Site
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.trial_runs import OPTIONS, Facts

from .injection import Injection

VALUES = {
    "kernel.osrelease": "6.12.0-test",
    "kernel.random.boot_id": "first boot",
    "net.ipv4.ip_local_port_range": "32768\t60999",
    "net.ipv4.ip_local_reserved_ports": "",
    "net.ipv4.ip_unprivileged_port_start": "1024",
    "net.ipv4.tcp_fin_timeout": "60",
    "net.ipv4.tcp_keepalive_time": "7200",
    "net.netfilter.nf_conntrack_buckets": "65536",
}
SETTINGS = {
    "net.ipv4.tcp_fin_timeout": 30,
    "net.ipv4.ip_local_port_range": "10240 65535",
    "net.ipv4.ip_local_reserved_ports": {"include": ["listeners", 20000]},
    "net.netfilter.nf_conntrack_buckets": {"at_least": 65537},
}
OTHER_SETTINGS = {"net.ipv4.tcp_fin_timeout": 20, "net.ipv4.tcp_keepalive_time": 600}
LINE_OF_OPERATOR = "/etc/sysctl.d/zz-local.conf"
TEXTFILES = "/srv/textfiles"


def sysctl_host(root: Path) -> FakeHost:
    """Return a host with a line that a profile can take over."""
    host = FakeHost(root, VALUES)
    host.listen(12000)
    host.put("/proc/modules", "nf_conntrack 200704 1 - Live 0x0\n")
    host.put(LINE_OF_OPERATOR, "net.ipv4.tcp_fin_timeout = 45\n")
    return host


def textfile_host(root: Path) -> FakeHost:
    """Return a host with a directory for node_exporter."""
    host = FakeHost(root, VALUES)
    Path(host.locate(TEXTFILES)).mkdir(parents=True)
    return host


class LimitsHost(nofile_host.FakeHost):
    """A host with sshd, and with nginx, where prlimit(2) and daemon-reload can fail."""

    def __init__(self, root: Path) -> None:
        self.injection: Injection | None = None
        super().__init__(root)
        self.process(50, "sshd", unit="ssh.service")
        self.unit("nginx.service")
        self.process(812, "nginx", unit="nginx.service")
        self.process(813, "nginx", unit="nginx.service", uid=33)

    def _prlimit(self, pid: int, which: int, pair: tuple[int, int]) -> None:
        if self.injection is not None:
            self.injection.step("prlimit", f"/proc/{pid}")
        super()._prlimit(pid, which, pair)

    def _run(self, command: Iterable[str]) -> tuple[int, str]:
        try:
            if self.injection is not None:
                self.injection.step("daemon-reload")
        except OSError as error:
            return 1, str(error)
        return super()._run(command)


class ConfirmSite(Site):
    """A host whose changes can be pending. Its clock is that of this machine, some time ago."""

    def __init__(self, root: Path) -> None:
        host = sysctl_host(root)
        super().__init__(host, host)
        self.clock = time.monotonic() - 600

    def _run(self, profiles: Any, options: dict[str, Any], check: bool) -> Any:
        """Do what the module does. Raises ApplyFailed with what is refused."""
        with profiles.lock():
            todo = profiles.plan(options)
            refused = report.refusals(todo.planned.rows)
            if refused:
                raise ApplyFailed(refused)
            return profiles.carry_out(todo)

    def expire(self) -> None:
        """Do what the waiting process does after the deadline. Raises ApplyFailed if it gives up."""
        take_back._RETRY = 0.0
        take_back.wait(self.script_host, 0.0, {"unit": "none"})
        if self.log and "tries again" in self.log[-1]:
            raise ApplyFailed(self.log[-1])


class _NoWaiting(Clock):
    """A clock that advances only while it sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0

    def seconds(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += max(0.0, seconds)


def _run_worker(work: Callable[[], object], keep: object) -> None:
    """Run a worker, which ends with no message if it cannot save its trial."""
    with suppress(NettuneError, OSError):
        work()


class TrialHost(FakeHost):
    """A host on which a trial runs in the process that starts it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, VALUES)

    def trials(self) -> Trials:
        trials_module.Clock = _NoWaiting
        trials_module.watchdog.start = lambda *_words, **_named: 1
        trials_module.start_detached = _run_worker
        trials_module.syslog.syslog = lambda _text: None
        return Trials(self, Facts(self))

    def run_trial(self) -> None:
        """Run a trial, in place of an earlier one. Raises ApplyFailed if it ends early."""
        trials = self.trials()
        trials.remove("x")
        asked = trial_request.from_options({**OPTIONS, "keep": "best"})
        trials.start(asked, accept_hazards=frozenset())
        ended: Any = trials.find("x")
        if ended is None or ended.status != "done":
            raise ApplyFailed(f"{ended and ended.status}: {ended and ended.reason}; {ended and ended.left}")
