# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's counting code without Ansible: counting.py DIRECTORY SUBSETS SOURCE prints facts.

DIRECTORY has module_utils. Facts are printed as a Python literal, because Ansible makes the JSON of a module.
"""

import sys

sys.path.insert(0, sys.argv[1])

from module_utils._tcp.host.facts import open_host

facts = open_host(None).gather(set(sys.argv[2].split(",")), source=sys.argv[3], top=10)
print(facts)
