# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.sysctl_conf import Assignment
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import take_over
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.boot import SYSTEMD
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.boot_programs import Programs
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import Taken
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.take_over import (
    TakeOver,
    commented,
    uncommented,
    uncommented_files,
)

FIN = "net.ipv4.tcp_fin_timeout"
OURS, OTHER = "/etc/sysctl.d/50-web.conf", "/etc/sysctl.d/99-other.conf"


def calculate(found: dict[str, str], taken: dict[str, Taken] | None = None, **options: Any) -> TakeOver:
    """Return the changes after which our line, 30, decides at boot."""
    return take_over.calculate(
        {OURS: f"{FIN} = 30\n", **found},
        taken or {},
        {FIN: "30"},
        ours={OURS},
        loader=SYSTEMD,
        is_same=lambda _name, one, other: one == other,
        **options,
    )


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


def test_only_files_that_override_ours_are_changed() -> None:
    before = f"# x\n{FIN} = 10\n"
    found = calculate({"/etc/sysctl.d/00.conf": f"{FIN} = 9\n", OTHER: before, "/etc/sysctl.d/z.conf": "a.b = 1\n"})
    after = f"# x\n# taken over by nettune.tcp: {FIN} = 10\n"
    assert [(one.path, one.before, one.after, one.edited) for one in found.changes] == [(OTHER, before, after, False)]
    assert found.taken == {OTHER: Taken(before, (after,))}
    assert found.refused == {}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"{FIN} = 10", "/usr/lib/sysctl.d/99-z.conf:1 sets it at boot, after our file, and take_over only changes"),
        (f"-{FIN}", "/usr/lib/sysctl.d/99-z.conf:1 excludes it at boot, after our file, and take_over only changes"),
    ],
)
def test_line_of_a_package_is_not_changed(line: str, reason: str) -> None:
    found = calculate({"/usr/lib/sysctl.d/99-z.conf": f"{line}\n"})
    assert (found.changes, found.taken) == ((), {})
    assert found.refused[FIN].startswith(f"{FIN}: {reason}")


def test_file_of_another_program_that_no_loader_reads_is_not_changed() -> None:
    lan = Assignment("/etc/systemd/network/10-lan.network", 4, FIN, "1", by="systemd-networkd")
    found = calculate({}, programs=Programs(late=[lan]))
    assert found.changes == ()
    assert "systemd-networkd (/etc/systemd/network/10-lan.network:4) sets it at boot" in found.refused[FIN]
    # It may set it, but that is not known.
    assert calculate({}, programs=Programs(late=[lan._replace(unknown="may apply")])).refused == {}


def test_text_with_comments_like_ours_is_restored_from_the_journal() -> None:
    before = f"# taken over by nettune.tcp: a.b = 1\n{FIN} = 10\n"
    after = commented(before, {2})
    taken = {OTHER: Taken(before, (after,))}
    assert uncommented_files({OTHER: after, OURS: after}, taken) == {OTHER: before, OURS: after}
    # Someone has edited it since, so that only the comment signs tell.
    edited = f"{after}c.d = 2\n"
    assert uncommented_files({OTHER: edited}, taken) == {OTHER: uncommented(edited)}


def test_file_that_was_taken_over_is_kept_so_or_restored() -> None:
    before = f"{FIN} = 10\n"
    after = commented(before, {1})
    taken = {OTHER: Taken(before, (after,))}
    kept = calculate({OTHER: after}, taken)
    assert (kept.changes, kept.taken) == ((), taken)
    harmless = {OTHER: Taken(f"{FIN} = 30\n", (commented(f"{FIN} = 30\n", {1}),))}
    restored = calculate({OTHER: harmless[OTHER].texts[0]}, harmless)
    assert [(one.after, one.edited) for one in restored.changes] == [(f"{FIN} = 30\n", False)]
    assert restored.taken == {}
