# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later


def test_the_machines_own_sysctls_are_untouched(machine_differences: list[str]) -> None:
    assert machine_differences == []
