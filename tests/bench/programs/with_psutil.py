# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count states with psutil: with_psutil.py SITE_PACKAGES."""

import collections
import sys

sys.path.insert(0, sys.argv[1])

import psutil

for state, number in collections.Counter(one.status for one in psutil.net_connections("tcp")).items():
    print(state, number)
