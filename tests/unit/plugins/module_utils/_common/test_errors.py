# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError, sentence


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (NettuneError("the soft limit is 5"), "the soft limit is 5"),
        (
            PermissionError(13, "Permission denied", "/etc/a"),
            "/etc/a: Permission denied; m must run as root: set become: true",
        ),
        (OSError(28, "No space left on device", "/etc/a"), "/etc/a: No space left on device"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (OSError("no number"), "no number"),
    ],
)
def test_sentence(error: Exception, text: str) -> None:
    assert sentence(error, "m") == text
