#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tcp_facts
short_description: Count the TCP connections of a host by state, and gather TCP counters, limits and listeners
version_added: 1.0.0
description:
  - Gathers facts about the TCP sockets of one network namespace, quickly however many there are. Does not need C(ss) or
    C(netstat) on the host, nor privileges except where an option says so.
  - A fact that was not asked for is left out. A fact that is not available is V(null), and
    RV(ansible_facts.nettune_tcp.partial) gives the reason.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
  - nettune.tcp.attributes.facts
  - nettune.tcp.attributes.facts_module
attributes:
  platform:
    platforms: linux
options:
  gather_subset:
    description:
      - The subsets to gather. V(!x) excludes a subset; exclusions alone are taken from the default.
      - V(min) is the number of sockets in each state. V(families) splits it by address family, for which more sockets
        have to be read.
      - V(memory) is the memory of TCP, orphaned sockets and time-wait sockets, each with its limit.
      - V(ports), V(peers), V(ephemeral), V(queues) and V(processes) are breakdowns of all sockets. Each of them has to
        be read, but only once for all these subsets.
      - V(processes) also reads the descriptors of the processes that may have most sockets. It takes longest, and needs
        privileges to see other users' processes.
      - V(addresses) are the host's own addresses, by which the connections of several hosts can be joined.
    type: list
    elements: str
    choices:
      - all
      - min
      - families
      - counters
      - listeners
      - ports
      - peers
      - ephemeral
      - queues
      - processes
      - memory
      - conntrack
      - addresses
      - '!all'
      - '!min'
      - '!families'
      - '!counters'
      - '!listeners'
      - '!ports'
      - '!peers'
      - '!ephemeral'
      - '!queues'
      - '!processes'
      - '!memory'
      - '!conntrack'
      - '!addresses'
    default: [min, counters, listeners, memory, conntrack]
  top:
    description:
      - The most rows of a list, between 1 and 1000. Up to 32 listeners are always returned; if there are more, those
        with the fullest queues are kept.
    type: int
    default: 10
  sample:
    description:
      - Seconds between two readings, at most 3600, to compute RV(ansible_facts.nettune_tcp.rates). V(0) takes one
        reading, without rates.
    type: float
    default: 0
  source:
    description:
      - V(auto) reads the sockets in rare states, computes ESTABLISHED and TIME_WAIT from the kernel's counters, and
        checks the result against another counter. If they disagree it reads every socket, and without netlink it reads
        C(/proc/net/tcp).
      - V(exact) reads every socket by netlink, and fails if netlink is not available.
      - V(procfs) reads C(/proc/net/tcp) and C(/proc/net/tcp6), which is the slowest way.
    type: str
    choices: [auto, exact, procfs]
    default: auto
  pid:
    description:
      - Gather in the network namespace of the process with this pid, for example of a container. The default is the
        namespace the module runs in.
      - Without C(CAP_SYS_ADMIN) the namespace cannot be entered, so sockets are read from C(/proc).
    type: int
notes:
  - For V(min), V(families), V(counters), V(listeners), V(memory) and V(conntrack) hardly more is sent to a host than
    for C(ping), because the controller works out the facts from what is read there. Breakdowns, O(sample), O(source)
    and O(pid) send up to half as much again. So do tasks with C(async), and C(ansible_facts_modules).
seealso:
  - name: sock_diag(7)
    description: The kernel interface for information about sockets.
    link: https://man7.org/linux/man-pages/man7/sock_diag.7.html
"""

EXAMPLES = r"""
- name: Count connections by state
  nettune.tcp.tcp_facts:

- name: Show how many sockets the application has not closed yet
  ansible.builtin.debug:
    msg: "{{ nettune_tcp.states.CLOSE_WAIT }} of {{ nettune_tcp.total }}"

- name: Measure growth over ten seconds
  nettune.tcp.tcp_facts:
    gather_subset: [min, counters]
    sample: 10

- name: Find the peers that leave connections half closed, and the processes that own the sockets
  nettune.tcp.tcp_facts:
    gather_subset: [min, peers, queues, processes]
    top: 5
  become: true

- name: Look up the first process of a container
  ansible.builtin.command:
    argv: [podman, inspect, --format, "{{ '{{.State.Pid}}' }}", web]
  become: true
  register: container
  changed_when: false

- name: Gather in the network namespace of the container
  nettune.tcp.tcp_facts:
    gather_subset: [min, families, listeners]
    pid: "{{ container.stdout }}"
  become: true
"""

RETURN = r"""
ansible_facts:
  description: Facts to add to the host.
  returned: always
  type: dict
  contains:
    nettune_tcp:
      description: The TCP facts.
      returned: always
      type: dict
      contains:
        states:
          description: The number of sockets in each of the eleven states. Connection requests are in SYN_RECV.
          returned: with V(min)
          type: dict
          sample: {ESTABLISHED: 9, SYN_SENT: 0, SYN_RECV: 0, FIN_WAIT1: 0, FIN_WAIT2: 0, TIME_WAIT: 4, CLOSE: 0,
                   CLOSE_WAIT: 1,
                   LAST_ACK: 0, LISTEN: 2, CLOSING: 0}
        total:
          description: The sum of RV(ansible_facts.nettune_tcp.states).
          returned: with V(min)
          type: int
          sample: 16
        by_family:
          description:
            - C(total) and C(states) of C(ipv4) and C(ipv6) sockets. An IPv4 connection of an IPv6 socket counts as
              C(ipv6), as in C(netstat).
          returned: with V(families)
          type: dict
        listeners:
          description:
            - Listening sockets, with the number of connections in the accept queue (C(queued)) and its limit
              (C(backlog), V(null) if read from C(/proc)).
          returned: with V(listeners)
          type: list
          elements: dict
          sample: [{address: '::', port: 80, backlog: 511, queued: 0}]
        counters:
          description:
            - Counters of C(/proc/net/snmp) (C(Tcp)) and C(/proc/net/netstat) (C(TcpExt)) since the namespace was
              created.
          returned: with V(counters)
          type: dict
          sample: {Tcp: {CurrEstab: 10, RetransSegs: 3}, TcpExt: {ListenOverflows: 0, ListenDrops: 0}}
        rates:
          description:
            - The growth per second of counters and states, in the same shape, and C(seconds), the time between the
              readings; V(null) if O(sample) is V(0).
            - With V(queues) it has C(unowned) by state, with V(processes) C(descriptors), C(ghosts) and C(states) of
              each process that is in the list at both readings.
          returned: with V(counters), or if O(sample) is not V(0)
          type: dict
          sample: {Tcp: {RetransSegs: 0.2}, TcpExt: {ListenOverflows: 0.0}, states: {CLOSE_WAIT: 1.5}}
        ports:
          description: The local ports with most sockets, and the number of sockets in each state.
          returned: with V(ports)
          type: list
          elements: dict
          sample: [{port: 80, states: {ESTABLISHED: 7, TIME_WAIT: 2}}]
        peers:
          description:
            - For each state that has sockets, the remote addresses with most of them. C(retransmitting) has those of
              established connections that are sending a segment again after a timeout.
          returned: with V(peers)
          type: dict
          sample: {LAST_ACK: [{address: 192.0.2.1, count: 101}]}
        ephemeral:
          description:
            - The range of ephemeral ports, the reserved ports, how many are available for each destination, and the
              destinations that use most of them, with the number in TIME_WAIT.
            - C(sources) has the number of different ports in use for each source address, at most 64 of them, and of
              the sockets that use them. If the numbers are equal, no two sockets share a port.
            - C(unanswered) counts sockets in SYN_SENT by their destination.
          returned: with V(ephemeral)
          type: dict
          sample:
            range: [32768, 60999]
            reserved: []
            available: 28232
            busiest: [{source: 192.0.2.7, destination: 192.0.2.1, port: 5432, used: 282, ratio: 0.01, time_wait: 12}]
            sources: [{source: 192.0.2.7, ports: 401, sockets: 590, ratio: 0.0142}]
            unanswered: [{source: 192.0.2.7, destination: 192.0.2.1, port: 5432, count: 3}]
        queues:
          description:
            - For each state except LISTEN that has sockets, the bytes in their queues, the number of sockets with
              queued bytes, and the number of sockets by running timer.
            - C(inbound) counts sockets whose local port is listened on, so the peer connected. C(unowned) counts those
              that no process holds yet or any more, which is all of them in TIME_WAIT and SYN_RECV. C(unanswered)
              counts those that had to retransmit, or whose peer's window is closed.
            - If there are such sockets, C(unread) lists the peers of established connections with data that is not
              read, and C(window_closed) the peers that read nothing more, those with most sockets first.
          returned: with V(queues)
          type: dict
          sample: {LAST_ACK: {recv_q: {bytes: 0, sockets: 0}, send_q: {bytes: 4096, sockets: 2},
                              timers: {"off": 0, "on": 2, keepalive: 0, timewait: 0, persist: 0},
                              inbound: 2, unowned: 2, unanswered: 1}}
        processes:
          description:
            - The processes with most TCP sockets. C(ghosts) counts descriptors of sockets that were connected once and
              are closed, so that only the descriptor is left.
            - C(listens) are the ports that the process listens on, at most 32.
            - C(unread) counts established connections with data that the process has not read.
            - With O(sample), C(lingering) counts sockets that were in CLOSE_WAIT, and in FIN_WAIT2, at both readings.
          returned: with V(processes)
          type: list
          elements: dict
          sample: [{pid: 711, name: nginx, unit: nginx.service, container: null, states: {ESTABLISHED: 7, LISTEN: 2},
                    unread: 0, listens: [80, 443], descriptors: 24, nofile: {soft: 1024, hard: 524288}, ghosts: 0}]
        memory:
          description: Memory pages used by TCP, host-wide, and the limits in C(net.ipv4.tcp_mem).
          returned: with V(memory)
          type: dict
          sample: {pages: 3, low: 92199, pressure: 122935, high: 184398}
        orphans:
          description: Sockets that no process holds any more, host-wide, and their limit.
          returned: with V(memory)
          type: dict
          sample: {count: 0, max: 131072}
        time_wait:
          description:
            - Time-wait sockets (in TIME_WAIT or FIN_WAIT2), their limit, and the kernel memory they use.
          returned: with V(memory)
          type: dict
          sample: {count: 4, max: 131072, bytes: 1024}
        conntrack:
          description: Tracked connections, their limit, and the number of hash buckets.
          returned: with V(conntrack)
          type: dict
          sample: {count: 0, max: 262144, buckets: 65536}
        addresses:
          description:
            - The addresses of all interfaces, without loopback and link-local ones, those of IPv4 first. Of more than
              256, addresses without a network (C(/32) and C(/128)) are left out first.
          returned: with V(addresses)
          type: list
          elements: str
          sample: [192.0.2.7, '2001:db8::7']
        at:
          description:
            - When the facts were gathered, in UTC. If the controller works them out, by its own clock.
          returned: always
          type: str
          sample: "2026-11-29T09:30:00Z"
        source:
          description:
            - How sockets were counted, V(counters+netlink), V(netlink) or V(procfs). If it is not the way that was
              asked for, RV(ansible_facts.nettune_tcp.partial) gives the reason.
          returned: with any subset except V(counters), V(memory), V(conntrack) and V(addresses)
          type: str
          sample: counters+netlink
        partial:
          description:
            - What is not available or not complete, and the reason. If processes may not be inspected, C(count) is
              their number.
          returned: always
          type: list
          elements: dict
          sample: [{what: conntrack, reason: net.netfilter.nf_conntrack_count is absent in this network namespace}]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._tcp import subsets
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import open_host, stamped

LONGEST_SAMPLE = 3600
LONGEST_LIST = 1000
ARGUMENTS = {
    "gather_subset": {"type": "list", "elements": "str", "choices": subsets.CHOICES, "default": subsets.DEFAULT},
    "top": {"type": "int", "default": 10},
    "sample": {"type": "float", "default": 0},
    "source": {"type": "str", "choices": ["auto", "exact", "procfs"], "default": "auto"},
    "pid": {"type": "int"},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    options = module.params
    try:
        check(options)
        facts = open_host(options["pid"]).gather(
            subsets.chosen(options["gather_subset"]),
            source=options["source"],
            top=options["top"],
            sample=options["sample"],
        )
    except (NettuneError, OSError) as error:
        module.fail_json(msg=sentence(error, "tcp_facts"))
    module.exit_json(changed=False, ansible_facts={"nettune_tcp": stamped(facts)})


def check(options: dict) -> None:
    """Raise InvalidOption if a number is out of bounds."""
    if not 1 <= options["top"] <= LONGEST_LIST:
        raise InvalidOption(f"top is {options['top']}; it must be between 1 and {LONGEST_LIST}")
    if not 0 <= options["sample"] <= LONGEST_SAMPLE:
        raise InvalidOption(f"sample is {options['sample']:g}; it must be between 0 and {LONGEST_SAMPLE} seconds")
    if options["pid"] is not None and options["pid"] < 1:
        raise InvalidOption(f"pid is {options['pid']}; it must be the number of a process, 1 or more")


if __name__ == "__main__":
    main()
