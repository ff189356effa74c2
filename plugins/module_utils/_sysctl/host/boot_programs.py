# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what sets kernel parameters at boot besides the loader."""

from __future__ import annotations

import re
from typing import AbstractSet, Container, Mapping

from ..._common.text import shown
from ..._formats import boot_commands, drop_ins, kernel_command_line, network_conf, tuned_conf
from ..._formats.sysctl_conf import Assignment
from ..._host.files import HostFiles
from .. import boot, boot_programs
from ..boot_programs import Programs
from ..snapshot import Reading

# sd_booted(3)
RUNS_SYSTEMD = "/run/systemd/system"
# One of these exists if systemd starts systemd-networkd at boot. The generator of netplan makes those in /run.
_NETWORKD_ENABLED = (
    *(
        f"{folder}/multi-user.target.wants/systemd-networkd.service"
        for folder in (
            *("/etc/systemd/system", "/usr/lib/systemd/system"),
            *("/run/systemd/generator", "/run/systemd/generator.late"),
        )
    ),
    "/etc/systemd/system/dbus-org.freedesktop.network1.service",
)
# Exists if systemd starts NetworkManager at boot.
_NETWORK_MANAGER = "/etc/systemd/system/multi-user.target.wants/NetworkManager.service"
_INTERFACES = "/sys/class/net"
_OS_RELEASE = "/etc/os-release"
_RAISED_SINCE_DEBIAN_13 = frozenset(["fs.nr_open"])
# The first version with IPv4Forwarding=, which ignores IPForward=.
_PER_INTERFACE = 256
_LIBRARY = re.compile(r"libsystemd-(?:shared|core)-(?P<version>\d+)", re.ASCII)
_IF_IT_APPLIES = "systemd-networkd sets it if {path}:{line} applies to an interface of this host"


def read(
    files: HostFiles, readings: Mapping[str, Reading], *, owns_machine: bool, unread: dict[str, str] | None = None
) -> Programs:
    """Return what sets parameters at boot besides the loader. readings: by name, of all that are asked about.

    unread: takes, by path, why a file or a directory cannot be read; what it may set is not known then.
    """
    unread = {} if unread is None else unread
    ufw, networkd, ifupdown, cloud_init, rc_local, tuned = (_Source(files, unread) for _program in range(6))
    script = _rc_local(rc_local)
    has_manager = files.lstat(_NETWORK_MANAGER) is not None
    late = [
        *_networkd(networkd, readings),
        *boot_programs.by_network_manager(readings if has_manager else ()),
        *_ifupdown(ifupdown),
        *ifupdown.lines(boot_programs.IFUPDOWN),
        *_cloud_init(cloud_init),
        *cloud_init.lines(boot_programs.CLOUD_INIT),
        *(_commands(rc_local, boot_programs.RC_LOCAL, script) if script else ()),
        *rc_local.lines(boot_programs.RC_LOCAL),
    ]
    by_tuned, main = _tuned(tuned)
    ufw_file = boot_commands.ufw_file(*map(ufw.text, boot_commands.UFW))
    if not ufw_file.startswith("/") and ufw_file:
        ufw.note({boot_commands.UFW[0]: f"{boot_commands.UFW[0]} names {shown(ufw_file)}, which is not a full path"})
        ufw_file = ""
    return Programs(
        process_1=_process_1(files, readings, owns_machine=owns_machine),
        sure=_RAISED_SINCE_DEBIAN_13 if owns_machine and _is_debian_13(_Source(files, unread)) else frozenset(),
        ufw=ufw_file,
        rc_local=bool(script) and boot_commands.loads_sysctl_conf(rc_local.text(script)),
        late=[
            *ufw.lines(boot_programs.UFW),
            *(line for path, why in networkd.unread.items() for line in boot_programs.by_networkd_unread(path, why)),
            *late,
            *by_tuned,
            *tuned.lines(boot_programs.TUNED),
        ],
        tuned=main,
    )


def by_kernel(
    files: HostFiles, not_built_in: AbstractSet[str], *, release: str, unread: dict[str, str]
) -> list[Assignment]:
    """Return the parameters of the kernel's command line, of this boot: the next one may have another.

    not_built_in: modules. release: of the running kernel. unread: takes, by path, why it cannot be read.
    """
    if not kernel_command_line.is_applied(release):
        return []
    source = _Source(files, unread)
    found = kernel_command_line.parameters(source.text(kernel_command_line.PATH))
    return [*boot_programs.by_kernel(found, not_built_in), *source.lines(boot_programs.KERNEL)]


class _Source:
    """The files of one program. unread: by path, why one cannot be read; `everything` takes the same."""

    def __init__(self, files: HostFiles, everything: dict[str, str]) -> None:
        self.files = files
        self.unread: dict[str, str] = {}
        self._everything = everything

    def text(self, path: str) -> str:
        """Return the text of a file; empty if there is none or it cannot be read."""
        text, why = self.files.try_text(path)
        self.note({path: why} if why else {})
        return text

    def names(self, folder: str) -> list[str]:
        """Return the names in a directory; none if there is none or it cannot be read."""
        unread: dict[str, str] = {}
        names = self.files.try_listdir(folder, unread)
        self.note(unread)
        return names

    def lines(self, program: str) -> list[Assignment]:
        """Return the lines that stand for what cannot be read: it may set any parameter."""
        return [boot.unread(path, why, by=program) for path, why in self.unread.items()]

    def note(self, unread: dict[str, str]) -> None:
        """Record the reason, by path, why it is not known what a file or a directory sets."""
        self.unread.update(unread)
        self._everything.update(unread)


def _is_debian_13(source: _Source) -> bool:
    """Return whether this is Debian 13 or later, which may have been upgraded since our values were written."""
    found = dict(line.strip().split("=", 1) for line in source.text(_OS_RELEASE).split("\n") if "=" in line)
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


def systemd_version(source: _Source) -> int | None:
    """Return the version of systemd by the name of its private library, or None if that is not found."""
    multiarch = [f"/usr/lib/{name}/systemd" for name in source.names("/usr/lib") if name.endswith("-linux-gnu")]
    names = (name for folder in ("/usr/lib/systemd", "/lib/systemd", *multiarch) for name in source.names(folder))
    found = filter(None, map(_LIBRARY.match, names))
    return max((int(match["version"]) for match in found), default=None)


def _networkd(source: _Source, asked: Container[str]) -> list[Assignment]:
    """Return what systemd-networkd sets: IP forwarding, and of other parameters of interfaces those in `asked`."""
    if not any(source.files.lstat(path) for path in _NETWORKD_ENABLED):
        return []
    version = systemd_version(source)
    for_host = [] if version is not None and version < _PER_INTERFACE else network_conf.for_host(_networkd_conf(source))
    unsure = "" if version is not None else "systemd-networkd may set it, depending on its version"
    found = [line for one in for_host for line in boot_programs.by_networkd_for_host(one, unsure)]
    decided = {one.family for one in for_host}
    interfaces = [name for name in source.names(_INTERFACES) if name != "lo"]
    for path in network_files(source):
        if not source.text(path).strip():
            continue
        drop_in_directories = tuple(f"{folder}/{path.rpartition('/')[2]}.d" for folder in network_conf.DIRECTORIES)
        paths = [path, *drop_ins.in_order(drop_in_directories, _in(source, drop_in_directories))]
        network = network_conf.network([(one, source.text(one)) for one in paths])
        matched = network.matched(interfaces)
        for one in network.forwarding if matched else ():
            unknown = "" if network.is_by_name else _IF_IT_APPLIES.format(path=one.path, line=one.line)
            if one.of == network_conf.INTERFACE and (version or _PER_INTERFACE) >= _PER_INTERFACE:
                found += boot_programs.by_networkd_for_interfaces(one, matched, unsure or unknown)
            elif one.of == network_conf.HOST and one.family not in decided:
                found += boot_programs.by_networkd_for_host(one, unknown)
            elif one.of == network_conf.HOST_BEFORE_256 and (version or 0) < _PER_INTERFACE:
                found += boot_programs.by_networkd_for_host(one, unsure or unknown)
        others = (boot_programs.by_networkd_for_interface(one, name) for one in network.others for name in matched)
        found += (line for line in others if line.name in asked)
        if network.is_by_name:
            interfaces = [name for name in interfaces if name not in matched]
    return found


def _networkd_conf(source: _Source) -> list[tuple[str, str]]:
    drop_in_paths = drop_ins.in_order(network_conf.MAIN_DIRECTORIES, _in(source, network_conf.MAIN_DIRECTORIES))
    return [(path, source.text(path)) for path in (network_conf.MAIN, *drop_in_paths)]


def network_files(source: _Source) -> list[str]:
    """Return the .network files that systemd-networkd reads, in order."""
    place: dict[str, str] = {}
    for folder in network_conf.DIRECTORIES:
        for name in source.names(folder):
            if name.endswith(".network"):
                place.setdefault(name, f"{folder}/{name}")
    return [place[name] for name in sorted(place, key=drop_ins.by_bytes)]


def _commands(source: _Source, program: str, path: str) -> list[Assignment]:
    return boot_programs.by_commands(program, path, boot_commands.names_in_commands(source.text(path)))


def _ifupdown(source: _Source) -> list[Assignment]:
    if source.files.lstat(boot_commands.IFUPDOWN) is None:
        return []
    more = [f"{boot_commands.INTERFACES_D}/{name}" for name in source.names(boot_commands.INTERFACES_D)]
    paths = (boot_commands.INTERFACES, *more)
    return [line for path in paths for line in _commands(source, boot_programs.IFUPDOWN, path)]


def _cloud_init(source: _Source) -> list[Assignment]:
    found = boot_commands.names_in_bootcmd(source.text(boot_commands.CLOUD_CONFIG))
    return boot_programs.by_commands(boot_programs.CLOUD_INIT, boot_commands.CLOUD_CONFIG, found)


def _rc_local(source: _Source) -> str:
    """Return the path of the script rc.local that systemd runs, empty if it runs none."""
    return next((path for path in boot_commands.RC_LOCAL if source.files.is_executable(path)), "")


def _tuned(source: _Source) -> tuple[list[Assignment], tuned_conf.Main | None]:
    """Return what TuneD sets by its profiles, and its options; no options if it sets no parameters."""
    if source.files.lstat(tuned_conf.ENABLED) is None:
        return [], None
    main = tuned_conf.parse_main(source.text(tuned_conf.MAIN))
    sections = tuned_conf.merged(_tuned_profiles(source, main))
    is_used = tuned_conf.has_parameters(sections) or source.unread
    return boot_programs.by_tuned(tuned_conf.settings(sections)), main if is_used else None


def _tuned_profiles(source: _Source, main: tuned_conf.Main) -> list[tuned_conf.Profile]:
    """Return the active profiles of TuneD, each after those that it includes."""
    names = [name for path in tuned_conf.ACTIVE_PROFILES for name in source.text(path).split()]
    if not names and not source.unread and source.text(tuned_conf.PROFILE_MODE).strip() != "manual":
        source.note({tuned_conf.ACTIVE_PROFILES[0]: "no profile of TuneD is active, so it chooses one when it starts"})
    found: list[tuned_conf.Profile] = []
    seen: set[str] = set()
    # Each name on top of `pending` is expanded once, and then its own profile follows those of its includes.
    pending: list[str | tuned_conf.Profile] = list(reversed(names))
    while pending:
        top = pending.pop()
        if isinstance(top, tuned_conf.Profile):
            found.append(top)
            continue
        if "${" in top:
            source.note({tuned_conf.MAIN: f"TuneD computes which profile it includes: {shown(top)}"})
            continue
        file_name = top.lstrip("-").rpartition("/")[2]
        paths = [path for path in main.candidates(file_name) if source.files.lstat(path) is not None]
        # A profile may include one of the same name in a directory with less precedence.
        path = next((one for one in paths if one not in seen), None)
        if path is not None:
            seen.add(path)
            profile = tuned_conf.parse(path, source.text(path))
            pending += [profile, *reversed(profile.includes)]
        elif not paths and not top.startswith("-"):
            source.note(
                {tuned_conf.ACTIVE_PROFILES[0]: f"TuneD has no profile {shown(top)}, which is active or included"}
            )
    return found


def _in(source: _Source, folders: tuple[str, ...]) -> list[str]:
    return [f"{folder}/{name}" for folder in folders for name in source.names(folder)]
