# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not be done is not begun: the run fails on every host, says why, and writes nothing."""

from __future__ import annotations

from typing import Any, Callable, Iterator

import pytest
from testinfra.host import Host

DROP_IN = "/etc/sysctl.d/99-zz-nettune-web.conf"
LATER = "/etc/sysctl.d/99-zzz-later.conf"
PORT_RANGE = "net.ipv4.ip_local_port_range"

# What is asked for, and what must be said about it.
ASKED = {
    "a bad value": (
        {"tuning_settings": {"net.ipv4.tcp_fin_timeout": "soon"}},
        ["net.ipv4.tcp_fin_timeout", "'soon' is not a whole number", "allowed:"],
    ),
    "a misspelt key": (
        {"tuning_settings": {"net.ipv4.tcp_tw_recyle": 1}},
        ["net.ipv4.tcp_tw_recyle is no parameter", "did you mean net.ipv4.tcp_tw_recycle?"],
    ),
    "a hazard": (
        {"tuning_overrides": {"net.ipv4.tcp_max_tw_buckets": 5000}},
        ["hazard tw_buckets_lowered: net.ipv4.tcp_max_tw_buckets lowered from", "to 5000"],
    ),
}


@pytest.mark.parametrize(("variables", "said"), ASKED.values(), ids=ASKED)
def test_what_is_asked_for(refused: Callable[..., str], variables: dict[str, Any], said: list[str]) -> None:
    message = refused("tune_web", **variables)
    assert "nothing was written" in message
    assert [words for words in said if words not in message] == []


@pytest.fixture
def link(everywhere: Callable[..., None]) -> Iterator[None]:
    everywhere("ln --symbolic /etc/somewhere-else %s", DROP_IN)
    yield
    everywhere("rm %s", DROP_IN)


@pytest.mark.usefixtures("link")
def test_drop_in_that_is_a_symbolic_link(refused: Callable[..., str]) -> None:
    assert f"{DROP_IN} is a symbolic link to /etc/somewhere-else" in refused("tune_web")


@pytest.fixture
def read_only(everywhere: Callable[..., None]) -> Iterator[None]:
    everywhere("mount -o remount,bind,ro /proc/sys/net")
    yield
    everywhere("mount -o remount,bind,rw /proc/sys/net")


@pytest.mark.usefixtures("read_only")
def test_proc_sys_that_is_read_only(refused: Callable[..., str]) -> None:
    message = refused("tune_web")
    assert f"{PORT_RANGE} cannot be written: EROFS: /proc/sys is mounted read-only" in message


@pytest.mark.usefixtures("reverted")
def test_two_profiles_that_disagree(hosts: list[Host], run: Callable[..., Any], refused: Callable[..., str]) -> None:
    assert run("tune_web")[0] == 0
    message = refused("tune_mail")
    assert f"{PORT_RANGE}: profile mail asks for '5000 65535' and profile web asks for '1024 65535'" in message
    assert (
        "(mail: /etc/sysctl.d/99-zz-nettune-mail.conf, not written; web: /etc/sysctl.d/99-zz-nettune-web.conf)"
        in message
    )

    settled, said = run("tune_mail", tuning_overrides={PORT_RANGE: [1024, 65535]})
    assert settled == 0, said
    for host in hosts:
        assert host.file("/proc/sys/net/ipv4/ip_local_port_range").content_string.split() == ["1024", "65535"]
        assert host.file("/proc/sys/net/ipv4/tcp_keepalive_time").content_string == "300\n"


@pytest.fixture
def later_file(everywhere: Callable[..., None]) -> Iterator[None]:
    everywhere("echo net.ipv4.tcp_tw_reuse = 0 >%s", LATER)
    yield
    everywhere("rm %s", LATER)


# The one case that is no refusal: what runs is right, and only the next boot would be wrong.
@pytest.mark.usefixtures("later_file", "reverted")
def test_line_that_wins_at_boot_fails_the_verification(hosts: list[Host], run: Callable[..., Any]) -> None:
    status, said = run("tune_web")
    assert status != 0, said
    assert f"{LATER}:1 sets 0 later at boot, so 1 will not survive one" in said
    for host in hosts:
        assert host.file(LATER).content_string == "net.ipv4.tcp_tw_reuse = 0\n"
