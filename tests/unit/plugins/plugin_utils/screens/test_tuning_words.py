# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace

from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.tuning_words import untold

KEY = "net.ipv4.tcp_syncookies"


def test_leaves_out_the_warnings_that_the_screen_tells() -> None:
    told = [f"{KEY} is shadowed: set take_over: true", f"{KEY} is also set by ufw", "hazard memory accepted: x"]
    edited = "/etc/sysctl.d/99-zz-nettune-web.conf was edited by someone else"
    assert untold({"settings": [{"key": KEY}], "warnings": [*told, edited]}) == [edited]


def test_knows_warnings_that_ansible_has_wrapped() -> None:
    wrapped = SimpleNamespace(event=SimpleNamespace(msg=f"{KEY} is shadowed"))
    assert untold({"settings": [{"key": KEY}], "warnings": [wrapped]}) == []
