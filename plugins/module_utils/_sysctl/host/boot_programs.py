# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what sets kernel parameters at boot besides the loader."""

from __future__ import annotations

import re
from typing import Mapping

from ..._formats import boot_commands, drop_ins, network_conf, tuned_conf
from ..._formats.sysctl_conf import Assignment
from ..._host.files import HostFiles
from .. import boot, boot_programs
from ..boot_programs import Programs
from ..snapshot import Reading

# sd_booted(3)
RUNS_SYSTEMD = "/run/systemd/system"
# One of these exists if systemd starts systemd-networkd at boot.
_NETWORKD_ENABLED = (
    "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service",
    "/etc/systemd/system/dbus-org.freedesktop.network1.service",
)
_INTERFACES = "/sys/class/net"
_OS_RELEASE = "/etc/os-release"
_RAISED_SINCE_DEBIAN_13 = frozenset(["fs.nr_open"])
# The first version with IPv4Forwarding=, which ignores IPForward=.
_PER_INTERFACE = 256
_LIBRARY = re.compile(r"libsystemd-(?:shared|core)-(?P<version>\d+)", re.ASCII)
_IF_IT_APPLIES = "systemd-networkd sets it if {path}:{line} applies to an interface of this host"


def read(files: HostFiles, readings: Mapping[str, Reading], *, owns_machine: bool) -> Programs:
    """Return what sets parameters at boot besides the loader. readings: by name, of all that are asked about."""
    tuned = files.lstat(tuned_conf.ENABLED) is not None
    profiles = _tuned_profiles(files) if tuned else []
    return Programs(
        process_1=_process_1(files, readings, owns_machine=owns_machine),
        sure=_RAISED_SINCE_DEBIAN_13 if owns_machine and _is_debian_13(files) else frozenset(),
        ufw=boot_commands.ufw_file(*(_text(files, path) for path in boot_commands.UFW)),
        late=[*_networkd(files), *_cloud_init(files), *profiles],
        tuned=tuned_conf.parse_main(_text(files, tuned_conf.MAIN)) if profiles else None,
    )


def _is_debian_13(files: HostFiles) -> bool:
    """Return whether this is Debian 13 or later, which may have been upgraded since our values were written."""
    found = dict(line.strip().split("=", 1) for line in _text(files, _OS_RELEASE).split("\n") if "=" in line)
    version = found.get("VERSION_ID", "").strip("\"'")
    return (
        found.get("ID", "").strip("\"'") == "debian" and version.isdigit() and len(version) < 4 and int(version) >= 13
    )


def _process_1(files: HostFiles, readings: Mapping[str, Reading], *, owns_machine: bool) -> dict[str, str]:
    """Return the values of what systemd may set. In a container, only what belongs to its network is its own."""
    if not files.exists(RUNS_SYSTEMD):
        return {}
    names = [name for name in boot_programs.names_of_process_1() if owns_machine or name.startswith("net.")]
    texts = ((name, readings[name].text) for name in names if name in readings)
    return {name: text.strip() for name, text in texts if text is not None}


def systemd_version(files: HostFiles) -> int | None:
    """Return the version of systemd by the name of its private library, or None if that is not found."""
    multiarch = [f"/usr/lib/{name}/systemd" for name in files.listdir("/usr/lib") if name.endswith("-linux-gnu")]
    names = (name for folder in ("/usr/lib/systemd", "/lib/systemd", *multiarch) for name in files.listdir(folder))
    found = filter(None, map(_LIBRARY.match, names))
    return max((int(match["version"]) for match in found), default=None)


def _networkd(files: HostFiles) -> list[Assignment]:
    """Return the IP forwarding that systemd-networkd sets."""
    if not any(files.lstat(path) for path in _NETWORKD_ENABLED):
        return []
    version = systemd_version(files)
    for_host = [] if version is not None and version < _PER_INTERFACE else network_conf.for_host(_networkd_conf(files))
    unsure = "" if version is not None else "systemd-networkd may set it, depending on its version"
    found = [line for one in for_host for line in boot_programs.by_networkd_for_host(one, unsure)]
    decided = {one.family for one in for_host}
    interfaces = [name for name in files.listdir(_INTERFACES) if name != "lo"]
    for path in network_files(files):
        drop_in_directories = tuple(f"{folder}/{path.rpartition('/')[2]}.d" for folder in network_conf.DIRECTORIES)
        paths = [path, *drop_ins.in_order(drop_in_directories, _in(files, drop_in_directories))]
        network = network_conf.network([(one, _text(files, one)) for one in paths])
        matched = network.matched(interfaces)
        for one in network.forwarding if matched else ():
            unknown = "" if network.is_by_name else _IF_IT_APPLIES.format(path=one.path, line=one.line)
            if one.of == network_conf.INTERFACE and (version or _PER_INTERFACE) >= _PER_INTERFACE:
                found += boot_programs.by_networkd_for_interfaces(one, matched, unsure or unknown)
            elif one.of == network_conf.HOST and one.family not in decided:
                found += boot_programs.by_networkd_for_host(one, unknown)
            elif one.of == network_conf.HOST_BEFORE_256 and (version or 0) < _PER_INTERFACE:
                found += boot_programs.by_networkd_for_host(one, unsure or unknown)
    return found


def _networkd_conf(files: HostFiles) -> list[tuple[str, str]]:
    main = [network_conf.MAIN] if files.is_file(network_conf.MAIN) else []
    paths = [*main, *drop_ins.in_order(network_conf.MAIN_DIRECTORIES, _in(files, network_conf.MAIN_DIRECTORIES))]
    return [(path, _text(files, path)) for path in paths]


def network_files(files: HostFiles) -> list[str]:
    """Return the .network files that systemd-networkd reads, in order."""
    place: dict[str, str] = {}
    for folder in network_conf.DIRECTORIES:
        for name in files.listdir(folder):
            if name.endswith(".network"):
                place.setdefault(name, f"{folder}/{name}")
    return [place[name] for name in sorted(place, key=drop_ins.by_bytes)]


def _cloud_init(files: HostFiles) -> list[Assignment]:
    return boot_programs.by_cloud_init(
        boot_commands.CLOUD_CONFIG, boot_commands.names_in_bootcmd(_text(files, boot_commands.CLOUD_CONFIG))
    )


def _tuned_profiles(files: HostFiles) -> list[Assignment]:
    """Return what the active profiles of TuneD set; those that a profile includes come before it."""
    names = [name for path in tuned_conf.ACTIVE_PROFILES for name in _text(files, path).split()]
    seen: set[str] = set()
    return [line for name in names for line in _tuned_profile(files, name, seen)]


def _tuned_profile(files: HostFiles, name: str, seen: set[str]) -> list[Assignment]:
    """Return what a profile and those that it includes set, each only the first time. seen: is added to."""
    path = next((path for path in tuned_conf.candidates(name) if files.exists(path)), None)
    if name in seen or path is None:
        return []
    seen.add(name)
    text, why = files.try_text(path)
    if why:
        return [boot.unread(path, why, by=boot_programs.TUNED)]
    profile = tuned_conf.parse(text)
    included = [line for one in profile.includes for line in _tuned_profile(files, one, seen)]
    return [*included, *boot_programs.by_tuned(path, profile)]


def _in(files: HostFiles, folders: tuple[str, ...]) -> list[str]:
    return [f"{folder}/{name}" for folder in folders for name in files.listdir(folder)]


def _text(files: HostFiles, path: str) -> str:
    """Return the text of a file; empty if there is none or it cannot be read."""
    return files.try_text(path)[0]
