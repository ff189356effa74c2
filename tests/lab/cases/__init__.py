# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases of the pathology lab by the name people call them; a new one is a class and a row here."""

from __future__ import annotations

from case import Case

from cases import busy, idle, limits, ports, queues, unacknowledged, unclosed

CASES: dict[str, type[Case]] = {
    "port_exhaustion": ports.PortExhaustion,
    "tw_overflow": ports.TwOverflow,
    "close_wait": unclosed.CloseWait,
    "leak_to_the_end": unclosed.LeakToTheEnd,
    "port_leak": ports.PortLeak,
    "ghost_descriptors": unclosed.GhostDescriptors,
    "last_ack": unacknowledged.LastAck,
    "fin_wait1": unacknowledged.FinWait1,
    "fin_wait1_window": unacknowledged.FinWait1Window,
    "closing": unacknowledged.Closing,
    "fin_wait2_orphaned": unclosed.FinWait2Orphaned,
    "fin_wait2_owned": unclosed.FinWait2Owned,
    "syn_queue": queues.SynQueue,
    "syn_queue_no_cookies": queues.SynQueueNoCookies,
    "accept_queue": queues.AcceptQueue,
    "hung_server": queues.HungServer,
    "emfile": limits.Emfile,
    "enfile": limits.Enfile,
    "conntrack": limits.Conntrack,
    "tcp_memory": limits.TcpMemory,
    "paws": ports.Paws,
    "idle_established": idle.IdleEstablished,
    "busy_time_wait": busy.BusyTimeWait,
    "busy_proxy": busy.BusyProxy,
    "busy_burst": busy.BusyBurst,
    "busy_chat": busy.BusyChat,
    "busy_descriptors": busy.BusyDescriptors,
    "busy_closing": busy.BusyClosing,
    "busy_farewells": busy.BusyFarewells,
    "busy_handshakes": busy.BusyHandshakes,
    "busy_loss": busy.BusyLoss,
    "busy_pool": busy.BusyPool,
    "busy_uploads": busy.BusyUploads,
}
