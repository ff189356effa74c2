# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invalid requests are refused: the run fails on every host, gives the reason, and changes nothing."""

from __future__ import annotations

from typing import Any, Callable, Iterator

import pytest
from testinfra.host import Host

DROP_IN = "/etc/sysctl.d/99-zz-nettune-web.conf"
LATER = "/etc/sysctl.d/99-zzz-later.conf"
FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout"
PORT_RANGE = "net.ipv4.ip_local_port_range"

# Variables of the role, and parts of the expected message.
REQUESTS = {
    "an invalid value": (
        {"tuning_settings": {"net.ipv4.tcp_fin_timeout": "soon"}},
        ["tuning_settings: net.ipv4.tcp_fin_timeout: 'soon' is not a whole number"],
    ),
    "a misspelt key": (
        {"tuning_settings": {"net.ipv4.tcp_tw_recyle": 1}},
        [
            "nothing was written",
            "net.ipv4.tcp_tw_recyle: unknown kernel parameter",
            "did you mean net.ipv4.tcp_tw_recycle?",
        ],
    ),
    "a hazard": (
        {"tuning_overrides": {"net.ipv4.tcp_max_tw_buckets": 5000}},
        ["nothing was written", "hazard tw_buckets_lowered: net.ipv4.tcp_max_tw_buckets lowered from", "to 5000"],
    ),
}


@pytest.mark.parametrize(("variables", "expected"), REQUESTS.values(), ids=REQUESTS)
def test_request(refused: Callable[..., str], variables: dict[str, Any], expected: list[str]) -> None:
    message = refused("tune_web", **variables)
    assert [words for words in expected if words not in message] == []


@pytest.fixture
def link(everywhere: Callable[..., None]) -> Iterator[None]:
    everywhere("ln --symbolic /etc/somewhere-else %s", DROP_IN)
    yield
    everywhere("rm %s", DROP_IN)


@pytest.mark.usefixtures("link")
def test_symbolic_link_as_drop_in(refused: Callable[..., str]) -> None:
    assert f"{DROP_IN} is a symbolic link to /etc/somewhere-else" in refused("tune_web")


@pytest.fixture
def read_only(everywhere: Callable[..., None]) -> Iterator[None]:
    everywhere("mount -o remount,bind,ro /proc/sys/net")
    yield
    everywhere("mount -o remount,bind,rw /proc/sys/net")


@pytest.mark.usefixtures("read_only")
def test_read_only_proc_sys(refused: Callable[..., str]) -> None:
    message = refused("tune_web")
    assert f"{PORT_RANGE} cannot be written: EROFS: /proc/sys is mounted read-only" in message


@pytest.mark.usefixtures("reverted")
def test_two_conflicting_profiles(hosts: list[Host], run: Callable[..., Any], refused: Callable[..., str]) -> None:
    assert run("tune_web", tuning_settings={FIN_TIMEOUT: 20})[0] == 0
    message = refused("tune_mail")
    assert f"{FIN_TIMEOUT}: profile mail requests '30' (" in message
    assert "and profile web requests '20'" in message
    assert (
        "(mail: /etc/sysctl.d/99-zz-nettune-mail.conf, not yet written; web: /etc/sysctl.d/99-zz-nettune-web.conf)"
        in message
    )

    status, output = run("tune_mail", tuning_overrides={FIN_TIMEOUT: 20})
    assert status == 0, output
    for host in hosts:
        assert host.file("/proc/sys/net/ipv4/tcp_fin_timeout").content_string == "20\n"
        assert host.file("/proc/sys/net/ipv4/tcp_keepalive_time").content_string == "300\n"


@pytest.fixture
def later_file(everywhere: Callable[..., None]) -> Iterator[None]:
    everywhere("echo net.ipv4.tcp_tw_reuse = 0 >%s", LATER)
    yield
    everywhere("rm %s", LATER)


# Not a refusal: the running values are correct, but not those after the next boot.
@pytest.mark.usefixtures("later_file", "reverted")
def test_a_later_file_fails_the_verification(hosts: list[Host], run: Callable[..., Any]) -> None:
    status, output = run("tune_web")
    assert status != 0, output
    assert f"{LATER}:1 sets 0 at boot, after our file: 1 will be lost on reboot" in output
    for host in hosts:
        assert host.file(LATER).content_string == "net.ipv4.tcp_tw_reuse = 0\n"
