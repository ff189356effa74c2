# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that seem to belong to another user, so that tests need not be root."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host import trust


def belong_to_another(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Let the file or link at `path` seem to belong to the user 1000."""
    real = trust.doubt

    def doubt(found: os.stat_result) -> str:
        return "belongs to the user 1000" if os.path.samestat(found, path.lstat()) else real(found)

    monkeypatch.setattr(trust, "doubt", doubt)
