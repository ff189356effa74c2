# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.take_over import commented, uncommented


@pytest.mark.parametrize(
    ("text", "numbers", "taken"),
    [
        ("", (), ""),
        ("a = 1", (1,), "# taken over by nettune.tcp: a = 1"),
        ("a = 1\nb = 2\n", (2,), "a = 1\n# taken over by nettune.tcp: b = 2\n"),
        ("a = 1\r\nb = 2\r\n", (1,), "# taken over by nettune.tcp: a = 1\r\nb = 2\r\n"),
        ("\n\n  a=1", (3,), "\n\n# taken over by nettune.tcp:   a=1"),
        ("# gr\udcfc\na = \udce9", (2,), "# gr\udcfc\n# taken over by nettune.tcp: a = \udce9"),
        ("a\n", (), "a\n"),
    ],
)
def test_lines_are_commented_out_and_restored(text: str, numbers: tuple[int, ...], taken: str) -> None:
    assert commented(text, numbers) == taken
    assert uncommented(taken) == text


def test_other_comments_stay() -> None:
    text = "# a = 1\n#taken over by nettune.tcp: b\n x # taken over by nettune.tcp: c\n"
    assert uncommented(text) == text
