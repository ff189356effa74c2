# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply ten random profiles on a host with other files, and revert all of them. Runs on a local test host only.

    python3 random_profiles.py SEEDS [FIRST]

Everything below /etc and /proc/sys/net must be as before, byte for byte, except for values and files changed by someone
else, which must be listed. Prints the steps of each seed that fails.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[5]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "lab")]

from machine import changed_files, file_tree, machine_sysctls

from plugins.module_utils._common.errors import NettuneError
from plugins.module_utils._formats import sysctl_conf
from plugins.module_utils._host.files import HostFiles
from plugins.module_utils._nofile import request
from plugins.module_utils._nofile.host.profiles import NofileProfiles
from plugins.module_utils._sysctl import report
from plugins.module_utils._sysctl.host.profiles import SysctlProfiles

FIN, TIME, RANGE = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_time", "net.ipv4.ip_local_port_range"
CHOICES: dict[str, list[Any]] = {
    FIN: [30, 20, {"at_most": 45}, {"at_least": 90}],
    TIME: [600, 1200, {"at_most": 900}],
    RANGE: ["1024 65535", "10000 61000", "500 60999"],
    "net.ipv4.ip_unprivileged_port_start": [0, 80, 400],
    "net.ipv4.ip_local_reserved_ports": [{"include": ["listeners"]}, {"include": [80, "8000-8010"]}, "443,7005"],
    "net.core.somaxconn": [{"at_least": 8192}, {"at_least": 16384}, 9000],
    "net.ipv4.tcp_rmem": ["4096 87380 8388608", {"at_least": "8192 131072 16777216"}],
    "net.ipv4.icmp_ratelimit": [1001, {"at_least": 2001}],
    "net.ipv4.tcp_syncookies": [0, 1, 2],
    "net.ipv4.tcp_tw_reuse": [0, 1],
    "net.ipv4.ipfrag_low_thresh": [100, 3000000],
    "net.ipv4.ipfrag_high_thresh": [5000000, 200],
}
HAZARDS = frozenset({"floor_lowered", "range_over_listeners", "tw_buckets_lowered"})
NAMES = ("web", "mail", "attempt")
OTHERS = {
    "/etc/sysctl.d/50-others.conf": f"# another file\n{FIN} = 50\nnet/core/somaxconn=5000\nnet.ipv4.tcp_* = 1\n",
    "/etc/sysctl.d/zz-last.conf": f"{TIME} = 7000\r\n-net.ipv4.tcp_syncookies\n",
    "/etc/sysctl.conf": f"{RANGE} = 20000 60000",
    "/etc/security/limits.d/50-others.conf": "* hard nofile 2048\nroot soft nofile 1024\n",
    "/etc/systemd/system/one.service": "[Service]\nExecStart=/bin/true\nLimitNOFILE=512:4096\n",
    "/etc/systemd/system/two.service": "[Service]\nExecStart=/bin/true\n",
    "/etc/systemd/system/two.service.d/90-others.conf": "[Service]\nLimitNOFILE=100\n",
}


def remove_others() -> None:
    """Remove the other files of the previous seed."""
    for path in OTHERS:
        Path(path).unlink(missing_ok=True)


class Host:
    """The host, the steps so far, and the problems found."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.files = HostFiles()
        self.steps: list[str] = []
        self.problems: list[str] = []
        remove_others()
        for path, text in OTHERS.items():
            if self.rng.random() < 0.6:
                Path(path).parent.mkdir(exist_ok=True)
                Path(path).write_bytes(text.encode())

    def state(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return all files and values that the collection may change."""
        return file_tree("/etc", "/var/lib/nettune"), machine_sysctls("/proc/sys/net")

    def apply(self) -> None:
        """Apply a random profile of one of the modules."""
        name, act = self.rng.choice(NAMES), self.rng.choice((self.tune, self.tune, self.raise_limits))
        try:
            step = act(name)
        except NettuneError as error:
            step = f"refused: {error}"
        self.steps.append(f"{act.__name__} {name}: {step}")

    def tune(self, name: str) -> str:
        """Apply random kernel parameters, and return them."""
        keys = self.rng.sample(sorted(CHOICES), self.rng.randint(0, 6))
        settings = {key: self.rng.choice(CHOICES[key]) for key in keys}
        options = {"persistent": self.rng.random() < 0.7, "take_over": self.rng.random() < 0.3}
        profiles = SysctlProfiles(self.files)
        with profiles.lock():
            planned = profiles.present(name, settings, accept_hazards=HAZARDS, **options)
            refused = report.refusals(planned.rows)
            if not refused:
                profiles.carry_out(planned)
        return f"{settings} {options} {refused}"

    def raise_limits(self, name: str) -> str:
        """Apply random open-file limits, and return them."""
        soft = self.rng.choice((4096, 8192, 16384))
        options = {
            "soft": soft,
            "hard": soft + self.rng.choice((0, 1000)),
            "users": self.rng.sample(("root", "*", "nobody_here"), self.rng.randint(1, 2)),
            "services": self.rng.sample(("one", "two", "three"), self.rng.randint(0, 3)),
            "persistent": self.rng.random() < 0.8,
        }
        limits = NofileProfiles(self.files)
        with limits.lock():
            limits.carry_out(limits.present(name, request.from_options(options)))
        return str(options)

    def revert(self) -> tuple[bool, set[str]]:
        """Revert all profiles; return whether anything changed, and what was left alone."""
        limits, profiles = NofileProfiles(self.files), SysctlProfiles(self.files)
        with limits.lock():
            of_limits = limits.carry_out(limits.absent(None)).result()
        with profiles.lock():
            planned = profiles.absent(None)
            result = report.result(planned.plan, profiles.carry_out(planned).rows)
        left = {row["what"] for row in (*of_limits["left_alone"], *result["left_alone"])}
        return of_limits["changed"] or result["changed"], left

    def change_as_someone_else(self) -> set[str]:
        """Change some of our values and one of our files as someone else could, and return their names."""
        held = [key for key in (FIN, TIME) if key in SysctlProfiles(self.files).recorded().keys]
        ours = sorted(Path("/etc").glob("*/**/99-zz-nettune-*.conf"))
        for key in held:
            Path("/proc/sys", sysctl_conf.to_path(key)).write_text("77\n")
        for path in ours[:1]:
            path.write_text(path.read_text() + "# edited by someone else\n")
        return {*held, *map(str, ours[:1])}

    def expect(self, true: bool, problem: str) -> None:
        """Record a problem if `true` is false."""
        if not true:
            self.problems.append(problem)


def run(seed: int) -> list[str]:
    """Return the steps and the problems of one seed, [] without problems."""
    host = Host(seed)
    files, values = host.state()
    for _number in range(10):
        host.apply()
    changed_by_others = host.change_as_someone_else() if host.rng.random() < 0.5 else set()
    _changed, left = host.revert()
    host.expect(
        changed_by_others <= left, f"changed by someone else, but not listed: {sorted(changed_by_others - left)}"
    )
    for key in {FIN, TIME} & changed_by_others:
        path = Path("/proc/sys", sysctl_conf.to_path(key))
        host.expect(path.read_text().strip() == "77", f"{key} was not left alone")
        path.write_text(values[str(path)])
    for path in filter(lambda name: name.startswith("/etc/"), changed_by_others):
        host.expect(Path(path).read_text().endswith("# edited by someone else\n"), f"{path} was not left alone")
        Path(path).unlink()
    once = host.state()
    changed, again = host.revert()
    host.expect(not changed and not again, f"the second revert changed something, or left {sorted(again)}")
    host.expect(host.state() == once, "the state differs after the second revert")
    known = {str(parent) for path in changed_by_others if path.startswith("/etc/") for parent in Path(path).parents}
    host.expect(not [path for path in changed_files(files, once[0]) if path not in known], "files differ:")
    host.problems += [path for path in changed_files(files, once[0]) if path not in known]
    host.problems += [f"{path}: {values[path]!r}, now {now!r}" for path, now in once[1].items() if now != values[path]]
    for path in sorted(known, key=len, reverse=True):
        if path.startswith("/etc/") and path not in files:
            Path(path).rmdir()
    return [*host.steps, *host.problems] if host.problems else []


def main() -> int:
    """Run all seeds; return 0 if none has a problem."""
    count, first = int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 0
    failed = 0
    for seed in range(first, first + count):
        lines = run(seed)
        failed += bool(lines)
        if lines:
            print(f"seed {seed}:", *lines, sep="\n  ")
    remove_others()
    print(f"{count} times ten applies from seed {first} on, {failed} with problems after the revert")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
