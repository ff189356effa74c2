# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later


def test_sysctls_of_this_machine_are_unchanged(machine_differences: list[str]) -> None:
    assert machine_differences == []
