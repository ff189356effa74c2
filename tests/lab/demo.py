# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make demo`: the main job on private hosts of this machine, explained as it goes.

Each claim is checked as it is made. Ends with 0 when all of them held, else with 1 and the reason.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from ansible_output import AnsibleFailed
from claims import ClaimFailed, claim, this_machine
from hosts import Lab, LabError
from namespaces import what_is_missing
from narration import Narrator
from story import STATE, Story

_ROOT = Path(__file__).resolve().parents[2]
_LOG = Path(".cache/logs/demo.log")
_OWN_COMMANDS = [
    "$ . .cache/venv/bin/activate",
    "$ ansible-playbook -i inventory playbooks/tune-web.yml --check --diff    # what would change",
    "$ ansible-playbook -i inventory playbooks/tune-web.yml",
    "$ ansible-playbook -i inventory playbooks/revert.yml                     # as it was before",
]


def tell(narrator: Narrator) -> None:
    """The whole story; the hosts are gone in any case."""
    missing = what_is_missing()
    if missing:
        raise LabError(missing)
    _LOG.parent.mkdir(parents=True, exist_ok=True)
    before = this_machine()
    with _LOG.open("w", encoding="utf-8") as log, Lab(["web1", "web2", "client"], state=STATE) as lab:
        Story(narrator, log, lab).tell()
    narrator.step("And this machine?", "Its own values and files were noted before the first step.")
    differences = before.differences(this_machine())
    claim(not differences, f"this machine was to stay as it was, but meanwhile changed: {'; '.join(differences)}")
    narrator.done(f"all {len(before.values)} values under /proc/sys and its files are as they were; the hosts are gone")


def main() -> int:
    """Tell the story from the checkout's top, so that the commands shown are those a user would type there."""
    os.chdir(_ROOT)
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    narrator = Narrator(sys.stdout, colours="NO_COLOR" not in os.environ)
    began = time.monotonic()
    narrator.title(
        "nettune.tcp: tune two web servers, prove it, take it back",
        "All of it happens on private hosts, made of namespaces of this machine, which itself stays as it is.",
    )
    try:
        tell(narrator)
    except (AnsibleFailed, ClaimFailed, LabError) as error:
        narrator.failed(str(error))
        return 1
    except KeyboardInterrupt:
        narrator.failed("interrupted; the private hosts are gone")
        return 130
    narrator.close(
        f"That took {time.monotonic() - began:.0f} s; all that Ansible said is in {_LOG}. Now on hosts of your own,"
        " with an inventory that has a group `web` (or name another with -e target=GROUP):",
        _OWN_COMMANDS,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
