# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import INFINITY, Limit, finite


def test_infinity_is_nr_open():
    assert finite(Limit(5, INFINITY), nr_open=1000) == Limit(5, 1000)
