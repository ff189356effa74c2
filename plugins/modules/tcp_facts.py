#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tcp_facts
short_description: Count the TCP connections of a host by state, and gather what the kernel knows of TCP
version_added: 1.0.0
description:
  - Gathers facts about the TCP sockets of one network namespace, at next to no cost however many there are. Needs
    neither C(ss) nor C(netstat) on the host, and no privileges but where an option says so.
  - What was not asked for is left out. What cannot be had is V(null), and RV(ansible_facts.nettune_tcp.partial) says
    why.
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
      - What to gather. V(!x) leaves out what would be gathered otherwise; exclusions alone are taken from the
        default.
      - V(min) is the number of sockets in each state. V(families) splits it by address family, which takes a fuller
        walk.
      - V(memory) is the memory of TCP, orphaned and time-wait sockets, each with its limit.
      - V(ports), V(peers), V(ephemeral), V(queues) and V(processes) break all sockets down, which takes a walk past
        every one of them. It is one walk, whatever is asked for.
      - V(processes) reads the descriptors of the processes that may be among the first O(top), which takes longest
        and needs privileges.
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
    default: [min, counters, listeners, memory, conntrack]
  top:
    description:
      - How many rows a list of the facts has at most, between 1 and 1000. Of listeners there may always be 32; those
        with the fullest queues are kept.
    type: int
    default: 10
  sample:
    description:
      - Seconds between two readings, at most 3600, for RV(ansible_facts.nettune_tcp.rates). V(0) takes one reading,
        without rates.
    type: float
    default: 0
  source:
    description:
      - V(auto) walks past the rare states, derives ESTABLISHED and TIME_WAIT from the kernel's counters, and proves
        the result against another counter. If that fails it dumps every socket, and if netlink is refused it reads
        C(/proc/net/tcp).
      - V(exact) dumps every socket by netlink, and fails if that cannot be done.
      - V(procfs) reads C(/proc/net/tcp) and C(/proc/net/tcp6), which is slowest.
    type: str
    choices: [auto, exact, procfs]
    default: auto
  pid:
    description:
      - Gather in the network namespace of the process with this number, such as that of a container. The default is
        the one the module runs in.
      - Without C(CAP_SYS_ADMIN) the namespace cannot be entered, and sockets are read from C(/proc).
    type: int
notes:
  - What is sent to a host for V(min), V(families), V(counters), V(listeners), V(memory) and V(conntrack) is little
    more than for C(ping), as what is read there is worked out on the controller. Breakdowns, O(sample), O(source) and
    O(pid) send two to three fifths more; so does a task that is run with C(async), or among C(ansible_facts_modules).
seealso:
  - name: sock_diag(7)
    description: How the kernel tells about its sockets.
    link: https://man7.org/linux/man-pages/man7/sock_diag.7.html
"""

EXAMPLES = r"""
- name: Count connections by state
  nettune.tcp.tcp_facts:

- name: Show how many wait for the application to close them
  ansible.builtin.debug:
    msg: "{{ nettune_tcp.states.CLOSE_WAIT }} of {{ nettune_tcp.total }}"

- name: See what grows within ten seconds
  nettune.tcp.tcp_facts:
    gather_subset: [min, counters]
    sample: 10

- name: See which peers leave connections half closed, and whose sockets they are
  nettune.tcp.tcp_facts:
    gather_subset: [min, peers, queues, processes]
    top: 5
  become: true

- name: Look into the container of a process
  nettune.tcp.tcp_facts:
    gather_subset: [min, families, listeners]
    pid: 4711
"""

RETURN = r"""
ansible_facts:
  description: Facts, which become variables of the host.
  returned: always
  type: dict
  contains:
    nettune_tcp:
      description: The TCP facts.
      returned: always
      type: dict
      contains:
        states:
          description: The number of sockets in each of the eleven states. Requests for connections are in SYN_RECV.
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
            - C(total) and C(states) of C(ipv4) and C(ipv6) sockets. An IPv4 connection of an IPv6 socket is in
              C(ipv6), as for C(netstat).
          returned: with V(families)
          type: dict
        listeners:
          description:
            - Listening sockets, with the connections queued for C(accept) and how many may be (V(null) from
              C(/proc)).
          returned: with V(listeners)
          type: list
          elements: dict
          sample: [{address: '::', port: 80, backlog: 511, queued: 0}]
        counters:
          description:
            - Counters of C(/proc/net/snmp) (C(Tcp)) and C(/proc/net/netstat) (C(TcpExt)) since the namespace was
              made.
          returned: with V(counters)
          type: dict
          sample: {Tcp: {CurrEstab: 10, RetransSegs: 3}, TcpExt: {ListenOverflows: 0, ListenDrops: 0}}
        rates:
          description:
            - By how much counters and states grew in a second, shaped as they are, and C(seconds), how long that took;
              V(null) where O(sample) is V(0).
            - With V(queues) it has C(unowned) by state, with V(processes) C(descriptors), C(ghosts) and C(states) of
              each process that is among the first O(top) at both readings.
          returned: with V(counters), or if O(sample) is not V(0)
          type: dict
          sample: {Tcp: {RetransSegs: 0.2}, TcpExt: {ListenOverflows: 0.0}, states: {CLOSE_WAIT: 1.5}}
        ports:
          description: The local ports with most sockets, and the states of these.
          returned: with V(ports)
          type: list
          elements: dict
          sample: [{port: 80, states: {ESTABLISHED: 7, TIME_WAIT: 2}}]
        peers:
          description: For each state that has any, the remote addresses with most sockets in it.
          returned: with V(peers)
          type: dict
          sample: {LAST_ACK: [{address: 192.0.2.1, count: 101}]}
        ephemeral:
          description:
            - The range of ephemeral ports, what is reserved of it, how many are available to each destination, and
              the destinations that use most of them, with how many of these are in TIME_WAIT.
          returned: with V(ephemeral)
          type: dict
          sample: {range: [32768, 60999], reserved: [], available: 28232, busiest: [
                     {source: 192.0.2.7, destination: 192.0.2.1, port: 5432, used: 282, ratio: 0.01, time_wait: 12}]}
        queues:
          description:
            - For each state but LISTEN that has any sockets, the bytes in their queues, how many sockets have any,
              and how many have which timer running.
            - C(inbound) are those whose port is listened on, so that the peer connected. C(unowned) are those that no
              process holds, no more or not yet; it is all of them in TIME_WAIT and SYN_RECV. C(unanswered) are
              those that had to send again, or whose peer takes nothing more.
          returned: with V(queues)
          type: dict
          sample: {LAST_ACK: {recv_q: {bytes: 0, sockets: 0}, send_q: {bytes: 4096, sockets: 2},
                              timers: {"off": 0, "on": 2, keepalive: 0, timewait: 0, persist: 0},
                              inbound: 2, unowned: 2, unanswered: 1}}
        processes:
          description:
            - The processes with most TCP sockets. C(ghosts) are descriptors of sockets that were connected once and
              are in no state any more, so that nothing but the descriptor is left.
            - C(listens) are the ports that it listens on, 32 of them at most.
            - With O(sample), C(lingering) is how many sockets were in CLOSE_WAIT at the first reading already.
          returned: with V(processes)
          type: list
          elements: dict
          sample: [{pid: 711, name: nginx, unit: nginx.service, container: null, states: {ESTABLISHED: 7, LISTEN: 2},
                    listens: [80, 443], descriptors: 24, nofile: {soft: 1024, hard: 524288}, ghosts: 0}]
        memory:
          description: Pages that TCP holds on the whole machine, and the limits of C(net.ipv4.tcp_mem).
          returned: with V(memory)
          type: dict
          sample: {pages: 3, low: 92199, pressure: 122935, high: 184398}
        orphans:
          description: Sockets of the whole machine that no process holds any more, and their limit.
          returned: with V(memory)
          type: dict
          sample: {count: 0, max: 131072}
        time_wait:
          description:
            - Time-wait sockets, be they in TIME_WAIT or in FIN_WAIT2, their limit, and the kernel's memory they hold.
          returned: with V(memory)
          type: dict
          sample: {count: 4, max: 131072, bytes: 1024}
        conntrack:
          description: Connections tracked, their limit, and the buckets they are hashed into.
          returned: with V(conntrack)
          type: dict
          sample: {count: 0, max: 262144, buckets: 65536}
        source:
          description:
            - How sockets were counted, V(counters+netlink), V(netlink) or V(procfs). If it is not the way that was
              asked for, RV(ansible_facts.nettune_tcp.partial) says why.
          returned: with what is counted, which is all but V(counters), V(memory) and V(conntrack)
          type: str
          sample: counters+netlink
        partial:
          description: What is V(null), less or other than asked for, and why.
          returned: always
          type: list
          elements: dict
          sample: [{what: conntrack, why: net.netfilter.nf_conntrack_count is absent in this network namespace}]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import open_host

SUBSETS = ["min", "families", "counters", "listeners", "ports", "peers", "ephemeral", "queues", "processes"]
SUBSETS += ["memory", "conntrack"]
DEFAULT = ["min", "counters", "listeners", "memory", "conntrack"]
LONGEST_SAMPLE = 3600
LONGEST_LIST = 1000
ARGUMENTS = {
    "gather_subset": {
        "type": "list",
        "elements": "str",
        "choices": ["all", *SUBSETS, *("!" + name for name in ("all", *SUBSETS))],
        "default": DEFAULT,
    },
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
            chosen(options["gather_subset"]), source=options["source"], top=options["top"], sample=options["sample"]
        )
    except (NettuneError, OSError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, ansible_facts={"nettune_tcp": facts})


def check(options: dict) -> None:
    """Raise InvalidOption where a number is out of its bounds."""
    if not 1 <= options["top"] <= LONGEST_LIST:
        raise InvalidOption(f"top is {options['top']}; it must be between 1 and {LONGEST_LIST}")
    if not 0 <= options["sample"] <= LONGEST_SAMPLE:
        raise InvalidOption(f"sample is {options['sample']:g}; it must be between 0 and {LONGEST_SAMPLE} seconds")
    if options["pid"] is not None and options["pid"] < 1:
        raise InvalidOption(f"pid is {options['pid']}; it must be the number of a process, 1 or more")


def chosen(names: list) -> set:
    """The subsets that a gather_subset such as ['min', '!counters'] stands for."""
    wanted = {name for name in names if not name.startswith("!")}
    excluded = {name[1:] for name in names if name.startswith("!")}
    if "all" in wanted:
        wanted = set(SUBSETS)
    elif not wanted and "all" not in excluded:
        wanted = set(DEFAULT)
    return wanted - excluded


if __name__ == "__main__":
    main()
