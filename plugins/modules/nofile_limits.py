#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nofile_limits
short_description: Raise open-file limits (nofile, ulimit -n) of users and services
version_added: 1.0.0
description:
  - Raises the open-file limit (C(RLIMIT_NOFILE), C(ulimit -n)) of logins, systemd services and running processes to a
    floor. A limit that is already higher is never lowered.
  - Logins get their limit from C(limits.d) through PAM. Services do not, so each gets a drop-in with C(LimitNOFILE=).
    Running processes are raised by C(prlimit). C(fs.nr_open), the ceiling of all limits, is raised first if needed.
  - Everything is validated and planned before anything is written, and the original state is recorded in a journal.
    If a write fails, all changes are rolled back.
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
    details:
      - If a program lowers its own limit after its start, each run raises it again.
  platform:
    platforms: linux
options:
  name:
    description:
      - Name of the profile. A lower-case letter, then up to 31 lower-case letters, digits and underscores.
      - Its files are C(/etc/security/limits.d/99-zz-nettune-<name>.conf) and, for each service,
        C(/etc/systemd/system/<unit>.d/99-zz-nettune-<name>.conf).
      - If several profiles concern a user or service, the highest floor applies.
      - Required with O(state=present). Without it, O(state=absent) reverts all profiles.
    type: str
  soft:
    description:
      - Floor of the soft limit, the one that is in effect. From 1 to 2147483584, never infinity.
      - Required with O(state=present).
    type: int
  hard:
    description:
      - Floor of the hard limit, up to which a program may raise its soft limit itself. The default is O(soft).
      - If it is above C(fs.nr_open), that is raised first, by the profile C(nofile-<name>) of
        M(nettune.tcp.sysctl_profile). In a container, C(fs.nr_open) is host-wide and is not changed.
    type: int
  users:
    description:
      - Accounts whose logins get the floor. Accounts that do not exist on the host are skipped.
      - V(*) means everyone without a line of their own or of one of their groups. On Debian it does not cover C(root),
        so list it separately.
      - A line is only written for a part (soft or hard) that is lower without it. For example, there is no hard line if
        sessions already inherit more than O(hard), because the line would lower it.
      - No line asks for more than a login can be given on this host, because PAM could then refuse the login. See
        RV(refused).
      - Logins by a daemon that does not use C(pam_limits), such as C(sshd) with C(UsePAM no), keep the limit of that
        daemon. They are in RV(not_applicable); raise its service with O(services) too.
    type: list
    elements: str
    default: []
  logins:
    description:
      - Floor (soft and hard) of all other logins, including V(root), that get less than half of it. V(8192) raises
        logins with a soft limit below 4096.
      - V(0) leaves them as they are.
    type: int
    default: 0
  services:
    description:
      - Names of services, V(nginx) or V(nginx.service). Instances and templates (V(php-fpm@.service)) are allowed,
        patterns are not.
      - Aliases are followed. Services that are masked or not installed are skipped.
      - A service that has the floor through its unit file, another drop-in or systemd's default gets no drop-in.
      - V(user@.service) and its instances are refused, because services of users do not inherit its limit. Set
        C(DefaultLimitNOFILE=) in C(/etc/systemd/user.conf.d) instead.
    type: list
    elements: str
    default: []
  live:
    description:
      - Whether running processes of the services are raised too. Without systemd these are unknown.
      - With O(state=absent), they get their earlier limits back, also if they were started with ours, for example by a
        reboot. With V(false) they are only named in RV(restart_needed) and RV(left_alone).
      - No process gets a soft limit below twice the descriptors that it holds. It is named instead.
    type: bool
    default: true
  persistent:
    description:
      - Whether files are written. V(false) only raises running processes, until they end.
    type: bool
    default: true
  state:
    description:
      - V(present) applies the profile. V(absent) reverts its files, directories and limits of processes. What someone
        else has changed since is left as is and listed in RV(left_alone).
      - V(confirmed) confirms a pending change of the profile O(name) and writes its files. It takes no other option.
        Without a pending change it does nothing. If the change was rolled back, it fails and says when and why.
      - V(present) without O(confirm_within) also confirms a pending change of the profile. V(absent) reverts it.
    type: str
    choices: [present, absent, confirmed]
    default: present
notes:
  - With O(confirm_within), running processes and C(fs.nr_open) are raised at once. Files are written when the change is
    confirmed.
  - All drop-ins take effect with one C(daemon-reload). No service is restarted; see RV(restart_needed).
  - The journal is in C(/var/lib/nettune/tcp). Only one run at a time can change a host; others wait up to a minute.
    If a file of a profile was edited, a copy of the edited text is kept in C(edited/) before it is overwritten.
  - Existing logins keep their limit; log in again to get the new one.
  - On hosts with OpenRC, such as Alpine, limits of services are set by C(rc_ulimit) in C(/etc/conf.d), which this
    module does not write. It reports that in RV(not_applicable). C(fs.nr_open) and logins are handled as elsewhere.
seealso:
  - module: nettune.tcp.sysctl_profile
"""

EXAMPLES = r"""
- name: Raise the limit of the web server, now and after its next start
  nettune.tcp.nofile_limits:
    name: web
    soft: 65536
    services: [nginx, haproxy]
    logins: 8192
  become: true

- name: Raise the limit of the logins of two accounts
  nettune.tcp.nofile_limits:
    name: operators
    soft: 8192
    hard: 65536
    users: [root, deploy]
  become: true

- name: Raise only the running processes
  nettune.tcp.nofile_limits:
    name: web
    soft: 65536
    services: [nginx]
    persistent: false
  become: true

- name: Raise the limit, and roll back after two minutes unless confirmed
  nettune.tcp.nofile_limits:
    name: web
    soft: 65536
    services: [nginx]
    confirm_within: 120
  become: true

- name: Confirm the change
  nettune.tcp.nofile_limits:
    name: web
    state: confirmed
  become: true

- name: Revert all profiles
  nettune.tcp.nofile_limits:
    state: absent
  become: true
"""

RETURN = r"""
changed:
  description: Whether a file, a running process or C(fs.nr_open) was changed, or would be in check mode.
  returned: always
  type: bool
applied:
  description: Whether the profile was applied to the host before this run.
  returned: always
  type: bool
files:
  description: The files that are created, changed or removed.
  returned: always
  type: list
  elements: dict
  sample: [{path: /etc/systemd/system/nginx.service.d/99-zz-nettune-web.conf, status: created}]
users:
  description:
    - One row per user, with the lowest limit of a new login through C(pam_limits) before and after. V(status) is
      V(changed), V(unchanged), V(skipped), or V(shadowed) if a line overrides ours or asks for more than can be set;
      V(reason) names it.
    - V(before) and V(after) are V(null) if a file that may set them cannot be read; V(reason) names it.
  returned: always
  type: list
  elements: dict
  sample:
    - user: root
      before: {soft: 1024, hard: 524288}
      after: {soft: 65536, hard: 524288}
      status: changed
      reason: "hard limit unchanged: already 524288 (inherited from sshd)"
services:
  description:
    - One row per service, with the limit at its start before and after, V(status) and V(reason) as in RV(users), and in
      V(restart) the reason why it needs a restart, or V(null).
  returned: always
  type: list
  elements: dict
  sample:
    - service: squid.service
      before: {soft: 1024, hard: 524288}
      after: {soft: 65536, hard: 524288}
      status: changed
      reason: "without nettune.tcp: 1024:524288 (systemd's default)"
      restart: "squid: its descriptor table is sized at start (max_filedescriptors)"
processes:
  description: The running processes that were considered, one row for all processes of a service with the same limits.
  returned: always
  type: list
  elements: dict
  sample:
    - unit: nginx.service
      name: nginx
      pids: [812, 813]
      before: {soft: 1024, hard: 524288}
      after: {soft: 65536, hard: 524288}
      status: changed
refused:
  description:
    - Limits that this host does not allow. V(effect) is V(refused) if a process keeps a lower limit, or V(clamped) if
      logins or starts will get a lower one. V(reason) says why, V(remedy) what would help.
  returned: always
  type: list
  elements: dict
  sample:
    - what: nginx[812,813] of nginx.service
      expected: {soft: 65536, hard: 65536}
      found: {soft: 20000, hard: 20000}
      effect: refused
      reason: cannot raise the hard limit without CAP_SYS_RESOURCE
      remedy: grant CAP_SYS_RESOURCE, raise the container's hard limit, or ask for less with soft and hard
restart_needed:
  description:
    - Services whose processes only get the floor by a restart, or that read their limit only at start, and services
      that keep a higher limit from us until they restart.
  returned: always
  type: list
  elements: str
  sample: [squid.service]
left_alone:
  description: What was not reverted because someone else has changed it since, or because a process still needs it.
  returned: always
  type: list
  elements: dict
  sample:
    - what: /etc/security/limits.d/99-zz-nettune-web.conf
      expected: as written
      found: edited
      reason: edited by someone else since nettune.tcp wrote it
    - what: nginx[812]
      expected: "1024:524288"
      found: "65536:524288"
      reason: "keeps 65536:524288 until it restarts: it holds 40000 descriptors"
not_applicable:
  description:
    - Users, logins and services that cannot be changed on this host, and limits that are not known because a file
      cannot be read, and why.
  returned: always
  type: list
  elements: dict
  sample: [{what: haproxy.service, reason: not installed}]
table:
  description: The result as the lines of a table.
  returned: always
  type: list
  elements: str
  sample:
    - "OPEN-FILE LIMIT OF           BEFORE       AFTER         STATUS"
    - "next start of nginx.service  1024:524288  65536:524288  changed: without nettune.tcp: 1024:524288 (default)"
confirm:
  description: Whether a change is pending, or would be in check mode.
  returned: always
  type: dict
  contains:
    pending:
      description: Whether a change is pending.
      type: bool
    deadline:
      description: When it will be rolled back, in UTC. V(null) if nothing is pending, and in check mode.
      type: str
  sample: {pending: true, deadline: "2026-01-31T12:02:00Z"}
nr_open:
  description: The value of C(fs.nr_open) when the limits were set.
  returned: always
  type: int
  sample: 1048576
"""

from contextlib import nullcontext

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import check_profile_name
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import states
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import PendingChange
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import report
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.confirm import ConfirmableLimits
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.profiles import NofileProfiles

ARGUMENTS = {
    "name": {"type": "str"},
    "soft": {"type": "int"},
    "hard": {"type": "int"},
    "users": {"type": "list", "elements": "str", "default": []},
    "logins": {"type": "int", "default": 0},
    "services": {"type": "list", "elements": "str", "default": []},
    "live": {"type": "bool", "default": True},
    "persistent": {"type": "bool", "default": True},
    "confirm_within": {"type": "int"},
    "state": {"type": "str", "choices": [states.PRESENT, states.ABSENT, states.CONFIRMED], "default": "present"},
}


def main() -> None:
    module = AnsibleModule(
        argument_spec=ARGUMENTS,
        required_if=[("state", "present", ("name", "soft")), ("state", "confirmed", ("name",))],
        supports_check_mode=True,
    )
    files = HostFiles()
    limits = ConfirmableLimits(NofileProfiles(files), PendingChange(files))
    try:
        if module.params["name"] is not None:
            check_profile_name(module.params["name"])
        with nullcontext() if module.check_mode else limits.lock():
            result = run(module, limits)
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(sentence(error, "nofile_limits")))
    module.exit_json(**result)


def run(module: AnsibleModule, limits: ConfirmableLimits) -> dict:
    """Make the plan and, except in check mode, carry it out. Returns the module's result."""
    todo = limits.plan(module.params)
    for text in todo.planned.plan.warnings:
        module.warn(text)
    if module.check_mode:
        return result_of(limits, todo, check=True)
    result = result_of(limits, limits.carry_out(todo), check=False)
    if result["changed"]:
        lines = [report.log_line(result), *states.lines(todo, result["confirm"])]
        module.log("; ".join(filter(None, lines)))
    return result


def result_of(limits: ConfirmableLimits, todo: states.Run, *, check: bool) -> dict:
    """Return the module's result."""
    result = todo.planned.result()
    result["changed"] |= todo.part is not None
    result["applied"] = todo.name in todo.planned.plan.before.profiles
    result["confirm"] = limits.shown(todo, check=check)
    result["table"] += states.lines(todo, result["confirm"])
    return result


if __name__ == "__main__":
    main()
