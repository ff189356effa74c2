# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the values that boot programs set from random sysctl.d files with those that we predict.

    python3 compare.py TREES [SEED]

The programs are systemd-sysctl, procps `sysctl --system`, and the shell script of OpenRC. The files are in private
mounts, the values in a new network namespace. Prints the files of each tree that differs.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[5]))

from plugins.module_utils._formats import sysctl_conf
from plugins.module_utils._host.files import HostFiles
from plugins.module_utils._sysctl.boot import DIRECTORIES, OPENRC, PROCPS, SYSCTL_CONF, SYSTEMD, boot
from plugins.module_utils._sysctl.host.read import boot_files
from plugins.module_utils._sysctl.snapshot import boot_lines

# The order in which the script of Alpine reads the directories.
BY_FILE = """
unless() { [ -f "$1" ] || apply "$2"; }
apply() { [ ! -f "$1" ] || sysctl -q -e -p "$1"; }
for f in /lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf; do
  [ -f "/etc/sysctl.d/${f##*/}" ] || unless "/run/sysctl.d/${f##*/}" "$f"
done
for f in /etc/sysctl.d/*.conf; do unless "/run/sysctl.d/${f##*/}" "$f"; done
for f in /etc/sysctl.conf /run/sysctl.d/*.conf; do apply "$f"; done
"""
PROGRAMS = {
    OPENRC: (["/bin/sh", "-c", BY_FILE],),
    SYSTEMD: (["/usr/lib/systemd/systemd-sysctl"], ["/lib/systemd/systemd-sysctl"]),
    PROCPS: (["/usr/sbin/sysctl", "--system"], ["/sbin/sysctl", "--system"]),
}
# Independent parameters that accept any small number; one is of an interface with a dot in its name.
KEYS = (
    "net.ipv4.tcp_retries2",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.conf.all.tag",
    "net.ipv4.conf.default.tag",
    "net.ipv4.conf.lo.tag",
    "net.ipv4.conf.lo.medium_id",
    "net.ipv4.conf.v/7.tag",
)
PATTERNS = (
    "net.ipv4.conf.*.tag",
    "net/ipv4/conf/*/tag",
    "net.ipv4.conf.*.*a?",
    "net.ipv4.conf.[al]*.tag",
    "net.ipv4.conf.[!a]*.tag",
    "net.ipv4.conf.[^l]*.tag",
    "net/ipv4/conf/v.?/tag",
    "net.ipv4.conf.v/[0-9].tag",
    "net.*.conf.lo.*",
    "net.ipv4.*.tag",
    "net.ipv4.tcp_*s2",
    "net.ipv4.tcp_keepalive_probe?",
    "*.ipv4.tcp_retries2",
    "net.ipv4.conf.{all,v/7}.ta?",
    "net.ipv4.{conf.{lo,all},neigh.x}.*a*",
    "net.ipv4.conf.[[:alpha:]]l*.tag",
    "net.ipv4.conf.\\l?.tag",
)
NAMES = (
    "10-a.conf",
    "50-b.conf",
    "50-B.conf",
    "99-sysctl.conf",
    "99-zz-c.conf",
    "ä.conf",
    ".hidden.conf",
    "50-b.conf.bak",
)
NOISE = (
    "",
    "# net.ipv4.tcp_retries2 = 1",
    "; x",
    "  # y",
    "garbage",
    "= 5",
    "-",
    "net.ipv4.nothing = 1",
    "net.ipv4.tcp_retries2",
    "\t",
)
BEFORE = "77"
INSIDE = "--inside"


def spelled(rng: random.Random, name: str, loader: str) -> str:
    """One of the ways to write a parameter's name; only systemd-sysctl takes more than two for the same."""
    path = sysctl_conf.to_path(name)
    odd = ("/" + path, path.replace("ipv4/", "ipv4//"), name + ".")
    return rng.choice((name, name, path, *(odd if loader == SYSTEMD else ())))


def line(rng: random.Random, loader: str) -> str:
    """Return a random line, valid or not."""
    value = str(rng.randint(1, 9))
    kind = rng.random()
    if kind < 0.15:
        return rng.choice(NOISE)
    name = rng.choice(PATTERNS) if kind < 0.4 else spelled(rng, rng.choice(KEYS), loader)
    # Versions of procps differ in whether a pattern can be an exclusion.
    if kind > 0.85 or (kind < 0.2 and loader == SYSTEMD):
        return f"-{name}"
    tolerant = rng.choice(("", "", "", "-"))
    equals = rng.choice(("=", " = ", "= ", "\t=\t"))
    return rng.choice(("", " ", "\t")) + tolerant + name + equals + value + rng.choice(("", "", " ", "\r", " # note"))


def tree(rng: random.Random, loader: str) -> dict[str, str | None]:
    """Return random files as {path: text}; None stands for a directory, `-> x` for a link."""
    found: dict[str, str | None] = {}
    for directory in DIRECTORIES[:4]:
        for name in rng.sample(NAMES, rng.randint(0, 4)):
            text = "\n".join(line(rng, loader) for _number in range(rng.randint(0, 6)))
            links = ("-> /dev/null", "-> nowhere", f"-> {SYSCTL_CONF}", None)
            found[f"{directory}/{name}"] = rng.choice(links) if rng.random() < 0.15 else text
    if rng.random() < 0.5:
        found[SYSCTL_CONF] = "\n".join(line(rng, loader) for _number in range(4)) + "\n"
    return found


def write_files(files: dict[str, str | None]) -> None:
    """Replace all sysctl files with these."""
    for directory in DIRECTORIES[:4]:
        for entry in os.scandir(directory):
            shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)
    Path(SYSCTL_CONF).unlink(missing_ok=True)
    for path, text in files.items():
        if text is None:
            os.mkdir(path)
        elif text.startswith("-> "):
            os.symlink(text[3:], path)
        else:
            Path(path).write_bytes(text.encode())


def proc(name: str) -> Path:
    return Path("/proc/sys", sysctl_conf.to_path(name))


def predicted(loader: str) -> dict[str, str]:
    """Return the value of each parameter that sysctl_precedence predicts."""
    lines = boot_lines(boot_files(HostFiles(), loader), loader=loader)
    values = {name: boot(name, lines, loader=loader).value for name in KEYS}
    return {name: BEFORE if value is None else value.split()[0] for name, value in values.items()}


def actual(program: list[str]) -> dict[str, str]:
    """Run the program, and return the value of each parameter."""
    for name in KEYS:
        proc(name).write_text(BEFORE)
    env = {**os.environ, "LC_ALL": "C"}
    subprocess.run(program, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20, check=False)
    return {name: proc(name).read_text().strip() for name in KEYS}


def compare(loader: str, program: list[str], seeds: range) -> int:
    """Return the number of trees that differ."""
    differ = won = 0
    for seed in seeds:
        files = tree(random.Random(f"{loader} {seed}"), loader)
        write_files(files)
        expected, found = predicted(loader), actual(program)
        won += sum(value != BEFORE for value in found.values())
        if expected != found:
            differ += 1
            wrong = [
                f"  {name}: predicted {expected[name]}, got {found[name]}"
                for name in KEYS
                if expected[name] != found[name]
            ]
            print(f"{loader}, seed {seed}:", *wrong, *(f"  {path}: {text!r}" for path, text in files.items()), sep="\n")
    print(f"{loader}: {len(seeds)} trees, {won} values set, {differ} trees differ")
    return differ


def prepare() -> None:
    """Mount empty directories over those of sysctl files, and add an interface with a dot in its name."""
    for directory in DIRECTORIES[:4]:
        os.makedirs(directory, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "private", directory], check=True)
    subprocess.run(["ip", "link", "add", "v.7", "type", "veth", "peer", "name", "w"], check=True)


def private_etc() -> None:
    """Mount an overlay on /etc, for /etc/sysctl.conf."""
    os.makedirs("/run/sysctl.d", exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "private", "/run"], check=True)
    for name in ("upper", "work"):
        os.mkdir(f"/run/{name}")
    layers = "lowerdir=/etc,upperdir=/run/upper,workdir=/run/work"
    subprocess.run(["mount", "-t", "overlay", "-o", layers, "private", "/etc"], check=True)


def main() -> int:
    """Run in new namespaces; return 0 if nothing differs."""
    arguments = [argument for argument in sys.argv[1:] if argument != INSIDE]
    if INSIDE not in sys.argv:
        inside = ["unshare", "--mount", "--net", sys.executable, __file__, *arguments, INSIDE]
        return subprocess.run(inside, check=False).returncode
    private_etc()
    prepare()
    trees, seed = int(arguments[0]), int(arguments[1]) if arguments[1:] else 0
    differ = 0
    for loader, places in PROGRAMS.items():
        program = next((place for place in places if os.access(place[0], os.X_OK)), None)
        if program is None:
            print(f"{loader}: not on this machine, skipped")
        else:
            differ += compare(loader, program, range(seed, seed + trees))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
