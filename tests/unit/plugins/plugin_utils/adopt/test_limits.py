# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of limits.conf as variables."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._adopt import lines
from ansible_collections.nettune.tcp.plugins.module_utils._formats import limits_conf
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import facts
from ansible_collections.nettune.tcp.plugins.plugin_utils.adopt.limits import Limits, limits
from ansible_collections.nettune.tcp.plugins.plugin_utils.adopt.role import Role

NR_OPEN = 1048576
PATH = "/etc/security/limits.conf"
NO_ROLE = Role({})


def adopted(text: str, role: Role = NO_ROLE) -> Limits:
    rows = [facts.entry_row(entry, nr_open=NR_OPEN) for entry in limits_conf.entries(PATH, text)]
    return limits({"entries": rows, "others": list(lines.other_limits(PATH, text)), "nr_open": NR_OPEN}, role)


@pytest.mark.parametrize(
    ("text", "nofile", "users"),
    [
        ("app - nofile 65536", 65536, ("app",)),
        ("app soft nofile 4096", 4096, ("app",)),
        ("app soft nofile 65536\napp hard nofile 4096", 4096, ("app",)),
        ("* - nofile 8192\nroot - nofile 8192", 8192, ("*", "root")),
        ("app - nofile infinity", NR_OPEN, ("app",)),
        ("app - nofile -1", NR_OPEN, ("app",)),
        ("app - nofile 4096\napp - nofile 8192", 8192, ("app",)),
        ("a - nofile 4096\nb - nofile 8192", 8192, ("b",)),
        ("a - nofile 4096\nb - nofile 4096\nc - nofile 8192", 4096, ("a", "b")),
        ("* - nofile 4096\nb - nofile 8192\nc - nofile 8192", 4096, ("*",)),
        ("app hard nofile 4096", 0, ()),
        ("@app - nofile 4096", 0, ()),
        ("%app - nofile 4096", 0, ()),
        ("500: - nofile 4096", 0, ()),
        ("@500: - nofile 4096", 0, ()),
        ("app - nofile 512", 0, ()),
        ("app -", 0, ()),
        ("app - nproc 4096", 0, ()),
        ("", 0, ()),
    ],
)
def test_limit_and_users(text: str, nofile: int, users: tuple[str, ...]) -> None:
    found = adopted(text)
    assert (found.nofile, found.users) == (nofile, users)
    assert all(f"{PATH}:{number}" in str(found) for number, _line in enumerate(text.splitlines(), start=1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("app hard nofile 4096", "only the hard limit"),
        ("@app - nofile 4096", "not groups"),
        ("500:600 - nofile 4096", "not ranges"),
        ("0 - nofile 4096", "not the name of a user"),
        ("app - nofile 512", "never lowers"),
        ("app -", "exempt from all limits"),
        ("app - nofile 4096\napp - nofile 8192", f"overridden by {PATH}:2"),
        ("a - nofile 4096\nb - nofile 8192", "give a a profile of its own"),
        ("app - nproc 4096", f"nproc ({PATH}:1): nettune.tcp sets open files only"),
        ("\n".join(["app - nproc 4096"] * 7), "and 2 more"),
        ("app nofile 4096", "pam_limits ignores this line"),
    ],
)
def test_what_is_left_out_has_a_reason(text: str, said: str) -> None:
    assert said in " ".join(adopted(text).left_out)


def test_notes_on_what_is_carried_over() -> None:
    assert adopted("app soft nofile 4096\napp hard nofile 8192").notes[1].startswith("app: the hard limit of 8192")
    assert adopted("app - nofile unlimited").notes[1] == f"app: unlimited is fs.nr_open, {NR_OPEN} on this host"


def test_the_limit_of_a_role_is_never_lowered() -> None:
    role = Role({}, nofile=65536)
    assert adopted("app - nofile 4096", role).nofile == 0
    assert "the role sets 65536" in adopted("app - nofile 4096", role).left_out[0]
    assert adopted("app - nofile 131072", role).notes[1] == "the services of the role get this limit too"
