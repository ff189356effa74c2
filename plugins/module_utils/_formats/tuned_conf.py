# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel parameters of TuneD: its profiles (tuned.conf(5)) and tuned-main.conf.

TuneD writes them when it starts or switches profiles (tuned/plugins/plugin_sysctl.py, plugin_vm.py and plugin_net.py),
once it has merged the active profiles and those that they include (tuned/profiles/loader.py and merger.py). With
`reapply_sysctl`, which is on by default, it then applies the files of sysctl.d(5) in /run and /etc, and
/etc/sysctl.conf last; but only if a profile has kernel parameters.
"""

from __future__ import annotations

import fnmatch
import re
from typing import Iterable, Iterator, Mapping, NamedTuple

from . import sysctl_conf

# What is active, then what is loaded after it.
ACTIVE_PROFILES = ("/etc/tuned/active_profile", "/etc/tuned/post_loaded_profile")
# `manual`: without an active profile there is none; `auto`: TuneD chooses one when it starts.
PROFILE_MODE = "/etc/tuned/profile_mode"
MAIN = "/etc/tuned/tuned-main.conf"
# Exists if systemd starts TuneD at boot.
ENABLED = "/etc/systemd/system/multi-user.target.wants/tuned.service"
# The first one has precedence.
DIRECTORIES = ("/etc/tuned/profiles", "/etc/tuned", "/usr/lib/tuned/profiles", "/usr/lib/tuned")

_COMMENT = re.compile(r"(?:^|\s)#")
_LIST = re.compile(r"\s*[,;]\s*")
_ON = ("True", "true", "1")
# Options that end with the section of the same name in a later profile.
_OF_LATEST = ("type", "enabled")
_CONDITIONS = ("cpuinfo_regex", "uname_regex")
_DIRTY = ("dirty", "dirty_background")


class Option(NamedTuple):
    """An option of a section, and the line that sets it."""

    path: str
    line: int
    value: str


class Profile(NamedTuple):
    """One tuned.conf. includes: the profiles it builds on, in order; a leading `-` means: if there is one."""

    includes: list[str]
    sections: dict[str, dict[str, Option]]


class Setting(NamedTuple):
    """A parameter that TuneD sets. condition: when it does; empty if it always does."""

    name: str
    option: Option
    condition: str = ""


class Main(NamedTuple):
    """reapply: whether files are applied after a profile. exclude: patterns of names that are left out of them.

    directories: those of profiles; the first one has precedence.
    """

    reapply: bool = True
    exclude: tuple[str, ...] = ()
    directories: tuple[str, ...] = DIRECTORIES

    def applies_again(self, name: str) -> bool:
        return self.reapply and not any(fnmatch.fnmatchcase(name, pattern) for pattern in self.exclude)

    def candidates(self, profile: str) -> list[str]:
        """Return the possible paths of a profile's file; the first that exists is used."""
        return [f"{directory}/{profile}/tuned.conf" for directory in self.directories]


def parse(path: str, text: str) -> Profile:
    """Parse a tuned.conf. Malformed lines are skipped."""
    profile = Profile([], {})
    section: dict[str, Option] = {}
    for number, raw in enumerate(text.split("\n"), start=1):
        line = _COMMENT.split(raw)[0].strip()
        if line.startswith("["):
            section = profile.sections.setdefault(line.strip("[]").strip(), {})
        elif line and line[0] != ";" and "=" in line:
            key, value = (part.strip() for part in line.split("=", 1))
            section[key] = Option(path, number, value)
    include = profile.sections.pop("main", {}).get("include")
    profile.includes.extend(filter(None, _LIST.split(include.value)) if include else ())
    return profile


def merged(profiles: Iterable[Profile]) -> dict[str, dict[str, Option]]:
    """Return the sections of all profiles by name; a later profile adds its options, unless it replaces the section."""
    found: dict[str, dict[str, Option]] = {}
    for profile in profiles:
        for name, section in profile.sections.items():
            drop = _LIST.split(_value(section, "drop"))
            kept = {} if _value(section, "replace") in _ON else found.get(name, {})
            kept = {key: option for key, option in kept.items() if key not in (*_OF_LATEST, *drop)}
            found[name] = {**kept, **section}
    return {name: section for name, section in found.items() if _value(section, "enabled", "1") in _ON}


def has_parameters(sections: Mapping[str, Mapping[str, Option]]) -> bool:
    """Return whether merged profiles have a section for kernel parameters, even an empty one."""
    return any(_value(section, "type", name) == "sysctl" for name, section in sections.items())


def settings(sections: Mapping[str, Mapping[str, Option]]) -> list[Setting]:
    """Return the parameters that merged profiles set, in order."""
    ordered = sorted(sections.items(), key=lambda item: _priority(item[1]))
    return [
        setting
        for name, section in ordered
        for key, option in section.items()
        for setting in _settings(_value(section, "type", name), key, option, _condition(section))
    ]


def parse_main(text: str) -> Main:
    """Parse tuned-main.conf."""
    found = Main()
    for raw in text.split("\n"):
        line = _COMMENT.split(raw)[0].strip()
        if line and line[0] != ";" and "=" in line:
            key, value = (part.strip() for part in line.split("=", 1))
            if key == "reapply_sysctl":
                found = found._replace(reapply=value.strip("\"'").lower() in ("1", "true", "yes", "y", "t", "on"))
            elif key == "reapply_sysctl_exclude":
                found = found._replace(exclude=tuple(value.replace(";", " ").replace(",", " ").split()))
            elif key == "profile_dirs":
                # The last one has precedence.
                directories = [one.rstrip("/") for one in _LIST.split(value) if one.startswith("/")]
                found = found._replace(directories=tuple(reversed(directories)) or DIRECTORIES)
    return found


def name_of(key: str) -> str:
    """Return the canonical name that TuneD reads, which exchanges all dots and slashes; empty for one it cannot find.

    >>> name_of("net.ipv4.conf.eth0/100.rp_filter"), name_of("net/ipv4/tcp_sack"), name_of("-vm.swappiness")
    ('net.ipv4.conf.eth0/100.rp_filter', '', '')
    """
    before_slash = key.partition("/")[0]
    return key if "." in before_slash and key[0].isalpha() and not any(mark in key for mark in "*?[") else ""


def is_computed(value: str) -> bool:
    """Return whether a value of a profile depends on the host: it has variables, or is a lower or upper bound."""
    return "${" in value or value[:1] in "<>"


def assignments(path: str, text: str, main: Main) -> Iterable[sysctl_conf.Assignment]:
    """Yield the lines of a sysctl.d file that TuneD applies again."""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if line and line[0] not in "#;" and "=" in line:
            key, value = (part.strip() for part in line.split("=", 1))
            if name_of(key) and main.applies_again(key):
                yield sysctl_conf.Assignment(path, number, key, value)


def _settings(kind: str, key: str, option: Option, condition: str) -> Iterator[Setting]:
    """Yield the parameter that an option of a section sets, if it sets one. kind: the plugin of the section."""
    if kind == "sysctl" and name_of(key):
        value = option.value
        is_quoted = len(value) > 1 and value[0] == value[-1] == '"'
        yield Setting(key, option._replace(value=value[1:-1] if is_quoted else value), condition)
    elif kind == "vm" and key.rpartition("_")[0] in _DIRTY:
        share = option.value.rstrip("%").strip()
        name = f"vm.{key.rpartition('_')[0]}_ratio" if option.value.endswith("%") else f"vm.{key}"
        yield Setting(name, option._replace(value=share), condition)
    elif kind == "net" and key == "nf_conntrack_hashsize":
        yield Setting("net.netfilter.nf_conntrack_buckets", option, condition or "nf_conntrack is loaded by then")


def _condition(section: Mapping[str, Option]) -> str:
    """Return the condition of a section; empty if it has none."""
    lines = (section[key] for key in _CONDITIONS if key in section)
    return " and ".join(f"{one.path}:{one.line} matches this host" for one in lines)


def _priority(section: Mapping[str, Option]) -> int:
    value = _value(section, "priority")
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else 0


def _value(section: Mapping[str, Option], key: str, default: str = "") -> str:
    return section[key].value if key in section else default
