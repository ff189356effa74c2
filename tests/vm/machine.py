# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual machine in QEMU: start, reboot, reset, and commands over one shared ssh connection.

QEMU emulates the processor, so that it also works where KVM does not. Each new ssh connection costs about 3 s of the
emulated processor; all commands and Ansible share one.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .images import login_key

READY = b"vm-ready"
_PANIC = b"Kernel panic"
# In megabytes.
MEMORY = 2048
_BOOT_SECONDS = 900
_COMMAND_SECONDS = 600
_ATTEMPTS = 15
_SSH_CONFIG = """\
Host vm
  HostName 127.0.0.1
  Port {port}
  User root
  IdentityFile {key}
  IdentitiesOnly yes
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
  ConnectTimeout 120
  ServerAliveInterval 60
  ServerAliveCountMax 10
  ControlMaster auto
  ControlPath {directory}/ssh
  ControlPersist 1800
"""


class MachineError(Exception):
    """A machine did not start or a command on it failed; the message says which."""


class Machine:
    """A virtual machine with an overlay on `image`; use it as a context manager. It writes its console to `console`."""

    def __init__(self, image: Path, console: Path, *, memory: int = MEMORY, options: str = "") -> None:
        self._image = image
        self._console = console
        self._memory = memory
        self._options = options
        # The path of a socket has at most 107 bytes, so it is not below the checkout.
        self.directory = Path(tempfile.mkdtemp(prefix="nettune-vm-"))
        self.ssh_config = self.directory / "ssh_config"
        self._process: subprocess.Popen | None = None
        self._words: list[str] = []
        self._boots = 0

    def __enter__(self) -> Machine:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception) -> None:
        self._hang_up()
        if self._process:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self) -> None:
        """Start the machine and wait until it has booted."""
        port = free_port()
        self.ssh_config.write_text(_SSH_CONFIG.format(port=port, key=login_key(), directory=self.directory))
        overlay = self.directory / "disk"
        make = ("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", self._image / "root", overlay)
        subprocess.run(make, check=True)
        self._console.unlink(missing_ok=True)
        self._words = qemu(self._image, overlay, self._console, port=port, memory=self._memory, options=self._options)
        self._boot()

    def _boot(self) -> None:
        """Start QEMU and wait until the machine has booted."""
        with self._console.with_suffix(".qemu.log").open("wb") as log:
            # It stays in this process group, so that a signal to the group ends it too.
            self._process = subprocess.Popen(self._words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._wait_for_boot()

    def reboot(self) -> None:
        """Reboot the machine and wait until it has booted."""
        # The machine may end the connection before the command has ended.
        self.run("systemd-run --quiet --on-active=1 --timer-property=AccuracySec=100ms systemctl reboot")
        self._boot_again()

    def reset(self) -> None:
        """Reset the machine as a power loss does, and wait until it has booted."""
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.connect(str(self.directory / "monitor"))
            monitor.sendall(b"quit\n")
            self._boot_again()

    def _boot_again(self) -> None:
        """Start QEMU once more when it has ended.

        In the same process, the second boot would take several times as long: the kernel is unpacked over the code of
        the first one, whose translation QEMU discards bit by bit.
        """
        self._hang_up()
        try:
            self._process.wait(_BOOT_SECONDS)
        except subprocess.TimeoutExpired:
            raise MachineError(f"no shutdown within {_BOOT_SECONDS} s; see {self._console}") from None
        self._boot()

    def run(self, command: str, *, text: str = "") -> str:
        """Run a command on the machine with `text` as its input; return its output, raise MachineError if it fails."""
        words = ["ssh", "-F", str(self.ssh_config), "vm", command]
        try:
            done = subprocess.run(
                words, input=text, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise MachineError(f"`{command}` did not end within {_COMMAND_SECONDS} s") from None
        if done.returncode:
            raise MachineError(
                f"`{command}` ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-2000:]}"
            )
        return done.stdout

    def _hang_up(self) -> None:
        """End the shared connection, which does not notice a reboot."""
        words = ["ssh", "-F", self.ssh_config, "-O", "exit", "vm"]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(words, capture_output=True, timeout=30, check=False)

    def _wait_for_boot(self) -> None:
        """Wait until the console says once more that a boot has ended."""
        self._boots += 1
        end = time.monotonic() + _BOOT_SECONDS
        while (shown := self._console.read_bytes() if self._console.exists() else b"").count(READY) < self._boots:
            if _PANIC in shown:
                raise MachineError(f"the kernel panicked; see {self._console}")
            if self._process is None or self._process.poll() is not None:
                raise MachineError(f"QEMU ended; see {self._console.with_suffix('.qemu.log')}")
            if time.monotonic() > end:
                raise MachineError(f"no boot within {_BOOT_SECONDS} s; see {self._console}")
            time.sleep(0.5)
        self._connect()

    def _connect(self) -> None:
        """Open the shared connection. On a busy machine, the network may be up only some seconds after the boot."""
        for _attempt in range(_ATTEMPTS - 1):
            with contextlib.suppress(MachineError):
                self.run("true")
                return
            time.sleep(2)
        self.run("true")


def qemu(image: Path, overlay: Path, console: Path, *, port: int, memory: int, options: str = "") -> list[str]:
    """Return the QEMU command of a machine; `port` of this machine leads to its ssh, and it reaches nothing else.

    QEMU ends when the machine reboots.
    options: further words for its kernel.
    """
    # An old processor boots in two thirds of the time of the newest. Without nokaslr, the memory that the kernel leaves
    # for others differs from boot to boot, and with it the values that the kernel computes from it. On a busy machine
    # the kernel would conclude that its timer does not work.
    return [
        *("qemu-system-x86_64", "-accel", "tcg", "-cpu", "Nehalem", "-smp", "1", "-m", str(memory)),
        *("-kernel", str(image / "kernel"), "-initrd", str(image / "initrd")),
        *("-append", f"root=/dev/vda rw console=ttyS0 quiet nokaslr mitigations=off no_timer_check {options}"),
        *("-drive", f"file={overlay},format=qcow2,if=virtio,cache=unsafe"),
        *("-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{port}-:22"),
        *("-device", "virtio-net-pci,netdev=net", "-device", "virtio-rng-pci"),
        *("-display", "none", "-monitor", f"unix:{overlay.parent}/monitor,server=on,wait=off"),
        *("-no-reboot", "-chardev", f"file,id=console,path={console},append=on", "-serial", "chardev:console"),
    ]


def free_port() -> int:
    """Return a TCP port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
