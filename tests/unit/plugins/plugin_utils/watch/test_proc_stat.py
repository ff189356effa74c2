# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import proc_stat
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.proc_stat import Activity, KernelStat

TEXT = """cpu  100 10 50 800 20 5 15 0 7 0
cpu0 100 10 50 800 20 5 15 0 7 0
intr 13750 9 0 0 5
ctxt 3174
btime 1700000000
processes 9
"""
EARLY = KernelStat(13750, 3174, 110, 70, 800, 1000)


def test_time_is_grouped_as_by_vmstat() -> None:
    assert proc_stat.parse(TEXT) == EARLY


def test_an_old_kernel_has_fewer_columns() -> None:
    assert proc_stat.parse("cpu 1 2 3 4\nintr 5\nctxt 6\n") == KernelStat(5, 6, 3, 3, 4, 10)


def test_activity() -> None:
    late = KernelStat(13750 + 27500, 3174 + 6000, 110 + 20, 70 + 10, 800 + 160, 1000 + 200)
    assert proc_stat.activity(EARLY, late, seconds=2.0) == Activity(13750.0, 3000.0, 10.0, 5.0, 80.0)


@pytest.mark.parametrize(
    ("late", "seconds"),
    [
        (EARLY, 2.0),
        (EARLY._replace(total=2000), 0.0),
        (EARLY._replace(total=2000, interrupts=5), 2.0),
    ],
    ids=["no tick has passed", "no time has passed", "a counter fell"],
)
def test_no_activity_without_progress(late: KernelStat, seconds: float) -> None:
    assert proc_stat.activity(EARLY, late, seconds=seconds) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "/proc/stat has no line cpu"),
        (TEXT.replace("intr", "int"), "/proc/stat has no line intr"),
        (TEXT.replace("ctxt 3174\n", ""), "/proc/stat has no line ctxt"),
        (TEXT.replace("ctxt 3174", "ctxt"), "/proc/stat: malformed line 'ctxt'"),
        (TEXT.replace("cpu  100", "cpu  x"), "/proc/stat: malformed line 'cpu  x 10"),
        ("cpu 1 2 3\nintr 1\nctxt 1\n", "/proc/stat: malformed line 'cpu 1 2 3'"),
    ],
)
def test_a_malformed_line_is_named(text: str, message: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        proc_stat.parse(text)
    assert message in str(caught.value)
