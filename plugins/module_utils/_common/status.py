# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of `status` in the results of modules."""

from __future__ import annotations

# SHADOWED: applied, but another file overrides it at the next boot or start.
CHANGED, UNCHANGED, SHADOWED = "changed", "unchanged", "shadowed"
# SKIPPED: does not apply to this host, which is no error. REFUSED: not done, and the task fails.
SKIPPED, REFUSED = "skipped", "refused"
