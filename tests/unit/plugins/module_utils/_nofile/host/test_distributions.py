# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins on other distributions than Debian, by the sources named with each. They were not tried there.

The trees in tests/fixtures/distributions, and hosts with lines about nofile. The files have only the session lines that
decide whether pam_limits(8) is used.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host import pam
from ansible_collections.nettune.tcp.tests.unit.support import distributions
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import FakeHost, apply, by, request, revert

LIMITS_SO = "session required pam_limits.so\n"
USE_PAM = {"/etc/ssh/sshd_config": "UsePAM yes\n"}


class Distribution(NamedTuple):
    """files: by path. outside: the daemons whose sessions do not use pam_limits. before: the limits of a login."""

    files: dict[str, str]
    outside: tuple[str, ...] = ()
    before: Limit = Limit(1024, 524288)


OTHERS = {
    # The vendor directories of linux-pam/linux-pam: modules/pam_limits/pam_limits.c. The administrator's file masks the
    # vendor's.
    "vendor files": Distribution(
        {
            "/usr/lib/pam.d/sshd": "session include common-session\n",
            "/usr/lib/pam.d/login": "session include common-session\n",
            "/usr/lib/pam.d/crond": "session include common-session\n",
            "/etc/pam.d/common-session": f"session optional pam_systemd.so\n{LIMITS_SO}",
            "/usr/etc/ssh/sshd_config": "Include /usr/etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n",
            "/usr/etc/security/limits.d/20-app.conf": "* - nofile 512\n",
            "/etc/security/limits.d/20-app.conf": "* soft nofile 2048\n",
            "/usr/etc/security/limits.d/10-app.conf": "* hard nofile 9999\n",
        },
        before=Limit(2048, 9999),
    ),
    # gentoo/pambase: templates/{system-login,system-auth,system-session}.tpl.
    "gentoo": Distribution(
        {
            "/etc/pam.d/sshd": "session include system-remote-login\n",
            "/etc/pam.d/system-remote-login": "session include system-login\n",
            "/etc/pam.d/system-login": "session\t\toptional\tpam_loginuid.so\nsession\t\tinclude\t\tsystem-auth\n",
            "/etc/pam.d/system-auth": "session\t\trequired\tpam_limits.so \nsession\t\trequired\tpam_unix.so \n",
            **USE_PAM,
        }
    ),
    # altlinux/specs: p/pam-limits-desktop.
    "alt": Distribution(
        {
            "/etc/pam.d/sshd": LIMITS_SO,
            "/etc/security/limits.d/90-desktop.conf": "*\t\tsoft\tnofile\t8192\n*\t\thard\tnofile\t10240\n",
            **USE_PAM,
        },
        before=Limit(8192, 10240),
    ),
}


TREES = {
    **dict.fromkeys(distributions.NAMES, Distribution({})),
    "alpine": Distribution({}, outside=("sshd",)),
    # Its pam_limits starts from the limits of process 1.
    "ubuntu2404": Distribution({}, before=Limit(1024, 1048576)),
}


@pytest.fixture(params=[*TREES, *OTHERS])
def name(request: Any) -> str:
    return request.param


@pytest.fixture
def distribution(name: str) -> Distribution:
    return {**TREES, **OTHERS}[name]


@pytest.fixture
def host(name: str, distribution: Distribution, tmp_path: Any) -> FakeHost:
    host = FakeHost(tmp_path, systemd=name != "alpine")
    host.process(50, "sshd", unit="sshd.service")
    cron = "cron" if name.startswith("ubuntu") else "crond"
    host.process(60, cron, unit=f"{cron}.service")
    if name in TREES:
        distributions.lay_out(name, tmp_path)
    for path, text in distribution.files.items():
        host.write(path, text)
    return host


def test_who_uses_pam_limits(host: FakeHost, distribution: Distribution) -> None:
    assert tuple(pam.outside(host.files)) == distribution.outside


def test_logins_are_raised_and_reverted(host: FakeHost, distribution: Distribution) -> None:
    before = host.tree()
    floor = Limit(16384, 16384)
    result = apply(host, request(floor, users=("www", "root"), services=()))
    for user, row in by("user", result["users"]).items():  # a line for * covers root too
        assert row["before"] == distribution.before._asdict(), user
        assert row["after"] == {"soft": 16384, "hard": max(16384, distribution.before.hard)}
    named = {row["what"] for row in result["not_applicable"]}
    assert named == {f"user {user} by {daemon}" for user in ("www", "root") for daemon in distribution.outside}
    assert not apply(host, request(floor, users=("www", "root"), services=()))["changed"]
    revert(host)
    assert host.tree() == before


def test_alpine_without_pam(tmp_path: Any) -> None:
    host = FakeHost(tmp_path, systemd=False)
    host.process(50, "sshd")
    host.locate("/etc/security/limits.d").rmdir()
    host.locate("/etc/security").rmdir()
    host.write("/etc/ssh/sshd_config", "AllowTcpForwarding no\n")
    result = apply(host, request(users=("root",), services=()))
    assert not result["changed"]
    assert "there is no /etc/security" in result["not_applicable"][0]["reason"]
