# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import yaml
from ansible_collections.nettune.tcp.plugins.modules import host_settings


def test_this_host(run_module) -> None:
    result = run_module(host_settings)
    documented = set(yaml.safe_load(host_settings.RETURN))
    assert documented <= set(result)
    assert result["kernel"]
    assert set(result["limits"]) == {"entries", "others", "nr_open"}
