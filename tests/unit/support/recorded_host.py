# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts with files captured in tests/fixtures/journals, or laid out from there: see its README.md."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.process import WaitingProcess
from ansible_collections.nettune.tcp.plugins.module_utils._trial import request as trial_request
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host.trials import Trials
from ansible_collections.nettune.tcp.tests.unit.support import namespaces, nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import Site
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import ALIVE, FIN, assert_none_refused
from ansible_collections.nettune.tcp.tests.unit.support.trial_runs import OPTIONS, Facts

OTHER_FILE = "/etc/sysctl.d/99-zz-zz.conf"
# Process ids on the host: one in a network namespace of its own, and the one that waits for a deadline.
NAMESPACED, NAMESPACE, WAITING = 812, 77, 4242


class RecordedHost:
    """A fake host below `root`. run() runs a task as its module does."""

    def __init__(self, root: Path, kind: str) -> None:
        self.root, self.kind = root, kind
        if kind == "nofile":
            host = nofile_host.web_host(root)
            host.write("/proc/sys/net/ipv4/tcp_fin_timeout", "60\n")
            self.site = Site(host, host.files)
        else:
            host = FakeHost(root)
            host.listen(8080)
            host.put("/proc/modules", "nf_conntrack 176128 1 - Live 0x0\n")
            host.put("/lib/modules/6.12.0-test/modules.dep", "kernel/net/netfilter/nf_conntrack.ko.xz:\n")
            host.put(OTHER_FILE, f"# of the site\n{ALIVE} = 1\n-{FIN} = 98\n{FIN}=97")
            os.chmod(host.locate(OTHER_FILE), 0o640)
            namespaces.put_process(host, NAMESPACED, NAMESPACE)
            namespaces.put_process(host, WAITING, 1)
            self.site = Site(host, host)
        self.site.process = WaitingProcess(
            self.site.files,
            run=lambda _command: (0, ""),
            start=lambda _script: (0, str(WAITING)),
            kill=lambda _pid, _signal: None,
            python="/usr/bin/python3",
        )
        self.other = namespaces.FakeNamespace(host) if kind == "namespace" else None

    def run(self, module: str, options: dict[str, Any]) -> None:
        """Run one task. Raises what the module would report."""
        if module == "sysctl_trial":
            self._try(options)
        elif self.other is not None:
            self._elsewhere(options)
        elif module == "sysctl_profile":
            assert_none_refused(self.site.sysctl(**options).planned)
        else:
            self.site.nofile(**options)

    def state(self) -> dict[str, dict[str, str]]:
        """Return the text of each file of /proc that a run may write, and the mode of every other path."""
        values = [path for one in ("sys/**/*", "other/**/*", "*/limits") for path in self.root.glob(f"proc/{one}")]
        paths = [path for path in self.root.rglob("*") if path.relative_to(self.root).parts[0] != "proc"]
        return {
            "values": {self._named(path): path.read_text() for path in sorted(values) if path.is_file()},
            "modes": {self._named(path): f"{path.stat().st_mode & 0o7777:04o}" for path in sorted(paths)},
        }

    def files(self) -> dict[str, bytes]:
        """Return the bytes of each file that is not below /proc, by path."""
        paths = [self.root / name.lstrip("/") for name in self.state()["modes"]]
        return {self._named(path): path.read_bytes() for path in paths if path.is_file()}

    def save(self, place: Path) -> dict[str, dict[str, str]]:
        """Copy the files to `place` and return state()."""
        for name, content in self.files().items():
            target = place / name.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return self.state()

    def lay_out(self, place: Path, state: dict[str, dict[str, str]]) -> None:
        """Copy the files saved at `place`, and the values of `state`, to this new host."""
        for name, mode in state["modes"].items():
            saved, path = place / name.lstrip("/"), self.root / name.lstrip("/")
            path.write_bytes(saved.read_bytes()) if saved.is_file() else path.mkdir(exist_ok=True)
            path.chmod(int(mode, 8))
        for name, text in state["values"].items():
            (self.root / name.lstrip("/")).write_text(text)

    def _named(self, path: Path) -> str:
        return f"/{path.relative_to(self.root)}"

    def _try(self, options: dict[str, Any]) -> None:
        trials = Trials(self.site.files, Facts(self.site.host))
        if options.get("state") == "absent":
            trials.remove(options["name"])
            return
        trials.start(trial_request.from_options({**OPTIONS, **options}), accept_hazards=frozenset())
        trials.wait(options["name"])

    def _elsewhere(self, options: dict[str, Any]) -> None:
        network = namespaces.network(self.site.host, self.other)
        if options.get("state") == "absent":
            namespaces.absent(self.site.host, network)
        else:
            namespaces.present(self.site.host, network, options["settings"])
