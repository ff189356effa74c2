# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what sets kernel parameters at boot besides the loader."""

from __future__ import annotations

from typing import Mapping

from ..._formats import cloud_config, drop_ins, network_conf, tuned_conf, ufw_conf
from ..._formats.sysctl_conf import Assignment
from ..._host.files import HostFiles
from .. import boot_programs
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


def read(files: HostFiles, readings: Mapping[str, Reading], *, owns_machine: bool) -> Programs:
    """Return what sets parameters at boot besides the loader. readings: by name, of all that are asked about."""
    tuned = files.lstat(tuned_conf.ENABLED) is not None
    profiles = _tuned_profiles(files) if tuned else []
    return Programs(
        process_1=_process_1(files, readings, owns_machine=owns_machine),
        ufw=ufw_conf.sysctl_file(*(_text(files, path) for path in ufw_conf.FILES)),
        late=[*_networkd(files), *_cloud_init(files), *profiles],
        tuned=tuned_conf.parse_main(_text(files, tuned_conf.MAIN)) if profiles else None,
    )


def _process_1(files: HostFiles, readings: Mapping[str, Reading], *, owns_machine: bool) -> dict[str, str]:
    """Return the values of what systemd may set. In a container, only what belongs to its network is its own."""
    if not files.exists(RUNS_SYSTEMD):
        return {}
    names = [name for name in boot_programs.names_of_process_1() if owns_machine or name.startswith("net.")]
    texts = ((name, readings[name].text) for name in names if name in readings)
    return {name: text.strip() for name, text in texts if text is not None}


def _networkd(files: HostFiles) -> list[Assignment]:
    """Return what systemd-networkd sets for the whole host."""
    if not any(files.lstat(path) for path in _NETWORKD_ENABLED):
        return []
    main = [*([network_conf.MAIN] if files.is_file(network_conf.MAIN) else [])]
    main += drop_ins.in_order(network_conf.MAIN_DIRECTORIES, _in(files, network_conf.MAIN_DIRECTORIES))
    for_host = network_conf.for_host([(path, _text(files, path)) for path in main])
    decided = {one.family for one in for_host}
    interfaces = [name for name in files.listdir(_INTERFACES) if name != "lo"]
    found = boot_programs.by_networkd(for_host)
    for path in network_files(files):
        drop_in_directories = tuple(f"{folder}/{path.rpartition('/')[2]}.d" for folder in network_conf.DIRECTORIES)
        paths = [path, *drop_ins.in_order(drop_in_directories, _in(files, drop_in_directories))]
        network = network_conf.network([(one, _text(files, one)) for one in paths])
        applies = network.applies_to(interfaces)
        if applies is not False:
            forwarding = [one for one in network.forwarding if one.family not in decided]
            found += boot_programs.by_networkd(forwarding, is_known=applies is True)
    return found


def network_files(files: HostFiles) -> list[str]:
    """Return the .network files that systemd-networkd reads, in order."""
    place: dict[str, str] = {}
    for folder in network_conf.DIRECTORIES:
        for name in files.listdir(folder):
            if name.endswith(".network"):
                place.setdefault(name, f"{folder}/{name}")
    return [place[name] for name in sorted(place, key=drop_ins.by_bytes)]


def _cloud_init(files: HostFiles) -> list[Assignment]:
    return boot_programs.by_cloud_init(cloud_config.PATH, cloud_config.names_at_boot(_text(files, cloud_config.PATH)))


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
    profile = tuned_conf.parse(_text(files, path))
    included = [line for one in profile.includes for line in _tuned_profile(files, one, seen)]
    return [*included, *boot_programs.by_tuned(path, profile)]


def _in(files: HostFiles, folders: tuple[str, ...]) -> list[str]:
    return [f"{folder}/{name}" for folder in folders for name in files.listdir(folder)]


def _text(files: HostFiles, path: str) -> str:
    """Return the text of a regular file; empty if there is none or it may not be read."""
    try:
        return (files.read_text(path) or "") if files.is_file(path) else ""
    except PermissionError:
        return ""
