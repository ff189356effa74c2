# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import check_profile_name


@pytest.mark.parametrize("name", ["web", "w", "a_1", "million_connections", "a" * 32])
def test_a_name(name: str) -> None:
    check_profile_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Web",
        "1web",
        "_web",
        "web-1",
        "web.1",
        "web 1",
        "web\n",
        "web\0",
        "../web",
        "/etc/passwd",
        "web*",
        "a" * 33,
        "wéb",
        "web١",
    ],
)
def test_no_name(name: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        check_profile_name(name)
    assert repr(name) in str(refused.value)
    assert "lower-case letter" in str(refused.value)


@pytest.mark.parametrize(("given", "meant"), [("Web", "web"), ("web-1", "web_1"), (" web.one ", "web_one")])
def test_the_name_that_was_probably_meant_is_suggested(given: str, meant: str) -> None:
    with pytest.raises(InvalidOption, match=f"^expect: .*; did you mean {meant}\\?$"):
        check_profile_name(given, "expect")
