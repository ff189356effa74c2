# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real sshd on the loopback of a private network namespace, and random sshd_config files to ask it about.

Used by pam_sessions.py, which has private mounts on /etc and /run.
"""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType

from plugins.module_utils._formats import sshd_config
from plugins.module_utils._formats.rlimit import Limit
from plugins.module_utils._host.files import HostFiles
from plugins.module_utils._nofile.host import pam

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
KEY, HOST_KEY = Path("/run/referee_key"), Path("/run/referee_host_key")
_SETTINGS = (
    *("ListenAddress 127.0.0.1", f"HostKey {HOST_KEY}", f"AuthorizedKeysFile {KEY}.pub", "StrictModes no"),
    *("PermitRootLogin yes", "AllowTcpForwarding no", "X11Forwarding no"),
)
_OPTIONS = (
    *("BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"),
    "ConnectTimeout=20",
)
_PRINT = "ulimit -Sn; ulimit -Hn"
_STARTS_WITHIN = 10


def installed() -> bool:
    """Return whether this machine has the server, the client and ssh-keygen."""
    return Path(SSHD).exists() and bool(shutil.which("ssh")) and bool(shutil.which("ssh-keygen"))


def prepare() -> None:
    """Create the keys and the directories, and bring the loopback up."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for path in (Path("/run/sshd"), Path(sshd_config.PATH).parent / "sshd_config.d"):
        path.mkdir(parents=True, exist_ok=True)
    for key in (KEY, HOST_KEY):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)


class Sshd:
    """One daemon with a limit of its own. Use it in a `with` statement."""

    def __init__(self, port: int, *, use_pam: bool, limit: Limit) -> None:
        self.name = f"ssh with UsePAM {'yes' if use_pam else 'no'}"
        self.use_pam, self.limit = use_pam, limit
        self._port = port
        self._config = Path(f"/run/sshd_config.{port}")
        settings = (f"Port {port}", f"PidFile /run/sshd.{port}.pid", f"UsePAM {'yes' if use_pam else 'no'}")
        self._config.write_text("\n".join((*settings, *_SETTINGS)) + "\n")

    def __enter__(self) -> Sshd:
        command = [SSHD, "-D", "-e", "-f", str(self._config)]
        self._process = subprocess.Popen(
            command,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, self.limit),
        )
        deadline = time.monotonic() + _STARTS_WITHIN
        while not self.session("root") and time.monotonic() < deadline:
            time.sleep(0.1)
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait()

    def session(self, user: str) -> tuple[int, ...]:
        """Return the limits of a session of `user`, () if it cannot be opened."""
        options = [word for option in _OPTIONS for word in ("-o", option)]
        command = ["ssh", "-F", "/dev/null", "-i", str(KEY), "-p", str(self._port), *options, f"{user}@127.0.0.1"]
        done = subprocess.run([*command, _PRINT], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        words = done.stdout.split()[-2:]
        return tuple(map(int, words)) if all(word.isdigit() for word in words) else ()


def _line(chance: random.Random) -> str:
    """Return a random line that sshd accepts."""
    value = chance.choice(("yes", "no", "yes", '"no"', "no # c"))
    usual = (f"UsePAM {value}", f"usepam={value}", f"  UsePAM\t{value}", "#UsePAM yes", "Port 22", "")
    includes = ("Include /etc/ssh/sshd_config.d/*.conf", "include sshd_config.d/1*.conf", "Include /etc/ssh/absent/*")
    return chance.choice((*usual, *includes, 'Include "sshd_config.d/2.conf" sshd_config.d/10.conf'))


def _settings(chance: random.Random) -> str:
    lines = [_line(chance) for _number in range(chance.randint(0, 4))]
    # Only the end of a file can be a block of its own: UsePAM is not allowed in it.
    block = chance.choice((["Match user nobody", "  Banner none"], [], []))
    return "\n".join([*lines, *block]) + "\n"


def compare_settings(cases: range) -> int:
    """Compare the value of UsePAM that `sshd -T` prints with ours, for random files. Returns how many differ."""
    differ, seen = 0, set()
    folder = Path(sshd_config.PATH).parent / "sshd_config.d"
    for seed in cases:
        chance = random.Random(f"sshd {seed}")
        for old in folder.iterdir():
            old.unlink()
        names = chance.sample(("10.conf", "2.conf", "1a.conf", ".hidden.conf", "x.txt"), 3)
        texts = {sshd_config.PATH: _settings(chance), **{f"{folder}/{name}": _plain(chance) for name in names}}
        for path, text in texts.items():
            Path(path).write_text(text)
        command = [SSHD, "-T", "-f", sshd_config.PATH, "-h", str(HOST_KEY)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = "usepam yes" in done.stdout.splitlines() if done.returncode == 0 else done.stderr
        ours = pam.sshd_uses_pam(HostFiles())
        seen.add(found)
        if ours is None or ours.enabled != found:
            differ += 1
            print(f"sshd_config, seed {seed}: read {ours}, sshd has {found}")
            print(*(f"  {path}: {text!r}" for path, text in texts.items()), sep="\n")
    print(f"sshd_config: {len(cases)} cases, {len(seen)} values seen, {differ} differ")
    return differ


def _plain(chance: random.Random) -> str:
    """Return an included file, without further Include lines."""
    return "\n".join(line for line in _settings(chance).split("\n") if "nclude" not in line) + "\n"
