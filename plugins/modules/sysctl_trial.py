#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sysctl_trial
short_description: Measure the effect of candidate values of a sysctl kernel parameter
version_added: 1.0.0
description:
  - Sets each candidate for a while, with the old value before, between and after them, and reports its effect on a
    number of the TCP facts beyond the noise of that number.
  - It changes one parameter only, because a change of two at once proves nothing about either.
  - The trial runs to its end on the host, even if the controller or the connection fails. The same task run again waits
    for the running trial, or returns its saved result.
  - The old value is restored at the end, when a guard breaks, and, by a watchdog process, when the trial is killed.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
attributes:
  check_mode:
    support: full
    details:
      - Checks everything that a trial checks before it starts, and says what it would do.
  diff_mode:
    support: none
    details:
      - A trial changes nothing permanently, unless O(keep=best).
  idempotent:
    support: full
    details:
      - A trial of a name runs once, unless O(again=true).
  platform:
    platforms: linux
options:
  name:
    description:
      - Name of the trial. Its result is saved below C(/var/lib/nettune/tcp/trials).
      - A lower-case letter, then up to 31 lower-case letters, digits and underscores.
      - Required with O(state=present). With O(state=absent) the default is every trial of the host.
    type: str
  state:
    description:
      - V(present) runs the trial, unless it has run already.
      - V(absent) ends it if it is running, reverts the value that it kept, and removes its result.
    type: str
    choices: [present, absent]
    default: present
  key:
    description:
      - The parameter. Required with O(state=present).
      - If it belongs to a profile of M(nettune.tcp.sysctl_profile), it must be at the profile's value, to which it
        returns.
    type: str
  candidates:
    description:
      - The values to try, in this order. Required with O(state=present).
      - Include the present value to check the trial itself, as it should make no difference.
    type: list
    elements: raw
  minimise:
    description:
      - What is to decrease, such as V(states.LAST_ACK) or V(states.LAST_ACK + states.FIN_WAIT1 + states.CLOSING).
      - Dotted paths into the facts of M(nettune.tcp.tcp_facts), numbers, C(+ - * /) and parentheses. The facts are
        C(states), C(total), C(by_family), C(rates), C(orphans), C(time_wait), C(memory) and C(conntrack).
        C(rates.TcpExt.ListenDrops) is the growth of that counter per second, C(rates.states.CLOSE_WAIT) likewise.
      - Exactly one of O(minimise) and O(maximise) is required with O(state=present).
    type: str
  maximise:
    description:
      - What is to increase, in the same form.
    type: str
  guards:
    description:
      - Comparisons. The first reading for which one is false ends the trial and restores the old value.
      - Paths that begin with C(baseline.) stand for the median during the last window of the old value.
      - The default ends the trial if ESTABLISHED falls below 70 %, or if the rate of connections dropped because of
        full queues or lack of memory more than doubles. It also works for hosts with few connections. An empty list
        disables the guards.
    type: list
    elements: str
  settle:
    description:
      - Seconds to wait after each change before readings count. Sockets from before the change must be gone by
        then. With C(net.ipv4.tcp_orphan_retries) at 0, sockets in LAST_ACK live for 107 seconds.
    type: float
    default: 60
  window:
    description:
      - Seconds of readings for each value, long enough for at least five readings.
    type: float
    default: 60
  interval:
    description:
      - Seconds between two readings.
    type: float
    default: 5
  keep:
    description:
      - V(never) restores the old value.
      - V(best) leaves the best candidate set until the next reboot, if it is better than the old value beyond the
        noise. It is refused for a parameter that belongs to a profile.
    type: str
    choices: [never, best]
    default: never
  accept_hazards:
    description:
      - Hazards to accept, as in M(nettune.tcp.sysctl_profile). A candidate with a hazard not named here is refused.
    type: list
    elements: str
    choices: [tw_recycle, tw_buckets_lowered, floor_lowered, range_over_listeners, nr_open_huge]
    default: []
  again:
    description:
      - Whether to discard the saved result of a trial of this name, and run it again.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait for the end of the trial. With V(false) the task returns the results so far.
      - While it waits, the task shows each phase of the trial as it starts, unless it runs with C(async).
    type: bool
    default: true
notes:
  - While a trial runs, M(nettune.tcp.sysctl_profile) and M(nettune.tcp.nofile_limits) refuse to change the host.
  - If someone else sets the parameter during the trial, the trial ends and leaves that value as is.
seealso:
  - module: nettune.tcp.tcp_facts
  - module: nettune.tcp.sysctl_profile
"""

EXAMPLES = r"""
- name: Find the number of retries that reduces LAST_ACK most
  nettune.tcp.sysctl_trial:
    name: orphan_retries
    key: net.ipv4.tcp_orphan_retries
    candidates: [0, 3, 7, 2]
    minimise: states.LAST_ACK
    settle: 120
    window: 120
    guards:
      - states.ESTABLISHED >= 0.9 * baseline.states.ESTABLISHED
      - rates.Tcp.EstabResets <= 2 * baseline.rates.Tcp.EstabResets + 1
  register: trial
  become: true

- name: Show the result
  ansible.builtin.debug:
    msg: "{{ trial.table + [trial.verdict] }}"

- name: Try a longer queue, and keep it if fewer connections are dropped
  nettune.tcp.sysctl_trial:
    name: syn_queue
    key: net.ipv4.tcp_max_syn_backlog
    candidates: [4096, 8192]
    minimise: rates.TcpExt.ListenDrops
    keep: best
  become: true

- name: End a trial, and remove its result
  nettune.tcp.sysctl_trial:
    name: orphan_retries
    state: absent
  become: true
"""

RETURN = r"""
name:
  description: Name of the trial; V(null) for every trial.
  returned: always
  type: str
  sample: orphan_retries
key:
  description: Name of the parameter on this host.
  returned: with O(state=present)
  type: str
  sample: net.ipv4.tcp_orphan_retries
aim:
  description: V(minimise) or V(maximise).
  returned: with O(state=present)
  type: str
  sample: minimise
objective:
  description: What is measured, as in O(minimise) or O(maximise).
  returned: with O(state=present)
  type: str
  sample: states.LAST_ACK
status:
  description:
    - V(done) and V(running), or V(planned) in check mode.
    - V(aborted) means that a guard broke, or that someone else set the parameter. The measurements until then are
      valid.
    - V(stopped), V(failed) and V(interrupted) fail the task. The trial was asked to end, could not continue, or was
      killed.
  returned: with O(state=present)
  type: str
  sample: done
phase:
  description: The present phase of a running trial.
  returned: with O(state=present)
  type: str
  sample: candidate 3 (2 of 4)
before:
  description: The old value, which is restored.
  returned: with O(state=present)
  type: str
  sample: "0"
after:
  description: The value after the trial.
  returned: with O(state=present)
  type: str
  sample: "0"
best:
  description: The best candidate; null unless one is better than the old value beyond the noise.
  returned: with O(state=present)
  type: str
  sample: "2"
verdict:
  description: The result of the trial, in a sentence or two.
  returned: with O(state=present)
  type: str
  sample: >-
    net.ipv4.tcp_orphan_retries = 2 is best: states.LAST_ACK 1070 -> 33 (-97%, noise ±31); net.ipv4.tcp_orphan_retries
    is 0 again
candidates:
  description: The effect of each candidate, in the order given.
  returned: with O(state=present)
  type: list
  elements: dict
  contains:
    candidate:
      description: The value.
      type: str
    median:
      description: The median of the readings of its window.
      type: float
    expected:
      description: The expected value, from the windows of the old value on both sides.
      type: float
    effect:
      description: C(median) minus C(expected).
      type: float
    effect_percent:
      description: The same in percent of C(expected); null if that is 0.
      type: int
    noise:
      description:
        - Effects up to this prove nothing. The largest of three standard deviations of single readings, the difference
          between the two windows of the old value, and 2 % of C(expected).
      type: float
    verdict:
      description: One of V(better), V(worse), V(no difference) and V(unknown).
      type: str
    reason:
      description: The verdict as text, with remarks.
      type: str
  sample: [{candidate: "2", median: 33.0, expected: 1070.0, effect: -1037.0, effect_percent: -97, noise: 31.1,
            verdict: better,
            reason: better}]
baselines:
  description: The median and the spread of each window of the old value, in order.
  returned: with O(state=present)
  type: list
  elements: dict
  sample: [{median: 1068.0, spread: 10.4, readings: 24}]
samples:
  description:
    - The readings over time, at most 60 of each window; null before the first window is complete. The playbook
      C(report) draws them.
    - Each of C(readings) has its C(seconds) since the start of the trial. C(marks) are the changes of the parameter.
  returned: with O(state=present)
  type: dict
  sample: {seconds: [5, 10, 70, 75], readings: [1070, 1068, 33, 33],
           marks: [{seconds: 10, what: net.ipv4.tcp_orphan_retries, before: "0", after: "2"}]}
table:
  description: The result as lines of a table.
  returned: with O(state=present)
  type: list
  elements: str
unread:
  description: Readings that failed, or in which the number was unknown.
  returned: with O(state=present)
  type: int
  sample: 0
started:
  description: When the trial was started, in UTC; null in check mode.
  returned: with O(state=present)
  type: str
  sample: "2026-11-29T09:30:00Z"
remaining:
  description: Seconds until a running trial is expected to end.
  returned: with O(state=present)
  type: int
  sample: 840
worker:
  description: PID of the process that runs the trial on the host.
  returned: with O(state=present)
  type: int
  sample: 4711
watchdog:
  description: PID of the process that restores the value if the worker is killed.
  returned: with O(state=present)
  type: int
  sample: 4710
file:
  description: Where the trial is saved on the host, with every reading; V(null) for every trial.
  returned: always
  type: str
  sample: /var/lib/nettune/tcp/trials/orphan_retries.json
removed:
  description: Names of the trials that were removed, or would be in check mode.
  returned: with O(state=absent)
  type: list
  elements: str
  sample: [orphan_retries]
left_alone:
  description:
    - Values that a trial kept and that were not reverted, as in
      RV(nettune.tcp.sysctl_profile#module:left_alone).
  returned: with O(state=absent)
  type: list
  elements: dict
  sample: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import check_profile_name
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.hazards import MEMORY
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.hazards import NAMES as HAZARDS
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import open_host
from ansible_collections.nettune.tcp.plugins.module_utils._trial import report, request, saved
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host.trials import (
    Trials,
    check_not_running,
    file_of,
    remaining,
    started,
)
from ansible_collections.nettune.tcp.plugins.module_utils._trial.saved import Trial

ARGUMENTS = {
    "name": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "key": {"type": "str", "no_log": False},
    "candidates": {"type": "list", "elements": "raw"},
    "minimise": {"type": "str"},
    "maximise": {"type": "str"},
    "guards": {"type": "list", "elements": "str"},
    "settle": {"type": "float", "default": 60},
    "window": {"type": "float", "default": 60},
    "interval": {"type": "float", "default": 5},
    "keep": {"type": "str", "choices": ["never", "best"], "default": "never"},
    "accept_hazards": {
        "type": "list",
        "elements": "str",
        "choices": [name for name in HAZARDS if name != MEMORY],
        "default": [],
    },
    "again": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": True},
}


def main() -> None:
    module = AnsibleModule(
        argument_spec=ARGUMENTS,
        required_if=[
            ("state", "present", ("name", "key", "candidates")),
            ("state", "present", ("minimise", "maximise"), True),
        ],
        mutually_exclusive=[("minimise", "maximise")],
        supports_check_mode=True,
    )
    trials = Trials(HostFiles(), open_host(None), SockDiag(OwnNamespace()))
    try:
        result = remove(module, trials) if module.params["state"] == "absent" else run(module, trials)
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(sentence(error, "sysctl_trial")))
    if result.get("status") in saved.FAILURES:
        module.fail_json(msg=result["verdict"], **result)
    module.exit_json(**result)


def remove(module: AnsibleModule, trials: Trials) -> dict:
    """End and remove the trial, or all trials without a name. Return the module's result."""
    name, check = module.params["name"], module.check_mode
    if name is not None:
        check_profile_name(name)
    names = trials.names() if name is None else [name]
    removed = [one for one in names if trials.find(one, read_only=check) is not None]
    left = [] if check else [row for one in removed for row in trials.remove(one)]
    for row in left:
        module.warn(printable(f"{row['what']} is {row['found']} and was left as is: {row['reason']}"))
    file = None if name is None else file_of(name)
    return printable({"changed": bool(removed), "name": name, "file": file, "removed": removed, "left_alone": left})


def run(module: AnsibleModule, trials: Trials) -> dict:
    """Find or start the trial, and wait for it if the task does. Return the module's result."""
    options = module.params
    asked = request.from_options(options)
    trial = trials.find(asked.name, read_only=module.check_mode)
    if trial is not None and options["again"]:
        check_not_running(trial)
        trial = None
    fresh = trial is None
    if trial is None:
        trial = start(module, trials, asked)
    else:
        saved.check_same(trial, asked)
    if options["wait"] and not module.check_mode:
        trial = trials.wait(asked.name)
    return result_of(trial, changed=fresh)


def start(module: AnsibleModule, trials: Trials, asked: request.Request) -> Trial:
    """Check whether the host can run the trial; outside check mode, start it."""
    accepted = frozenset(module.params["accept_hazards"])
    planned, hazards = trials.plan(asked, accept_hazards=accepted)
    for text in hazards:
        module.warn(printable(f"hazard accepted: {text}"))
    if module.check_mode:
        return planned
    if module.params["again"]:
        trials.remove(asked.name)
    module.log(report.verdict(planned, []))
    return trials.start(asked, accept_hazards=accepted)


def result_of(trial: Trial, *, changed: bool) -> dict:
    """Return the module's result."""
    times = {"started": started(trial), "remaining": remaining(trial)}
    return printable({"changed": changed, **report.result(trial), **times, "file": file_of(trial.request.name)})


if __name__ == "__main__":
    main()
