# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable, Mapping

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine, yaml_text
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import text as lint_text
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import Setting
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def sysctl_lint(text: Any, *, kernel: Any = None, facts: Any = None) -> list[dict[str, Any]]:
    """A row with a verdict for each setting of a text; see sysctl_lint.yml."""
    try:
        rows = engine.of_settings(_settings(text), kernel=plain(kernel), facts=plain(facts))
    except NettuneError as error:
        raise AnsibleFilterError(f"sysctl_lint: {error}") from None
    # A text may hold anything, so no template may ever be evaluated in there.
    return wrap_var(rows)


def _settings(given: Any) -> list[Setting]:
    if isinstance(given, bytes):
        given = given.decode("utf-8", "replace")
    if isinstance(given, Mapping):
        return yaml_text.of_mapping(plain(given))
    if not isinstance(given, str):
        raise AnsibleFilterError(f"sysctl_lint takes text or a dictionary of settings, not a {type(given).__name__}")
    text = plain(given)
    return yaml_text.settings(text) or lint_text.settings(text)


class FilterModule:
    """Filters that judge settings."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"sysctl_lint": sysctl_lint}
