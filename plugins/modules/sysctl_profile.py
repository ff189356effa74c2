#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sysctl_profile
short_description: Manage sysctl kernel parameters as a named, revertible profile
version_added: 1.0.0
description:
  - Sets any number of kernel parameters in one run, now and at every boot, and reverts them exactly.
  - Everything is validated and planned before anything is written, and the original state is recorded in a journal.
    Values are written in an order that the kernel accepts, and read back. If a write fails, all changes are rolled
    back.
  - Values are compared by their meaning, so C(1-4) equals C(1,2,3,4), and a tab equals a space.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
  - nettune.tcp.confirm
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
  platform:
    platforms: linux
options:
  name:
    description:
      - Name of the profile. Its drop-in is C(/etc/sysctl.d/99-zz-nettune-<name>.conf).
      - A lower-case letter, then up to 31 lower-case letters, digits and underscores.
      - Required with O(state=present) and O(state=confirmed). Without it, O(state=absent) reverts all profiles, except
        for what M(nettune.tcp.nofile_limits) needs.
    type: str
  settings:
    description:
      - The parameters of the profile, by name, with dots or slashes as in C(sysctl.d(5)).
      - A value is a number, a text, a list of these, or a dictionary with exactly one of V(value), V(at_least) (a
        floor; a higher value is not lowered), V(at_most) (a ceiling), and, for sets of ports, V(include) (a list of
        ports and ranges to add to the set; the word V(listeners) means all ports with a listener that are in the new
        port range and were not in the one before).
      - If several profiles request a floor of the same parameter, the highest one counts; the lowest ceiling counts. Of
        C(net.ipv4.ip_local_port_range) and C(net.ipv4.ping_group_range), which are ranges, V(at_least) is a range that
        must be included, and the wider one counts; V(at_most) is a range that must not be exceeded.
      - C(net.ipv4.tcp_mem) and C(net.ipv4.udp_mem) count pages. For these, V(share_of_memory) is a floor given as
        three whole percentages of the host's memory. It changes only if the pages differ by more than 2 %, because
        kernels report slightly different totals for the same memory.
      - The dictionary may also have V(reason) and V(source), which become a comment in the drop-in.
      - A parameter that is no longer in the profile gets its original value back.
      - Required with O(state=present).
      - A value of null leaves the parameter out of the profile.
    type: dict
  state:
    description:
      - V(present) applies the profile. V(absent) restores the original values and removes the drop-in. What someone
        else has changed since is left as is and listed in RV(left_alone).
      - V(confirmed) confirms a pending change of the profile O(name) and writes its drop-in. It takes no other option.
        Without a pending change it does nothing. If the change was rolled back, it fails and says when and why.
      - V(present) without O(confirm_within) also confirms a pending change of the profile. V(absent) reverts it.
    type: str
    choices: [present, absent, confirmed]
    default: present
  persistent:
    description:
      - Whether to write the drop-in. V(false) changes the running values only, until the next reboot.
    type: bool
    default: true
  accept_hazards:
    description:
      - Hazards to accept. A change with a hazard that is not named here is refused.
      - V(tw_recycle) drops connections of clients behind NAT. V(tw_buckets_lowered) lowers
        C(net.ipv4.tcp_max_tw_buckets). V(floor_lowered) lowers a limit that may be in use.
        V(range_over_listeners) turns listening ports into ephemeral ports without reserving them.
        V(nr_open_huge) raises C(fs.nr_open) above 1073741816, where programs that loop over all descriptors hang.
        V(memory) allows more O(connections) than the host has memory for.
    type: list
    elements: str
    choices: [tw_recycle, tw_buckets_lowered, floor_lowered, range_over_listeners, nr_open_huge, memory]
    default: []
  connections:
    description:
      - How many concurrent TCP connections the host must support. If the kernel would need more memory for them than
        the host has, the run is refused with the figures.
      - A connection needs its socket, inode, dentry, file and epoll item (4096 bytes), the first elements of
        C(net.ipv4.tcp_rmem) and C(net.ipv4.tcp_wmem) as the profile sets them, and, if conntrack is loaded, an entry
        there (384 bytes). The memory of the host is MemTotal, or the limit of its cgroup if that is lower. The memory
        of programs is not included.
      - In the machine's initial network namespace the smallest buffers must also fit into C(net.ipv4.tcp_mem).
    type: int
  modules:
    description:
      - Kernel modules to load at boot before the parameters of O(settings) are set, such as V(nf_conntrack). They are
        listed in the drop-in C(/etc/modules-load.d/99-zz-nettune-<name>.conf). Without it the loader would ignore
        the lines for their parameters, because firewalls load such modules later.
      - The default is the modules of O(settings) that are loaded now. They remain in the list as long as the profile
        sets their parameters. With an empty list no modules are loaded at boot.
      - The Ansible module itself loads no kernel modules. If a module in the list is not loaded, its parameters are
        written to the drop-in, and are V(skipped) until it has been loaded at boot.
      - Modules that are built into the kernel, that the kernel does not have, or that belong to the machine because
        the host is a container, are skipped with the reason.
      - With O(persistent=false) no modules are loaded at boot.
    type: list
    elements: str
  take_over:
    description:
      - Whether to comment out lines in other files that override the drop-in at boot. Only files below C(/etc) are
        changed; mode and owner stay. With V(false), such a parameter is V(shadowed).
      - O(state=absent), V(false), or a profile without the parameter restores the file byte for byte. If someone else
        has changed it since, it is left as is and listed in RV(left_alone).
      - Files below C(/usr) belong to packages, and those below C(/run) are created at each boot. A parameter that one
        of them overrides is refused; mask that file with one of the same name in C(/etc/sysctl.d). A parameter that a
        profile of TuneD or a file of systemd-networkd overrides is refused too; change it there.
    type: bool
    default: false
  overrides:
    description:
      - Names in O(settings) whose values replace what the other profiles on this host request for these parameters, so
        that profiles which disagree can be applied together. The other profiles keep the value until they are applied
        again.
    type: list
    elements: str
    default: []
  pid:
    description:
      - Apply the profile in the network namespace of the process with this ID, such as that of a container or a pod.
        The default is the namespace that the module runs in.
      - The values end with the namespace, so O(persistent) must be V(false), and O(confirm_within) is not allowed.
        Parameters that do not belong to a network namespace are skipped.
      - Each namespace has a journal of its own on the host. O(state=absent) with a process of the same namespace
        reverts the profile. The journal of a namespace that no longer exists is deleted.
      - Requires C(CAP_SYS_ADMIN).
    type: int
notes:
  - Host-wide parameters (C(fs.*), C(vm.*), some of C(net.core.*)) are only written in the initial PID and network
    namespaces; in a container they are skipped.
  - The journal is in C(/var/lib/nettune/tcp). Only one run at a time can change a host; others wait up to a minute.
seealso:
  - module: nettune.tcp.nofile_limits
"""

EXAMPLES = r"""
- name: Apply the kernel parameters of a web server
  nettune.tcp.sysctl_profile:
    name: web
    settings:
      net.ipv4.tcp_syncookies: 1
      net.ipv4.tcp_tw_reuse: 1
      net.ipv4.ip_local_port_range: [1024, 65535]
      net.ipv4.ip_local_reserved_ports:
        include: [listeners, 7005, 8001-8100]
      net.core.somaxconn:
        at_least: 8192
        reason: room for bursts of connections
  become: true

- name: Try a value until the next reboot
  nettune.tcp.sysctl_profile:
    name: attempt
    persistent: false
    settings:
      net.ipv4.tcp_fin_timeout: 30
  become: true

- name: Size TCP memory for 200000 connections, if the host has enough memory
  nettune.tcp.sysctl_profile:
    name: push
    connections: 200000
    settings:
      net.ipv4.tcp_mem:
        share_of_memory: [25, 33, 50]
      net.ipv4.tcp_rmem: [4096, 16384, 6291456]
  become: true

- name: Set a conntrack timeout at boot even if the module is not loaded yet
  nettune.tcp.sysctl_profile:
    name: firewall
    modules: [nf_conntrack]
    settings:
      net.netfilter.nf_conntrack_tcp_timeout_time_wait: 120
  become: true

- name: Comment out conflicting lines in other files, and show them in the diff
  nettune.tcp.sysctl_profile:
    name: web
    take_over: true
    settings:
      net.ipv4.tcp_fin_timeout: 30
  diff: true
  become: true

- name: Look up the first process of a container
  ansible.builtin.command:
    argv: [podman, inspect, --format, "{{ '{{.State.Pid}}' }}", web]
  become: true
  register: container
  changed_when: false

- name: Apply a profile in the network namespace of the container
  nettune.tcp.sysctl_profile:
    name: web
    pid: "{{ container.stdout }}"
    persistent: false
    settings:
      net.ipv4.tcp_fin_timeout: 30
  become: true

- name: Change values that could cut this host off
  nettune.tcp.sysctl_profile:
    name: web
    confirm_within: 120
    settings:
      net.ipv4.ip_local_port_range: [10240, 65535]
  become: true

- name: Reconnect to the host
  ansible.builtin.meta: reset_connection

- name: Confirm the change
  nettune.tcp.sysctl_profile:
    name: web
    state: confirmed
  become: true

- name: Revert the web profile
  nettune.tcp.sysctl_profile:
    name: web
    state: absent
  become: true

- name: Revert all profiles
  nettune.tcp.sysctl_profile:
    state: absent
  become: true
"""

RETURN = r"""
file:
  description: The drop-in of the profile; null if O(name) is not set.
  returned: success
  type: str
  sample: /etc/sysctl.d/99-zz-nettune-web.conf
applied:
  description: Whether the profile was applied to the host before this run.
  returned: success
  type: bool
settings:
  description: One row for each setting, in the order given, then one for each reverted parameter. If another
    option is refused it has a row too, under its own name. A run that is refused returns only the refused rows.
  returned: always
  type: list
  elements: dict
  contains:
    key:
      description: Name of the parameter on this host.
      type: str
    given_as:
      description: Its name as it was given.
      type: str
    requested:
      description:
        - The request, as text or as a dictionary such as C({"at_least":"8192"}); null for a reverted parameter.
      type: raw
    before:
      description: The running value before; null if there is none.
      type: str
    after:
      description: The running value after, or in check mode the one it would have.
      type: str
    boot_before:
      description:
        - The value that boot sets with the files before the run; null if nothing but the kernel sets the parameter, or
          if the value is not known, see RV(settings[].reason).
      type: str
    boot_after:
      description:
        - The value that boot sets with the files after the run, without the files of a pending change, which are
          written on confirmation.
      type: str
    boot_source:
      description:
        - The C(path) and C(line) that set RV(settings[].boot_before). If that is not done by the loader of sysctl.d,
          C(program) names who does it, such as C(ufw), C(systemd-networkd) or C(TuneD). systemd as process 1 has null
          for both. Null if nothing sets it. C(reason) says why the value is not known, if it is not.
      type: dict
    boot_reason:
      description: Why RV(settings[].boot_after) is not known.
      type: str
      returned: when it is not known
    status:
      description:
        - V(changed) and V(unchanged) cover both the running value and the value at the next boot.
        - V(skipped) and V(refused) settings are not written; see RV(settings[].reason). If any setting is refused, the
          task fails.
        - V(shadowed) means that a line in another file, or another program, overrides ours at boot.
      type: str
    reason:
      description: The reason for the status, in one sentence; null if there is none.
      type: str
    owners:
      description: Other programs that may write the parameter after boot, such as Docker or kube-proxy.
      type: list
      elements: str
      returned: when there are any
  sample:
    - {key: net.ipv4.tcp_tw_reuse, given_as: net.ipv4.tcp_tw_reuse, requested: "1", before: "2", after: "1",
       boot_before: null, boot_after: "1", boot_source: null, status: changed, reason: null}
files:
  description: The files that are created, changed or removed.
  returned: success
  type: list
  elements: dict
  sample: [{path: /etc/sysctl.d/99-zz-nettune-web.conf, status: created}]
table:
  description: The rows of RV(settings) with a change, a problem or a note, as lines of a table for people.
  returned: success
  type: list
  elements: str
modules:
  description: The kernel modules of O(modules), or by default the loaded modules of O(settings).
  returned: success
  type: list
  elements: dict
  contains:
    module:
      description: Name of the kernel module.
      type: str
    state:
      description: One of V(loaded), V(loadable), V(built in), V(missing) and V(unknown), under the running kernel.
      type: str
    status:
      description:
        - V(changed) if the module will now be loaded at boot, V(unchanged) if it already was, V(skipped) or
          V(refused) if it will not be loaded.
      type: str
    reason:
      description: The reason for the status, in one sentence; null if there is none.
      type: str
  sample: [{module: nf_conntrack, state: loaded, status: changed, reason: null}]
conflicts:
  description: Parameters that another profile sets to a conflicting value, with that profile, its value and its reason.
  returned: always
  type: list
  elements: dict
  sample: [{key: net.ipv4.tcp_keepalive_time, profile: mail, value: "300", reason: vanished peers are detected}]
hazards:
  description: Hazards of the requested changes, and whether each was accepted.
  returned: always
  type: list
  elements: dict
  sample: [{hazard: tw_buckets_lowered, key: net.ipv4.tcp_max_tw_buckets, text: lowered from 131072 to 5000,
            accepted: true}]
left_alone:
  description: What was not reverted because someone else has changed it since.
  returned: success
  type: list
  elements: dict
  contains:
    what:
      description: The parameter, or the path of the file.
      type: str
    expected:
      description: The value that this module wrote; V(as written) for a file.
      type: str
    found:
      description: The value now; V(edited) or V(gone) for a file.
      type: str
    reason:
      description: Why it was left alone.
      type: str
  sample:
    - what: net.ipv4.tcp_fin_timeout
      expected: "30"
      found: "20"
      reason: changed by someone else since; it was 60 before nettune.tcp
confirm:
  description: Whether a change is pending, or would be in check mode.
  returned: success
  type: dict
  contains:
    pending:
      description: Whether a change is pending.
      type: bool
    deadline:
      description: When it will be rolled back, in UTC. V(null) if nothing is pending, and in check mode.
      type: str
  sample: {pending: true, deadline: "2026-01-31T12:02:00Z"}
"""

from contextlib import nullcontext

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import check_profile_name
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import states
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import PendingChange
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import profile_files, report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.hazards import NAMES as HAZARDS
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.confirm import ConfirmableProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.namespaces import network_of
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles

ARGUMENTS = {
    "name": {"type": "str"},
    "settings": {"type": "dict"},
    "state": {"type": "str", "choices": [states.PRESENT, states.ABSENT, states.CONFIRMED], "default": "present"},
    "persistent": {"type": "bool", "default": True},
    "confirm_within": {"type": "int"},
    "accept_hazards": {"type": "list", "elements": "str", "choices": list(HAZARDS), "default": []},
    "connections": {"type": "int"},
    "modules": {"type": "list", "elements": "str"},
    "take_over": {"type": "bool", "default": False},
    "overrides": {"type": "list", "elements": "str", "default": []},
    "pid": {"type": "int"},
}


def main() -> None:
    module = AnsibleModule(
        argument_spec=ARGUMENTS,
        required_if=[("state", "present", ("name", "settings")), ("state", "confirmed", ("name",))],
        supports_check_mode=True,
    )
    files = HostFiles()
    try:
        network = network_of(files, module.params["pid"])
        sysctl = SysctlProfiles(files, SockDiag(network.namespace), network)
        profiles = ConfirmableProfiles(sysctl, PendingChange(files), elsewhere=network.is_other)
        if module.params["name"] is not None:
            check_profile_name(module.params["name"])
        with nullcontext() if module.check_mode else profiles.lock():
            result = run(module, profiles)
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(sentence(error, "sysctl_profile")))
    module.exit_json(**result)


def run(module: AnsibleModule, profiles: ConfirmableProfiles) -> dict:
    """Plan what the options request, carry it out unless in check mode, and return the module's result."""
    todo = profiles.plan(module.params)
    for pid in profiles.left_elsewhere(todo):
        module.warn(f"the changes in the network namespace of process {pid} remain; revert them with the option pid")
    refused = report.refusals(todo.planned.rows)
    if refused:
        module.fail_json(msg=printable(refused), **printable(report.refused(todo.planned.plan, todo.planned.rows)))
    for text in report.warnings(todo.planned.plan, todo.planned.rows):
        module.warn(printable(text))
    if not module.check_mode:
        todo = profiles.carry_out(todo)
    result = result_of(profiles, todo, check=module.check_mode)
    if result["changed"] and not module.check_mode:
        lines = [report.log_line(todo.planned.plan), *states.lines(todo, result["confirm"])]
        module.log("; ".join(filter(None, lines)))
    return result


def result_of(profiles: ConfirmableProfiles, todo: states.Run, *, check: bool) -> dict:
    """Return the module's result."""
    result = report.result(todo.planned.plan, todo.planned.rows)
    result["file"] = profile_files.path(todo.name) if todo.name else None
    result["applied"] = todo.name in todo.planned.plan.before.profiles
    result["changed"] |= todo.part is not None
    result["confirm"] = profiles.shown(todo, check=check)
    result["table"] += states.lines(todo, result["confirm"])
    return printable(result)


if __name__ == "__main__":
    main()
