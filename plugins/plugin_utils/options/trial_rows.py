# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the playbook trial."""

from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.hazards import MEMORY
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.hazards import NAMES as HAZARDS

from .row import Row

_KEY = "from the key"

ROWS = (
    Row(
        *("nettune_trial_key", "str", "Kernel parameter to try", "net.ipv4.tcp_orphan_retries", ("trial",)),
        required=True,
    ),
    Row(
        *("nettune_trial_candidates", "list", "Values to try, in this order", "3,7,2", ("trial",)),
        elements="raw",
        required=True,
    ),
    Row(
        *("nettune_trial_minimise", "str", "Expression to decrease; set this or nettune_trial_maximise"),
        example="states.LAST_ACK",
        used_by=("trial",),
    ),
    Row(
        *("nettune_trial_maximise", "str", "Expression to increase; set this or nettune_trial_minimise"),
        example="states.ESTABLISHED",
        used_by=("trial",),
    ),
    Row(
        *("nettune_trial_name", "str", "Name of the trial, under which its result is saved", "orphans", ("trial",)),
        default_text=_KEY,
    ),
    Row(
        *("nettune_trial_guards", "list", "Comparisons; the trial ends when one is false", '["total > 100"]'),
        used_by=("trial",),
        default_text="built in",
    ),
    Row(
        *("nettune_trial_settle", "float", "Seconds to wait after each change", "120", ("trial",)),
        default=60.0,
        low=0,
        high=7200,
    ),
    Row(
        *("nettune_trial_window", "float", "Seconds of readings for each value", "120", ("trial",)),
        default=60.0,
        low=1,
        high=7200,
    ),
    Row(
        *("nettune_trial_interval", "float", "Seconds between two readings", "2", ("trial",)),
        default=5.0,
        low=0.2,
        high=300,
    ),
    Row(
        *("nettune_trial_keep", "str", "Whether to keep the best value until the next reboot", "best", ("trial",)),
        default="never",
        choices=("never", "best"),
    ),
    Row(
        *("nettune_trial_accept_hazards", "list", "Hazards to accept by name", "floor_lowered", ("trial",)),
        default=(),
        default_text="none",
        choices=tuple(name for name in HAZARDS if name != MEMORY),
    ),
    Row(
        *("nettune_trial_again", "bool", "Discard the saved result and run the trial again", "true", ("trial",)),
        default=False,
    ),
)
