# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Next steps in the variables of the roles. The modules name their own options."""

from __future__ import annotations

import json
import re
from typing import Any, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._common.text import without_prefix
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import SAME_VALUE

# Options of the modules whose variable is `tuning_` and the same name. Messages give them with a value.
_OPTIONS = re.compile(r"(?<![\w.])(accept_hazards|confirm_within|persistent|take_over)(?=: )")
_CONNECTIONS = "million_connections_count"


def in_role_terms(text: str) -> str:
    """Return a message of a module with the variables of the roles instead of its options.

    >>> in_role_terms("hazard memory: ...; to accept it, set accept_hazards: [memory]")
    'hazard memory: ...; to accept it, set tuning_accept_hazards: [memory]'
    """
    return _OPTIONS.sub(r"tuning_\1", text)


def untold(result: Mapping[str, Any]) -> list[Any]:
    """Return the warnings of a module without those about its parameters and hazards, which the screen tells."""
    starts = (*(f"{row['key']} is " for row in result.get("settings") or ()), "hazard ")
    return [one for one in result.get("warnings") or () if not _text_of(one).startswith(starts)]


def sentence(msg: str) -> str:
    """Return a message in the terms of the roles, with a full stop."""
    text = in_role_terms(without_prefix(msg, "Task failed: ").strip())
    return text if text.endswith((".", "?")) else f"{text}."


def refusal(msg: str, result: Mapping[str, Any], profile: str) -> str:
    """Return the sentence for a host on which sysctl_profile refused the profile."""
    text = msg.rstrip(".")
    values = {one["key"]: one["value"] for one in result.get("conflicts") or [] if one["value"] is not None}
    if values:
        text = text.replace(f"; {SAME_VALUE}", "")
        numbers = {key: int(value) if str(value).isdigit() else value for key, value in values.items()}
        text += f". To settle it, set tuning_overrides: {json.dumps(numbers)} for this host: both roles then use it"
    if any(one["hazard"] == "memory" and not one["accepted"] for one in result.get("hazards") or []):
        text += f", or lower {_CONNECTIONS if profile == 'million_connections' else 'tuning_role_connections'}"
    return sentence(text)


def lower_limit(options: Mapping[str, Any], profile: str) -> str:
    """Return the variable to lower if a host does not allow the open-file limit: the role's own if that decides."""
    own = f"{profile}_nofile"
    return own if own in options and options[own] == options.get("tuning_nofile") else "tuning_nofile"


def _text_of(warning: Any) -> str:
    """Return the text of a warning, which ansible-core may wrap in an event."""
    return str(getattr(getattr(warning, "event", None), "msg", warning))
