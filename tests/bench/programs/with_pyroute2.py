# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count states, by the kernel's numbers, with pyroute2: with_pyroute2.py SITE_PACKAGES."""

import collections
import socket
import sys

sys.path.insert(0, sys.argv[1])

from pyroute2 import DiagSocket

states = collections.Counter()
with DiagSocket() as diag:
    diag.bind()
    for family in (socket.AF_INET, socket.AF_INET6):
        states.update(one["idiag_state"] for one in diag.get_sock_stats(family=family, states=0xFFE))
for state, number in states.items():
    print(state, number)
