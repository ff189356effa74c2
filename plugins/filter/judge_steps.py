# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils import tuning_session
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def judge_steps(value: Any) -> dict[str, Any]:
    """What the steps of a session show; see judge_steps.yml."""
    try:
        return wrap_var(tuning_session.result(tuning_session.parse(plain(value))))
    except NettuneError as error:
        raise AnsibleFilterError(f"judge_steps: {error}") from None


class FilterModule:
    """Filters about tuning by hand."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"judge_steps": judge_steps}
