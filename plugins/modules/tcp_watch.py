#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tcp_watch
short_description: Watch the TCP connections of hosts, and show each sample as it is taken
version_added: 1.0.0
description:
  - Counts the sockets of a host by state every few seconds. Each sample is shown at once, on one line, with a sparkline
    of the last samples and the rate for each state that moves. On a wide terminal the line also has interrupts and
    context switches per second, and the share of processor time used by the kernel.
  - Ends with a summary. Every sample can also be appended to a file on the controller.
  - Each sample also reads the kernel parameters that the roles of this collection manage. If a value has changed since
    the previous sample, a line says so, whoever has changed it.
  - Ctrl-C ends the watch on all hosts, and the play continues with the samples taken so far. A second Ctrl-C ends the
    play.
  - This is an action plugin. It reads on the host what M(nettune.tcp.tcp_facts) reads, and leaves nothing there.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
attributes:
  check_mode:
    support: full
    details:
      - Changes nothing on a host in any mode, so check mode makes no difference.
  diff_mode:
    support: N/A
    details:
      - Changes nothing on a host.
  idempotent:
    support: N/A
    details:
      - Changes nothing on a host. The samples may differ from one run to the next.
  platform:
    platforms: linux
options:
  interval:
    description:
      - Seconds from one sample to the next, between 0.5 and 3600. A host that needs longer to answer is sampled as
        often as it answers.
    type: float
    default: 5
  count:
    description:
      - How many samples to take. V(0) continues until Ctrl-C.
    type: int
    default: 12
  output:
    description:
      - A file on the controller to which every sample of every host is appended, also in check mode. A new file gets
        mode 0600. If its name ends with C(.csv), the first line has the names of the columns; if it ends with C(.json),
        every line is a JSON object.
    type: path
  parameters:
    description:
      - Names of more kernel parameters to read with each sample.
    type: list
    elements: str
    default: []
notes:
  - As many hosts as C(forks) allows are watched at the same time; the others start when those have finished. The task
    warns about that.
  - If a host does not answer, a line says so, and the next sample is tried as usual. A host is unreachable only if it
    never answered.
  - Interrupts, context switches and system time are host-wide, also in a container.
  - C(async) is not supported.
seealso:
  - module: nettune.tcp.tcp_facts
"""

EXAMPLES = r"""
- name: Watch for a minute
  nettune.tcp.tcp_watch:

- name: Watch until Ctrl-C, every two seconds, and save the samples
  nettune.tcp.tcp_watch:
    interval: 2
    count: 0
    output: busy-hour.csv
  register: watched

- name: Show a summary per state
  ansible.builtin.debug:
    msg: "{{ watched.table }}"
"""

RETURN = r"""
samples:
  description: The number of samples taken.
  returned: if the host answered
  type: int
  sample: 12
seconds:
  description: The time from the first sample to the last.
  returned: if the host answered
  type: float
  sample: 55.0
missed:
  description: How often the host did not answer.
  returned: if the host answered
  type: int
  sample: 0
interrupted:
  description: Whether Ctrl-C ended the watch.
  returned: if the host answered
  type: bool
  sample: false
summary:
  description:
    - A row for each state that had sockets, and for interrupts, context switches and system time. It has the host, the
      name, and the first, last, least, median and greatest value.
  returned: if the host answered
  type: list
  elements: list
  sample: [[web1, LAST_ACK, "5830", "994", "994", "1068", "6568"]]
table:
  description: RV(summary) as the lines of a table.
  returned: if the host answered
  type: list
  elements: str
series:
  description: The samples as they are in O(output), at most 10000 of them.
  returned: if the host answered
  type: list
  elements: dict
  sample: [{time: "2026-11-20T14:05:10Z", host: web1, ESTABLISHED: 6838, SYN_SENT: 0, SYN_RECV: 276, FIN_WAIT1: 1037,
            FIN_WAIT2: 357,
            TIME_WAIT: 71, CLOSE: 0, CLOSE_WAIT: 6, LAST_ACK: 5830, LISTEN: 2, CLOSING: 7, interrupts: 13750.2,
            switches: 3174.0,
            user: 0.4, system: 5.1, idle: 94.5}]
changes:
  description:
    - Kernel parameters whose value changed between two samples. C(time) is that of the sample that found the new value.
    - At most 1000 of them.
  returned: if the host answered
  type: list
  elements: dict
  sample: [{time: "2026-11-20T14:06:20Z", what: net.ipv4.tcp_fin_timeout, before: "60", after: "30"}]
output:
  description: The file on the controller, or V(null).
  returned: if the host answered
  type: str
  sample: busy-hour.csv
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption

SHORTEST_INTERVAL = 0.5
LONGEST_INTERVAL = 3600
ARGUMENTS = {
    "interval": {"type": "float", "default": 5},
    "count": {"type": "int", "default": 12},
    "output": {"type": "path"},
    "parameters": {"type": "list", "elements": "str", "default": []},
}


def check(options: dict) -> None:
    """Raise InvalidOption if an option is out of bounds."""
    if not SHORTEST_INTERVAL <= options["interval"] <= LONGEST_INTERVAL:
        allowed = f"between {SHORTEST_INTERVAL} and {LONGEST_INTERVAL} seconds"
        raise InvalidOption(f"interval is {options['interval']:g}; it must be {allowed}")
    if options["count"] < 0:
        raise InvalidOption(f"count is {options['count']}; it must be 0 (no limit) or more")
    if options["output"] is not None:
        output_format(options["output"])


def output_format(path: str) -> str:
    """Return the format of a file by its name: `csv` or `json`. Raises InvalidOption."""
    form = path.rpartition(".")[2].lower()
    if "." not in path or form not in ("csv", "json"):
        raise InvalidOption(
            f"output is {path!r}; its name must end with .csv, or with .json for one JSON object per line"
        )
    return form


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    module.fail_json(msg="tcp_watch is an action plugin and cannot run as a module")


if __name__ == "__main__":
    main()
