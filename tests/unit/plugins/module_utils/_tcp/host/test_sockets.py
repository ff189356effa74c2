# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.collectors import Listeners
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.sockets import TcpSockets
from ansible_collections.nettune.tcp.tests.unit.support.messages import DONE, SMALL, chunk, failure, message

HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
ROW = "   0: 0100007F:0050 00000000:0000 0A 00000000:00000003 00:00000000 00000000   113        0 24078 1 0\n"
RARE = 0xFBC
LISTENER = message(10, source="127.0.0.1", sport=80, queues=(3, 511))
WAITING = message(6, attributes=SMALL)


def refuse(error: OSError):
    raise error


class FakeSockDiag(SockDiag):
    """A kernel with one listener, two ESTABLISHED and three TIME_WAIT sockets; `asked` are the masks of its dumps."""

    SOCKETS = [(10, LISTENER), *[(1, message(1))] * 2, *[(6, WAITING)] * 3]

    def __init__(self, answer=b""):
        self.answer = answer
        self.asked = []

    def dump(self, states):
        self.asked.append(states)
        answer, self.answer = self.answer, b""
        if isinstance(answer, OSError):
            refuse(answer)
        if answer:
            yield chunk(answer)
        yield chunk(*[data for state, data in self.SOCKETS if states >> state & 1] or [DONE])
        yield chunk(DONE)


def proc(tmp_path, *, sockstat="TCP: inuse 3 orphan 0 tw 3\n", current=2, tcp=HEADER + ROW):
    net = tmp_path / "self" / "net"
    net.mkdir(parents=True)
    if sockstat:
        (net / "sockstat").write_text(sockstat)
    (net / "snmp").write_text(f"Tcp: ActiveOpens PassiveOpens CurrEstab\nTcp: 5 6 {current}\n")
    if tcp:
        (net / "tcp").write_text(tcp)
    return ProcFS(str(tmp_path))


def read(procfs, sock_diag, *, source="auto", release="6.1.0", states=tcp_state.ALL, walked=RARE):
    sockets = TcpSockets(procfs, sock_diag, release=release)
    made = []

    def collectors():
        made[:] = [Listeners(limit=10)]
        return made

    counted = sockets.count(source=source, states=states, walked=walked, collectors=collectors)
    found = {name: number for name, number in counted.states_fact()["states"].items() if number}
    return found, [(row["address"], row["port"]) for row in made[0].rows()], sockets


EXPECTED = {"ESTABLISHED": 2, "TIME_WAIT": 3, "LISTEN": 1}
LISTENERS = [("127.0.0.1", 80)]


def test_auto_dumps_the_rare_states_once(tmp_path):
    kernel = FakeSockDiag()
    found, listeners, sockets = read(proc(tmp_path), kernel)
    assert (found, listeners, sockets.source, sockets.reason) == (EXPECTED, LISTENERS, "counters+netlink", "")
    assert kernel.asked == [RARE]


def test_families_need_time_wait_dumped(tmp_path):
    kernel = FakeSockDiag()
    found, _listeners, sockets = read(proc(tmp_path), kernel, walked=tcp_state.ALL & ~2)
    assert (found, sockets.source) == (EXPECTED, "counters+netlink")
    assert kernel.asked == [tcp_state.ALL & ~2]


@pytest.mark.parametrize("walked", [RARE, tcp_state.ALL])
def test_exact_dumps_all_states(tmp_path, walked):
    kernel = FakeSockDiag()
    found, listeners, sockets = read(proc(tmp_path), kernel, source="exact", walked=walked)
    assert (found, listeners, sockets.source, sockets.reason) == (EXPECTED, LISTENERS, "netlink", "")
    assert kernel.asked == [tcp_state.ALL]


def test_listeners_alone_are_dumped_alone(tmp_path):
    kernel = FakeSockDiag()
    _found, listeners, sockets = read(
        proc(tmp_path), kernel, states=1 << tcp_state.LISTEN, walked=1 << tcp_state.LISTEN
    )
    assert (listeners, sockets.source, kernel.asked) == (LISTENERS, "netlink", [0x400])


def test_after_two_disagreements_everything_is_dumped(tmp_path):
    kernel = FakeSockDiag()
    found, listeners, sockets = read(proc(tmp_path, current=4), kernel)
    assert (found, listeners, sockets.source) == (EXPECTED, LISTENERS, "netlink")
    assert kernel.asked == [RARE] * 2 + [tcp_state.ALL]
    assert "CurrEstab is 4" in sockets.reason


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"sockstat": ""}, "the counters are not available: the kernel's socket counters have no 'TCP'"),
        ({"sockstat": "TCP: inuse\n"}, "the counters are not available: line 1 of a sockstat file"),
    ],
)
def test_without_counters_everything_is_dumped(tmp_path, options, reason):
    kernel = FakeSockDiag()
    found, _listeners, sockets = read(proc(tmp_path, **options), kernel)
    assert (found, sockets.source, kernel.asked) == (EXPECTED, "netlink", [tcp_state.ALL])
    assert sockets.reason.startswith(reason)


def test_the_time_wait_counter_of_an_old_kernel_is_not_used(tmp_path):
    _found, _listeners, sockets = read(proc(tmp_path), FakeSockDiag(), release="3.10.0")
    assert sockets.source == "netlink"
    assert "4.10" in sockets.reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (PermissionError(1, "no"), "EPERM"),
        (OSError(93, "no"), "EPROTONOSUPPORT"),
        (failure(2), "ENOENT"),
        (failure(22), "EINVAL"),
        (bytes(64), "EBADMSG (byte 0 of a netlink chunk of 64 is not the start of an expected message"),
    ],
)
def test_without_netlink_proc_is_read(tmp_path, answer, reason):
    found, listeners, sockets = read(proc(tmp_path), FakeSockDiag(answer))
    assert (found, sockets.source) == ({"LISTEN": 1}, "procfs")
    assert listeners == LISTENERS
    assert sockets.reason.startswith("netlink is not available: ")
    assert reason in sockets.reason


@pytest.mark.parametrize("answer", [PermissionError(1, "no"), failure(2)])
def test_exact_fails_without_netlink(tmp_path, answer):
    with pytest.raises(NettuneError, match="source is exact, but netlink is not available"):
        read(proc(tmp_path), FakeSockDiag(answer), source="exact")


def test_procfs_does_not_use_netlink(tmp_path):
    kernel = FakeSockDiag()
    found, _listeners, sockets = read(proc(tmp_path), kernel, source="procfs")
    assert (found, sockets.source, sockets.reason, kernel.asked) == ({"LISTEN": 1}, "procfs", "", [])


def test_procfs_reads_both_families(tmp_path):
    procfs = proc(tmp_path)
    row6 = ROW.replace("0100007F", "0" * 32, 1).replace("00000000:0000 ", "0" * 32 + ":0000 ", 1)
    (tmp_path / "self" / "net" / "tcp6").write_text(HEADER + row6)
    found, listeners, _sockets = read(procfs, FakeSockDiag(), source="procfs")
    assert found == {"LISTEN": 2}
    assert listeners == [*LISTENERS, ("::", 80)]


def test_without_proc_net_tcp_it_fails(tmp_path):
    with pytest.raises(NettuneError, match="/proc/net/tcp does not exist"):
        read(proc(tmp_path, tcp=""), FakeSockDiag(), source="procfs")


def test_an_incomplete_table_is_named(tmp_path):
    with pytest.raises(NettuneError, match="line 2 "):
        read(proc(tmp_path, tcp=HEADER + ROW[:50]), FakeSockDiag(PermissionError(1, "no")))
