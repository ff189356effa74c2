#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tcp_diagnosis_info
short_description: Find out why TCP connections pile up in TIME_WAIT, CLOSE_WAIT or LAST_ACK, and what helps
version_added: 1.0.0
description:
  - Takes two samples of a host's TCP sockets, counters and limits, and applies rules to them. Each finding says what is
    wrong, on what evidence, which process and peers are involved, why it happens, what helps, and what does not help
    although it is often advised.
  - A host that is merely busy has no findings. Notes need no action. Rules that could not be judged are listed with the
    facts they need.
  - It changes nothing. Where the kernel has no C(/proc/net/stat/nf_conntrack), it asks for the drops of connection
    tracking by netlink, for which the kernel may load its module C(nf_conntrack_netlink).
  - As root it sees all processes. Without privileges it cannot tell which process holds a socket.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
  - nettune.tcp.attributes.info_module
attributes:
  platform:
    platforms: linux
options:
  sample:
    description:
      - Seconds between the two samples, at most 3600. V(0) takes one sample; then nothing that depends on growth can be
        judged.
    type: float
    default: 5
  thresholds:
    description:
      - "Thresholds that replace the defaults, by the id of a rule and the name of a threshold, such as
        C({emfile: {warning: 80}})."
      - The guide R(diagnosing, ansible_collections.nettune.tcp.docsite.guide_diagnosing) lists them all.
    type: dict
    default: {}
  idle_timeout:
    description:
      - Seconds after which a NAT gateway, load balancer or firewall between the host and its peers forgets idle
        connections, such as V(350) for those of AWS. A C(net.ipv4.tcp_keepalive_time) that is not below it is a note,
        and remedies name a value.
      - V(0) if it is not known. The timeout of the host's own connection tracking is read from the host.
    type: int
    default: 0
  top:
    description:
      - How many peers, ports, destinations and processes to examine, those with most connections first; 1 to 1000.
    type: int
    default: 10
  pid:
    description:
      - Diagnose the network namespace of the process with this number, such as that of a container. The default is the
        one the module runs in. With this option the open files of the host are not judged.
    type: int
  facts:
    description:
      - Return what the host sees of its peers, so that the connections of several hosts can be joined from both ends.
    type: bool
    default: false
seealso:
  - module: nettune.tcp.tcp_facts
  - plugin: nettune.tcp.diagnose
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Diagnose the host
  nettune.tcp.tcp_diagnosis_info:
  become: true
  register: diagnosis

- name: Fail if a finding is critical
  ansible.builtin.assert:
    that: diagnosis.findings | selectattr('severity', 'equalto', 'critical') | length == 0
    fail_msg: "{{ diagnosis.findings | map(attribute='title') }}"

- name: Sample for a minute, and report ports earlier
  nettune.tcp.tcp_diagnosis_info:
    sample: 60
    thresholds:
      port_exhaustion:
        warning: 50
  become: true

- name: Diagnose a host whose connections go through a NAT gateway that forgets them after 350 seconds
  nettune.tcp.tcp_diagnosis_info:
    idle_timeout: 350
  become: true

- name: Diagnose the host, and return the facts that can be joined with those of its peers
  nettune.tcp.tcp_diagnosis_info:
    facts: true
  become: true
  register: seen
"""

RETURN = r"""
findings:
  description: The findings, the primary one first, each followed by those that it explains.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The id of the rule.
      returned: always
      type: str
      sample: close_wait
    severity:
      description: How urgent it is, V(info), V(warning) or V(critical). A cause is as urgent as its effects.
      returned: always
      type: str
      sample: critical
    primary:
      description: Whether this is the finding to begin with.
      returned: always
      type: bool
    because_of:
      description: The C(id) of the finding that explains this one, or V(null).
      returned: always
      type: str
    title:
      description: What is wrong, in one line.
      returned: always
      type: str
      sample: 812 connections in CLOSE_WAIT that java (PID 711, shop.service) does not close
    evidence:
      description: The figures and names that it is based on; unknown ones are left out.
      returned: always
      type: dict
      sample: {count: 812, pid: 711, unit: shop.service, lingering: 812, growth: 1.4, share: 79.3}
    cause:
      description: Why it happens.
      returned: always
      type: str
    remedies:
      description: What helps here. Remedies that are in place already, or ruled out by the evidence, are left out.
      returned: always
      type: list
      elements: dict
      contains:
        kind:
          description: V(application), V(sysctl), V(nofile) or V(network).
          returned: always
          type: str
        text:
          description: What to do.
          returned: always
          type: str
        profile:
          description:
            - The role, or the set of C(tuning_remedies), that manages the kernel parameters; V(null) if there is none.
          returned: always
          type: str
          sample: orphans
    avoid:
      description: What is often advised but does not help, or does harm.
      returned: always
      type: list
      elements: str
      sample: [keepalive, tcp_fin_timeout, conntrack_timeouts]
    sources:
      description: The sources; numbers are those of the documents this collection is based on.
      returned: always
      type: list
      elements: str
notes:
  description: What looks like a problem but needs no action, each with C(id), C(text) and C(evidence).
  returned: always
  type: list
  elements: dict
  sample: [{id: time_wait, text: '20311 in TIME_WAIT: leave it alone', evidence: {count: 20311, side: server}}]
unjudged:
  description:
    - The rules that could not be judged, or not fully. C(missing) are the facts they need, C(reason) says why these are
      missing.
  returned: always
  type: list
  elements: dict
  sample: [{id: conntrack, missing: [conntrack], reason: 'conntrack was not gathered (gather_subset conntrack)'}]
facts:
  description:
    - The facts of M(nettune.tcp.tcp_facts) about addresses, listeners, peers and the processes that hold connections to
      them, as far as they tell which end of a connection causes a fault.
  returned: if O(facts) is true
  type: dict
  sample: {nettune_tcp: {addresses: [192.0.2.7], states: {CLOSE_WAIT: 640},
                         peers: {CLOSE_WAIT: [{address: 192.0.2.1, count: 640}]}}}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.both_ends import trimmed
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.host.gather import DiagnosedHost
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import thresholds
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules_path import parse_idle_timeout
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import open_host

LONGEST_SAMPLE = 3600
LONGEST_LIST = 1000
ARGUMENTS = {
    "sample": {"type": "float", "default": 5},
    "thresholds": {"type": "dict", "default": {}},
    "idle_timeout": {"type": "int", "default": 0},
    "top": {"type": "int", "default": 10},
    "pid": {"type": "int"},
    "facts": {"type": "bool", "default": False},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    options = module.params
    try:
        check(options)
        host = DiagnosedHost(open_host(options["pid"]), HostFiles() if options["pid"] is None else None)
        facts = host.gather(sample=options["sample"], top=options["top"])
        found = diagnose(facts, thresholds=options["thresholds"], idle_timeout=options["idle_timeout"])
        if options["facts"]:
            found["facts"] = trimmed(facts)
    except (NettuneError, OSError) as error:
        module.fail_json(msg=sentence(error, "tcp_diagnosis_info"))
    module.exit_json(changed=False, **printable(found))


def check(options: dict) -> None:
    """Raise InvalidOption for a number out of bounds or an unknown threshold."""
    thresholds(options["thresholds"])
    parse_idle_timeout(options["idle_timeout"])
    if not 1 <= options["top"] <= LONGEST_LIST:
        raise InvalidOption(f"top is {options['top']}; it must be between 1 and {LONGEST_LIST}")
    if not 0 <= options["sample"] <= LONGEST_SAMPLE:
        raise InvalidOption(f"sample is {options['sample']:g}; it must be between 0 and {LONGEST_SAMPLE} seconds")
    if options["pid"] is not None and options["pid"] < 1:
        raise InvalidOption(f"pid is {options['pid']}; it must be a process ID, 1 or more")


if __name__ == "__main__":
    main()
