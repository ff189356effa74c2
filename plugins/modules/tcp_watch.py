#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tcp_watch
short_description: Watch the TCP connections of hosts, and show each sample as it comes
version_added: 1.0.0
description:
  - Counts a host's sockets by state every few seconds. Each sample is shown at once, on a line of its own, with the
    states that moved since the one before, and beside them interrupts and context switches in a second and the share
    of the processors' time that the kernel takes.
  - Ends with a summary. Every sample is also added to a file on the controller, if that is wanted.
  - Ctrl-C ends the watch on all hosts, and the play goes on with what was seen until then. A second Ctrl-C ends the
    play.
  - This is an action plugin. It reads on the host what M(nettune.tcp.tcp_facts) reads for its counts, and leaves
    nothing there.
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
      - Changes nothing on a host. What is seen may differ from one run to the next.
  platform:
    platforms: linux
options:
  interval:
    description:
      - Seconds from one sample to the next. A host that answers more slowly is sampled as often as it answers.
    type: float
    default: 5
  count:
    description:
      - How many samples to take. V(0) goes on until Ctrl-C.
    type: int
    default: 12
  output:
    description:
      - A file on the controller to which every sample of every host is added as it comes. With a name that ends with
        C(.csv) it has a line of names first, with C(.json) an object on each line.
    type: path
notes:
  - As many hosts are watched at the same time as C(forks) allows; the others wait until those have ended. The task
    warns if that is so.
  - A host that does not answer is said to do so on each line, and is asked again for the next one. It counts as
    unreachable only if it has never answered.
  - Interrupts, context switches and system time are those of the whole machine, also in a container.
  - C(async) is not supported.
seealso:
  - module: nettune.tcp.tcp_facts
"""

EXAMPLES = r"""
- name: Watch for a minute
  nettune.tcp.tcp_watch:

- name: Watch until Ctrl-C, every two seconds, and keep what was seen
  nettune.tcp.tcp_watch:
    interval: 2
    count: 0
    output: busy-hour.csv
  register: watched

- name: Show what there was of each state
  ansible.builtin.debug:
    msg: "{{ watched.table }}"
"""

RETURN = r"""
samples:
  description: How many samples were taken.
  returned: always
  type: int
  sample: 12
missed:
  description: How often the host did not answer.
  returned: always
  type: int
  sample: 0
interrupted:
  description: Whether Ctrl-C ended the watch.
  returned: always
  type: bool
  sample: false
summary:
  description:
    - For each state that there was, and for interrupts, context switches and system time, a row with the host, what it
      is, the first value, the last, the least, the median and the most.
  returned: always
  type: list
  elements: list
  sample: [[web1, LAST_ACK, "5830", "994", "994", "1068", "6568"]]
table:
  description: RV(summary) as lines of a table for people.
  returned: always
  type: list
  elements: str
series:
  description: The samples, the last 10000 of them at most, as they are in O(output).
  returned: always
  type: list
  elements: dict
  sample: [{time: "2026-11-20T14:05:10Z", host: web1, ESTABLISHED: 6838, SYN_SENT: 0, SYN_RECV: 276, FIN_WAIT1: 1037,
            FIN_WAIT2: 357,
            TIME_WAIT: 71, CLOSE: 0, CLOSE_WAIT: 6, LAST_ACK: 5830, LISTEN: 2, CLOSING: 7, interrupts: 13750.2,
            switches: 3174.0,
            user: 0.4, system: 5.1, idle: 94.5}]
output:
  description: The file on the controller; null where there is none.
  returned: always
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
}


def check(options: dict) -> None:
    """Raise InvalidOption where an option is out of its bounds."""
    if not SHORTEST_INTERVAL <= options["interval"] <= LONGEST_INTERVAL:
        allowed = f"between {SHORTEST_INTERVAL} and {LONGEST_INTERVAL} seconds"
        raise InvalidOption(f"interval is {options['interval']:g}; it must be {allowed}")
    if options["count"] < 0:
        raise InvalidOption(f"count is {options['count']}; it must be 0, for no end, or more")
    if options["output"] is not None:
        form_of(options["output"])


def form_of(path: str) -> str:
    """Return the format that a file's name asks for: `csv` or `json`. Raises InvalidOption."""
    form = path.rpartition(".")[2].lower()
    if "." not in path or form not in ("csv", "json"):
        raise InvalidOption(f"output is {path!r}; its name must end in .csv, or in .json for one JSON object a line")
    return form


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    module.fail_json(msg="tcp_watch runs on the controller, as an action plugin, which was passed by here")


if __name__ == "__main__":
    main()
