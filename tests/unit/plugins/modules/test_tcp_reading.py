# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.modules import tcp_reading


def test_the_documentation_tells_the_same_options():
    yaml = pytest.importorskip("yaml")
    documented = yaml.safe_load(tcp_reading.DOCUMENTATION)["options"]
    arguments = tcp_reading.ARGUMENTS
    assert {name: {key: option.get(key) for key in arguments[name]} for name, option in documented.items()} == arguments
