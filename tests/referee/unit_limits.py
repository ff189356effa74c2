# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the limits that systemd gives to random services with those that we read. Runs in a container only.

    python3 unit_limits.py ROUNDS [SEED]

Each round writes units to several directories of the search path, with aliases, templates, names with dashes and
masked drop-ins, reloads systemd, and removes them. Prints the files of each service that differs.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from plugins.module_utils._formats import unit_conf
from plugins.module_utils._formats.rlimit import INFINITY
from plugins.module_utils._host.files import HostFiles
from plugins.module_utils._nofile.host.units import Units
from plugins.module_utils._nofile.snapshot import Files, Unit

PLACES = (
    *("/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system"),
    *("/etc/systemd/system.control", "/run/systemd/transient"),
)
VALUES = ("infinity", "1:infinity", "64K", "", "0x10", "010", "7:3", "5 6", "+9", "12x")
KEYS = ("LimitNOFILE", "LimitNOFILE", "LimitNOFILE ", " LimitNOFILE", "#LimitNOFILE", ";LimitNOFILE", "limitnofile")
SECTIONS = ("[Service]", "[Service]", "[Service]", " [Service] ", "[Unit]", "[X-Foo]")
DEFAULTS = "/etc/systemd/system.conf.d/referee.conf"
UNITS = 30


class Round:
    """The files of one round; `made` has their paths in the order of creation."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"units {seed}")
        self.made: list[str] = []
        self.names = [self.service(f"fz{seed}x{number}") for number in range(UNITS)]
        for name in self.chance.sample(("a", "5", "zz"), 2):
            self.write(f"{self.chance.choice(PLACES[:4])}/service.d/{name}.conf", self.body())
        if self.chance.random() < 0.5:
            limits = f"{self.chance.randint(1, 99)}:{self.chance.randint(100, 999)}"
            self.write(DEFAULTS, f"[Manager]\nDefaultLimitNOFILE={limits}\n")

    def write(self, path: str, text: str | None) -> None:
        """Write a file, for None a link to /dev/null, unless the path exists."""
        if os.path.lexists(path):
            return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if text is None:
            os.symlink("/dev/null", path)
        else:
            Path(path).write_bytes(text.encode())
        self.made.append(path)

    def value(self) -> str:
        """Return a random value of LimitNOFILE, valid or not."""
        low, high = self.chance.randint(1, 500), self.chance.randint(500, 9999)
        return self.chance.choice((str(high), f"{low}:{high}", str(low), self.chance.choice(VALUES)))

    def body(self) -> str:
        """Return a random unit file or drop-in."""
        end = self.chance.choice(("\n", "\n", "\r\n"))
        lines = ["[Unit]", "Description=x"] if self.chance.random() < 0.3 else []
        lines.append(self.chance.choice(SECTIONS))
        for _number in range(self.chance.randint(0, 3)):
            key, value = self.chance.choice(KEYS), self.value()
            forms = (
                *(f"{key}={value}", f"{key}= {value} ", f"{key}=\\{end}{value}", f"{key}=\\{end}# c{end}{value}"),
                *(f"Environment=A=b\\{end}LimitNOFILE={value}", f"Environment=A=\\\\{end}LimitNOFILE={value}"),
            )
            lines.append(self.chance.choice(forms))
        return end.join(lines) + end

    def service(self, base: str) -> str:
        """Write a service with random settings that can change its limit, and return its name."""
        kind = self.chance.choice(("plain", "dash", "dashes", "instance", "dashed instance"))
        stem = {"plain": base, "dash": f"{base}-b", "dashes": f"{base}-b-c", "instance": f"{base}@i-j"}
        name = stem.get(kind, f"{base}-b@i") + ".service"
        file = f"{name.partition('@')[0]}@.service" if "@" in name else name
        for _copy in range(1 + (self.chance.random() < 0.2)):
            text = "[Service]\nExecStart=/bin/true\n" + self.body()
            self.write(f"{self.chance.choice(PLACES[:4])}/{file}", text)
        names = [*dict.fromkeys((name, file)), *self.truncated(base, kind), *self.alias(base, name)]
        for _number in range(self.chance.randint(0, 5)):
            drop_in = self.chance.choice(("a", "b", "B", "10", "9", "z"))
            folder = f"{self.chance.choice(PLACES)}/{self.chance.choice(names)}.d"
            self.write(f"{folder}/{drop_in}.conf", None if self.chance.random() < 0.12 else self.body())
        return name

    def truncated(self, base: str, kind: str) -> list[str]:
        """Return the truncated names whose drop-ins apply too (systemd.unit(5))."""
        more = {"dash": ("-",), "dashes": ("-", "-b-"), "dashed instance": ("-@i", "-@")}
        return [f"{base}{end}.service" for end in more.get(kind, ())]

    def alias(self, base: str, name: str) -> list[str]:
        """Give some services an alias; return its name in a list."""
        if "@" in name or self.chance.random() > 0.3:
            return []
        target = next(f"{place}/{name}" for place in PLACES if os.path.exists(f"{place}/{name}"))
        path = f"{self.chance.choice(PLACES[:4])}/al{base}.service"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
        self.made.append(path)
        return [os.path.basename(path)]

    def clear(self) -> None:
        """Remove all files."""
        for path in self.made:
            os.unlink(path)


def actual(names: list[str]) -> list[tuple[str, int, int]]:
    """Return what systemd reports for each service: its real name, soft and hard limit."""
    properties = [f"--property={each}" for each in ("Id", "LimitNOFILESoft", "LimitNOFILE")]
    done = subprocess.run(["systemctl", "show", *names, *properties], capture_output=True, text=True, check=True)
    return [_limits(dict(line.split("=", 1) for line in block.splitlines())) for block in done.stdout.split("\n\n")]


def _limits(shown: dict[str, str]) -> tuple[str, int, int]:
    soft, hard = (
        INFINITY if shown[key] == "infinity" else int(shown[key]) for key in ("LimitNOFILESoft", "LimitNOFILE")
    )
    return shown["Id"], soft, hard


def predicted(unit: Unit, defaults: Files) -> tuple[str, int, int]:
    """Return what units.py and unit_conf read from its files."""
    found = unit_conf.last_assignment(unit.files, unit_conf.UNIT_KEY)
    found = found or unit_conf.last_assignment(defaults, unit_conf.DEFAULT_KEY)
    return (unit.name, *(found.limit if found else unit_conf.BUILT_IN))


def compare(seed: int) -> int:
    """Return the number of services of one round that differ."""
    made = Round(seed)
    try:
        subprocess.run(["systemctl", "daemon-reload"], check=True)
        units, differ = Units(HostFiles()), 0
        defaults = units.defaults({})
        for name, found in zip(made.names, actual(made.names)):
            unit = units.find(name)
            expected = predicted(unit, defaults)
            if expected != found:
                differ += 1
                print(f"systemd, seed {seed}: {name}: predicted {expected}, got {found}")
                print(*(f"  {path}: {text!r}" for path, text in (*defaults, *unit.files)), sep="\n")
        return differ
    finally:
        made.clear()


def main() -> int:
    """Return 0 if nothing differs."""
    if not Path("/run/systemd/container").exists():
        print("this writes unit files: run it in a container with systemd only")
        return 2
    rounds, first = int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 0
    differ = sum(compare(seed) for seed in range(first, first + rounds))
    version = subprocess.run(["systemctl", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    print(f"systemd {version}: {rounds * UNITS} services, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
