# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host

FULL = {"listeners": [{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}]}


@pytest.mark.parametrize(("somaxconn", "helps"), [("128", True), ("4096", False), ("", True), (None, True)])
def test_a_higher_somaxconn_helps_only_a_capped_listener(somaxconn, helps):
    facts = host(**FULL)
    facts["nettune_sysctl"]["keys"]["net.core.somaxconn"] = {"value": somaxconn}
    assert (
        any("somaxconn of at least" in remedy["text"] for remedy in found(facts)["accept_queue"]["remedies"]) == helps
    )
