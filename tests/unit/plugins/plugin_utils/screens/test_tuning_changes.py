# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that change now, and values that change at the next boot."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import tuning_changes
from ansible_collections.nettune.tcp.tests.unit.support.tuned_hosts import RANGE, host, row, sysctl, texts


def test_parameters_that_only_change_at_the_next_boot_are_counted():
    at_boot = row(RANGE, "1024 65535", "1024 65535", (None, "1024 65535"))
    assert texts({"web1": host(sysctl=sysctl(row(), at_boot))})[0] == (
        "web1: 2 of 2 kernel parameters changed (1 now, 1 at the next boot)"
    )
    assert texts({"web1": host(sysctl=sysctl(at_boot))}, check_mode=True)[0] == (
        "web1: would change 1 of 1 kernel parameter (at the next boot)"
    )


@pytest.mark.parametrize(
    ("rows", "check_mode", "line"),
    [
        ([row(before="1", boot=("1", None))], False, "1 of 1 kernel parameter kept only until the next reboot"),
        ([row(before="1", boot=("1", None))], True, "would keep 1 of 1 kernel parameter only until the next reboot"),
        (
            [row(before="1", boot=("1", None)), row(RANGE, boot=(None, None))],
            False,
            "1 of 2 kernel parameters changed, 1 of 2 kernel parameters kept only until the next reboot",
        ),
        ([row(boot=(None, None))], False, "1 of 1 kernel parameter changed, until the next reboot"),
    ],
)
def test_a_profile_that_is_no_longer_persistent(rows, check_mode, line):
    hosts = {"web1": host({"tuning_persistent": False}, sysctl=sysctl(*rows))}
    assert texts(hosts, check_mode=check_mode, width=200)[0] == f"web1: {line}"


def test_a_value_at_boot_that_is_not_known_is_not_the_default():
    reason = "systemd-networkd may set it, depending on its version"
    (change,) = tuning_changes.of_sysctl(sysctl(row(boot=(None, None), boot_reason=reason)), {}, ()).changes
    assert (change.before, change.after, change.boot) == ("2", "1", "not known")
