# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings made by commands of other tools than sysctl and the shell, and lines of their files that look alike.

augtool set /files/etc/sysctl.conf/net.core.somaxconn 4096
crudini --set /etc/sysctl.conf '' net.core.somaxconn 4096
ansible all -m sysctl -a "name=net.core.somaxconn value=4096"
salt '*' sysctl.persist net.core.somaxconn 4096
set system sysctl parameter net.core.somaxconn value 4096
lxc config set web linux.sysctl.net.core.somaxconn 4096
w /proc/sys/net/core/somaxconn - - - - 4096                    (systemd-tmpfiles)
write /proc/sys/net/core/somaxconn 4096                        (Android's init)
"""

from __future__ import annotations

import re
from typing import Iterator, Sequence

from . import keys

# A node of augeas, with or without the file before it.
_NODE = re.compile(r"(?:/files)?(?:/etc/sysctl(?:\.conf|\.d/[^/]+)/)?(?P<key>[\w./-]+)", re.ASCII)
_ARGUMENT = re.compile(r"""(?<!\S)(?P<name>name|key|value|val|state)=(?:"([^"]*)"|'([^']*)'|(\S+))""")
_PROC = re.compile(r"/proc/sys/(?P<path>[\w./*:@%+-]+)", re.ASCII)
_TMPFILES = re.compile(r"[wfF][-+!=~^$]*")
_VALUE = re.compile(r"[\w./+-][\w./ \t,+-]*", re.ASCII)


def settings(name: str, words: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """Yield (key, value, in_file) for each setting that a command makes.

    name: of the command. words: the command without prefixes such as sudo, without quotes. in_file: whether it changes
    a file rather than the kernel's value.
    """
    if name in ("set", "augtool") and "set" in words:
        yield from _assigned(words[words.index("set") + 1 :], in_file=True)
    elif name == "crudini" and "--set" in words:
        # The file and the section come first.
        yield from _assigned(words[words.index("--set") + 3 :], in_file=True)
    elif name == "ansible" and "-a" in words[:-1]:
        yield from _arguments(words[words.index("-a") + 1])
    elif name in ("salt", "salt-call", "salt-ssh"):
        for at, word in enumerate(words):
            if word in ("sysctl.persist", "sysctl.assign"):
                yield from _assigned(words[at + 1 :], in_file=word == "sysctl.persist")
    elif name == "write" or _TMPFILES.fullmatch(name):
        found = _PROC.fullmatch(words[1]) if len(words) > 2 else None
        value = " ".join(words[2:] if name == "write" else words[6:]).rstrip("\"',;")
        if found and _VALUE.fullmatch(value):
            yield keys.canonical(found["path"]), value, True
    elif name in ("lxc", "incus") and "set" in words:
        at = next((at for at, word in enumerate(words) if word.startswith("linux.sysctl.")), len(words))
        yield from _assigned([keys.of_container(word) for word in words[at:]], in_file=True)


def _assigned(words: Sequence[str], *, in_file: bool) -> Iterator[tuple[str, str, bool]]:
    """Yield the setting of a name and the value after it."""
    if list(words[:2]) == ["system", "sysctl"]:
        words = [word for word in words[3:] if word != "value"]
    found = _NODE.fullmatch(words[0]) if len(words) > 1 else None
    if found and keys.is_name(found["key"]) and _VALUE.fullmatch(words[1]):
        yield keys.canonical(found["key"]), words[1], in_file


def _arguments(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the setting of the arguments of Ansible's module sysctl."""
    given = {one["name"]: one[2] or one[3] or one[4] or "" for one in _ARGUMENT.finditer(text)}
    key, value = given.get("name", given.get("key", "")), given.get("value", given.get("val"))
    if keys.is_name(key) and value is not None and given.get("state") != "absent":
        yield keys.canonical(key), value, True
