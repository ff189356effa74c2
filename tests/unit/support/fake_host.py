# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake host: real files below a directory, and a kernel that checks what is written to /proc/sys.

Like Linux, the kernel refuses values that are out of bounds or conflict with another parameter, prints vectors with
tabs and sets of ports with ranges, and rounds some numbers.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Callable, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._formats import port_set, sysctl_conf
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, write_order

BOOT_ID = "/proc/sys/kernel/random/boot_id"
VALUES = {
    "fs.file-max": "9223372036854775807",
    "kernel.osrelease": "6.12.0-test",
    "kernel.random.boot_id": "first boot",
    "net.core.default_qdisc": "fq_codel",
    "net.core.somaxconn": "4096",
    "net.ipv4.conf.eth0/100.rp_filter": "2",
    "net.ipv4.icmp_ratelimit": "1000",
    "net.ipv4.ip_local_port_range": "32768\t60999",
    "net.ipv4.ip_local_reserved_ports": "",
    "net.ipv4.ip_unprivileged_port_start": "1024",
    "net.ipv4.ipfrag_high_thresh": "4194304",
    "net.ipv4.ipfrag_low_thresh": "3145728",
    "net.ipv4.tcp_congestion_control": "cubic",
    "net.ipv4.tcp_fastopen_key": "00000000-00000000-00000000-00000000",
    "net.ipv4.tcp_fin_timeout": "60",
    "net.ipv4.tcp_keepalive_time": "7200",
    "net.ipv4.tcp_max_tw_buckets": "131072",
    "net.ipv4.tcp_rmem": "4096\t131072\t6291456",
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv4.tcp_tw_reuse": "2",
    "net.netfilter.nf_conntrack_buckets": "65536",
    "net.netfilter.nf_conntrack_max": "262144",
    "vm.dirty_bytes": "0",
    "vm.dirty_ratio": "20",
}
_ALGORITHMS = ("cubic", "reno", "bbr")
_HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
_ROW = "   0: 00000000:{:04X} 00000000:0000 {:02X} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0\n"


class Killed(BaseException):
    """The process is killed."""


class FakeHost(HostFiles):
    """The host below `root`. Each change of a file or a value is a step; steps are counted in `steps`.

    fails_at: the number of the step that fails, from 1. error: the exception it raises. after: whether the step is done
    before it fails. After Killed, every later step raises too. on_write: returns what a written value becomes, or
    raises the error of the kernel.
    """

    def __init__(self, root: Path, values: Mapping[str, str] | None = None) -> None:
        super().__init__(str(root))
        self.root = root
        self.steps: list[str] = []
        self.boots = 0
        self.fails_at = 0
        self.error: BaseException = OSError(errno.EIO, os.strerror(errno.EIO))
        self.after = False
        self.on_write: Callable[[str, str], str] = lambda _name, text: text
        for name, value in (VALUES if values is None else values).items():
            self.put(f"/proc/sys/{sysctl_conf.to_path(name)}", f"{value}\n")
        for namespace in ("self", "1"):
            self.link(f"/proc/{namespace}/ns/net", "net:[1]")
        self.link("/proc/self/ns/pid", "pid:[4026531836]")
        for directory in ("etc/sysctl.d", "etc/modules-load.d", "var/lib", "usr/lib/systemd"):
            (root / directory).mkdir(parents=True)
        self.put("/usr/lib/systemd/systemd-sysctl", "")

    def put(self, path: str, text: str) -> None:
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogateescape"))

    def link(self, path: str, target: str) -> None:
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)

    def listen(self, *ports: int, udp: bool = False) -> None:
        table, state = ("udp", 7) if udp else ("tcp", 10)
        self.put(f"/proc/self/net/{table}", _HEADER + "".join(_ROW.format(port, state) for port in ports))

    def reboot(self, applied: Mapping[str, str] | None = None) -> None:
        """Reset the parameters to the kernel's values and those `applied` at boot."""
        for name, value in {**VALUES, **(applied or {})}.items():
            self.put(f"/proc/sys/{sysctl_conf.to_path(name)}", f"{value}\n")
        self.boots += 1
        self.put(BOOT_ID, f"boot {self.boots}\n")

    def value(self, name: str) -> str:
        return " ".join((self.read_text(f"/proc/sys/{sysctl_conf.to_path(name)}") or "").split())

    def set(self, name: str, value: str) -> None:
        """Change a value, as another program would."""
        self.put(f"/proc/sys/{sysctl_conf.to_path(name)}", f"{value}\n")

    def forget(self, name: str) -> None:
        """Remove a parameter, as unloading its module does."""
        (self.root / "proc/sys" / sysctl_conf.to_path(name)).unlink()

    def tree(self, *roots: str) -> dict[str, str]:
        """Return {path: mode and content} of all files, or of those below `roots`."""
        found = {}
        for root in roots or ("/etc", "/proc/sys", "/var", "/usr", "/run"):
            for directory, directories, names in os.walk(self.locate(root)):
                for path in (Path(directory, name) for name in directories + names):
                    content = (
                        os.readlink(path) if path.is_symlink() else path.read_bytes().hex() if path.is_file() else ""
                    )
                    found[str(path)[len(str(self.root)) :]] = f"{path.lstat().st_mode:o} {content}"
        return found

    def write_in_place(self, path: str, text: str) -> None:
        def write() -> None:
            name = sysctl_conf.from_path(path[len("/proc/sys/") :])
            stored = self.on_write(name, self._checked(name, text.strip("\n")))
            super(FakeHost, self).write_in_place(path, stored + "\n")
            other = write_order.counterpart(name)
            if other is not None:
                self.set(other, "0")

        self._step(f"write {path} {text.strip()}", write)

    def replace_text(self, path: str, text: str, *, mode: int = 0o644, keep: bool = False) -> None:
        self._step(f"replace {path}", lambda: super(FakeHost, self).replace_text(path, text, mode=mode, keep=keep))

    def make_directory(self, path: str, *, mode: int = 0o755) -> bool:
        if os.path.exists(self.locate(path)):
            return False
        self._step(f"mkdir {path}", lambda: super(FakeHost, self).make_directory(path, mode=mode))
        return True

    def remove(self, path: str) -> bool:
        if self.lstat(path) is None:
            return False
        self._step(f"remove {path}", lambda: super(FakeHost, self).remove(path))
        return True

    def remove_directory(self, path: str) -> bool:
        if not os.path.isdir(self.locate(path)) or os.listdir(self.locate(path)):
            return False
        self._step(f"rmdir {path}", lambda: super(FakeHost, self).remove_directory(path))
        return True

    def _step(self, what: str, do: Callable[[], object]) -> None:
        dead = isinstance(self.error, Killed) and self.fails_at and len(self.steps) >= self.fails_at
        if dead:
            raise self.error
        self.steps.append(what)
        failing = len(self.steps) == self.fails_at
        if failing and not self.after:
            raise self.error
        do()
        if failing:
            raise self.error

    def _checked(self, name: str, text: str) -> str:
        """Return the value as the kernel stores it. Raises OSError as the kernel does."""
        parameter = catalogue.find(name)
        tokens = text.split()
        if name.endswith("congestion_control") and text not in _ALGORITHMS:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        if parameter is None or parameter.kind in ("word", "words"):
            return text
        if parameter.kind == "ports":
            if " " in text:
                raise _invalid()
            return port_set.render(port_set.parse(text))
        if len(tokens) != parameter.count or not all(token.lstrip("-").isdigit() for token in tokens):
            raise _invalid()
        if name == "vm.dirty_bytes" and text == "0":
            raise _invalid()
        self._check_bounds(name, [int(token) for token in tokens])
        if name == "net.netfilter.nf_conntrack_buckets":
            return str(-(-int(text) // 256) * 256)
        if name == "net.ipv4.icmp_ratelimit":
            return str(-(-int(text) // 4) * 4)
        return "\t".join(tokens)

    def _check_bounds(self, name: str, numbers: list[int]) -> None:
        if name == "net.ipv4.ip_local_port_range" and numbers[0] > numbers[1]:
            raise _invalid()
        for lower, upper in catalogue.bounded():
            if name == lower and self._known(upper) and numbers[0] > int(self.value(upper).split()[0]):
                raise _invalid()
            if name == upper and self._known(lower) and numbers[0] < int(self.value(lower).split()[0]):
                raise _invalid()

    def _known(self, name: str) -> bool:
        return self.exists(f"/proc/sys/{sysctl_conf.to_path(name)}")


def _invalid() -> OSError:
    return OSError(errno.EINVAL, os.strerror(errno.EINVAL))
