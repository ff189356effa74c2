#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nofile_limits
short_description: Give users and services room for open files, and lower nothing
version_added: 1.0.0
description:
  - Raises the limit on open files (C(RLIMIT_NOFILE), C(ulimit -n)) of logins, of systemd services, and of processes
    that run, to a floor. What is higher is never lowered, by no part of it.
  - Logins get theirs from C(limits.d) by way of PAM. No service does, each needs a drop-in with C(LimitNOFILE=).
    Neither reaches what runs already, C(prlimit) does. This module sees to all three, and to C(fs.nr_open), which
    stands above them.
  - Everything is validated and planned before anything is written. What was there is journalled first. If a write
    fails, everything is put back.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - A program that lowers its own limit after its start is raised again by each run.
  platform:
    platforms: linux
options:
  name:
    description:
      - Name of the profile. A lower-case letter, then up to 31 lower-case letters, digits and underscores.
      - Its files are C(/etc/security/limits.d/99-zz-nettune-<name>.conf) and, for each service,
        C(/etc/systemd/system/<unit>.d/99-zz-nettune-<name>.conf).
      - Where profiles ask for the same user or service, the highest floor counts.
      - Required with O(state=present). Left out with O(state=absent), all profiles are taken back.
    type: str
  soft:
    description:
      - Floor of the soft limit, which is the one that counts. From 1 to 2147483584, never infinity.
      - Required with O(state=present).
    type: int
  hard:
    description:
      - Floor of the hard limit, up to which a program may raise its soft one. Not below O(soft), which it is if left
        out.
      - Where it is above C(fs.nr_open), that is raised first, by the profile C(nofile-<name>) of
        M(nettune.tcp.sysctl_profile). In a container C(fs.nr_open) is the machine's and is not written.
    type: int
  users:
    description:
      - Accounts whose logins get the floor. Such as do not exist on the host are skipped.
      - V(*) stands for everybody without a line for them or one of their groups. It does not cover C(root) on Debian,
        so name it.
      - A line is only written for the part (soft, hard) that is lower without it. There is no hard line, for one,
        where daemons that open sessions hand on more than O(hard), for such a line would lower it.
      - No line asks for more than a login can be given here, as PAM could refuse the login then. See RV(refused).
    type: list
    elements: str
    default: []
  logins:
    description:
      - Floor of the logins of everybody else, V(root) too, whose soft limit is below half of it; V(8192) raises what is
        below 4096. Soft and hard, with the same care as for O(users).
      - V(0) leaves them alone.
    type: int
    default: 0
  services:
    description:
      - Names of services, V(nginx) is V(nginx.service). Instances and templates (V(php-fpm@.service)) are possible,
        patterns not.
      - Aliases are followed. Such as are not installed, or masked, are skipped with the reason.
      - A service that has the floor without us, by its unit file, by somebody's drop-in or by systemd's default, gets
        no drop-in.
    type: list
    elements: str
    default: []
  live:
    description:
      - Whether processes of the services that run are raised too. Without systemd it cannot be told which they are.
    type: bool
    default: true
  persistent:
    description:
      - Whether files are written. V(false) raises only what runs, until it ends.
    type: bool
    default: true
  state:
    description:
      - V(present) holds the floors. V(absent) takes back files, directories and limits of processes. What somebody
        else has changed since is left alone and listed in RV(left_alone).
      - V(confirmed) makes a change of the profile last that waits since O(confirm_within), and writes its files. It
        is given O(name) and nothing else. Where nothing waits it changes nothing; where the change has been taken back
        it fails, saying when and why.
      - A run with V(present) and without O(confirm_within) confirms what waits of its profile as well. V(absent) takes
        it back at once.
    type: str
    choices: [present, absent, confirmed]
    default: present
  confirm_within:
    description:
      - Seconds, from 1 to 86400, within which the change has to be confirmed by a run with O(state=confirmed). A timer
        of the host's own takes it back then, whatever has become of the controller and of the connection.
      - Until then only what runs is raised, and C(fs.nr_open) where that has to be. No file is written, so a reboot
        takes the change back, too.
      - Processes that still run then, and whose limit nobody else has set since, have the limit of before again.
      - Another run with it sets the time anew. Where a run has nothing to change, nothing waits.
      - One profile can wait at a time, with what M(nettune.tcp.sysctl_profile) changes for a profile of the same name.
        Runs for others that have something to change are refused meanwhile.
    type: int
notes:
  - systemd reads all drop-ins in one C(daemon-reload). No service is ever restarted; see RV(restart_needed).
  - The journal lies in C(/var/lib/nettune/tcp). Only one run at a time changes a host; others wait up to a minute.
    When a file of ours was edited and is written anew, what the editor wrote is kept there in C(edited/).
  - A login that exists keeps its limit; it takes a new one.
  - Where OpenRC starts services, as on Alpine, their limits are C(rc_ulimit) in C(/etc/conf.d), which this module does
    not write. It says so in RV(not_applicable), and C(fs.nr_open) and logins by way of PAM are seen to as elsewhere.
seealso:
  - module: nettune.tcp.sysctl_profile
"""

EXAMPLES = r"""
- name: Room for 65536 connections in the web server, now and after its next start
  nettune.tcp.nofile_limits:
    name: web
    soft: 65536
    services: [nginx, haproxy]
    logins: 8192

- name: More open files in the logins of two accounts
  nettune.tcp.nofile_limits:
    name: operators
    soft: 8192
    hard: 65536
    users: [root, deploy]

- name: Try it on what runs, writing no file
  nettune.tcp.nofile_limits:
    name: web
    soft: 65536
    services: [nginx]
    persistent: false

- name: Raise it for two minutes, unless it is confirmed
  nettune.tcp.nofile_limits:
    name: web
    soft: 65536
    services: [nginx]
    confirm_within: 120

- name: Confirm it
  nettune.tcp.nofile_limits:
    name: web
    state: confirmed

- name: Take all of it back
  nettune.tcp.nofile_limits:
    state: absent
"""

RETURN = r"""
changed:
  description: Whether a file, a running process or C(fs.nr_open) was changed, or would be in check mode.
  returned: always
  type: bool
files:
  description: Files that were created, changed or removed.
  returned: always
  type: list
  elements: dict
  sample: [{path: /etc/systemd/system/nginx.service.d/99-zz-nettune-web.conf, status: created}]
users:
  description:
    - One row a user, with the least that a new login got before and gets now. V(status) is V(changed), V(unchanged),
      V(skipped), or V(shadowed) if a later line overrides ours; V(reason) names it.
  returned: always
  type: list
  elements: dict
  sample:
    - user: root
      before: {soft: 1024, hard: 524288}
      after: {soft: 65536, hard: 524288}
      status: changed
      reason: "no hard line: 524288 holds already (inherited from sshd), a line could only lower it"
services:
  description:
    - One row per service, with the limit that a start gave it before and gives it now, V(status) and V(reason) as in
      RV(users), and in V(restart) why it has to be restarted, or V(null).
  returned: always
  type: list
  elements: dict
  sample:
    - service: squid.service
      before: {soft: 1024, hard: 524288}
      after: {soft: 65536, hard: 524288}
      status: changed
      reason: "without us: 1024:524288 (systemd's default)"
      restart: "squid: its table of descriptors is as long as the limit was at its start (max_filedescriptors)"
processes:
  description: What was considered for processes that run, one row for those of a service that are alike.
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
    - What this host does not allow. V(effect) is V(refused) where a process keeps less than was wanted, V(clamped)
      where a login or a start will be given less. V(reason) says what is in the way, V(help) what would help.
  returned: always
  type: list
  elements: dict
  sample:
    - who: nginx[812,813] of nginx.service
      wanted: {soft: 65536, hard: 65536}
      have: {soft: 20000, hard: 20000}
      effect: refused
      reason: CAP_SYS_RESOURCE is missing here, and without it no hard limit can be raised
      help: give the host, or its container, CAP_SYS_RESOURCE or a higher hard limit of its own, or ask for less
restart_needed:
  description:
    - Services whose processes do not have the floor yet although a start would give it to them, or that size their
      tables when they start.
  returned: always
  type: list
  elements: str
  sample: [squid.service]
left_alone:
  description: What was not taken back because somebody else has changed it since.
  returned: always
  type: list
  elements: dict
  sample:
    - what: /etc/security/limits.d/99-zz-nettune-web.conf
      expected: as written
      found: edited
      reason: edited by someone else since nettune.tcp wrote it
not_applicable:
  description: Users and services for which there is nothing to do on this host, and why.
  returned: always
  type: list
  elements: dict
  sample: [{what: haproxy.service, reason: "not installed: systemd finds no unit file of that name"}]
table:
  description: All of this as a short table for people.
  returned: always
  type: list
  elements: str
  sample:
    - "OPEN-FILE LIMIT OF           BEFORE       AFTER         STATUS"
    - "next start of nginx.service  1024:524288  65536:524288  changed: without us: 1024:524288 (systemd's default)"
confirm:
  description: Whether a change waits for its confirmation now, or in check mode would.
  returned: always
  type: dict
  contains:
    pending:
      description: Whether one does.
      type: bool
    deadline:
      description: When it is taken back, in UTC; null where none waits, and where check mode has armed no timer.
      type: str
  sample: {pending: true, deadline: "2026-01-31T12:02:00Z"}
nr_open:
  description: C(fs.nr_open) as it was when the limits were set.
  returned: always
  type: int
  sample: 1048576
"""

from contextlib import nullcontext

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import check_profile_name
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import states
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import Confirm
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import report as nofile_report
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.apply import NofileLimits
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.confirm import ConfirmableLimits

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
    "state": {"type": "str", "choices": list(states.STATES), "default": "present"},
}


def main() -> None:
    module = AnsibleModule(
        argument_spec=ARGUMENTS,
        required_if=[("state", "present", ("name", "soft")), ("state", "confirmed", ("name",))],
        supports_check_mode=True,
    )
    files = HostFiles()
    limits = ConfirmableLimits(NofileLimits(files), Confirm(files))
    try:
        if module.params["name"] is not None:
            check_profile_name(module.params["name"])
        with nullcontext() if module.check_mode else limits.lock():
            result = run(module, limits)
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(str(error)))
    module.exit_json(**result)


def run(module: AnsibleModule, limits: ConfirmableLimits) -> dict:
    """Plan what the options ask for, and outside check mode do it. Returns the module's result."""
    todo = limits.plan(module.params)
    for text in todo.planned.plan.warnings:
        module.warn(text)
    if module.check_mode:
        return report(limits, todo, check=True)
    result = report(limits, limits.carry_out(todo), check=False)
    if result["changed"]:
        said = [nofile_report.log_line(result), *states.lines(todo, result["confirm"])]
        module.log("; ".join(filter(None, said)))
    return result


def report(limits: ConfirmableLimits, todo: states.Run, *, check: bool) -> dict:
    """The module's result."""
    result = todo.planned.result()
    result["changed"] |= todo.part is not None
    result["confirm"] = limits.shown(todo, check=check)
    result["table"] += states.lines(todo, result["confirm"])
    return result


if __name__ == "__main__":
    main()
