# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.diagnosis import cards
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def incident_cards(fleet: Any) -> list[str]:
    """Lines that tell people what is wrong on which host; see incident_cards.yml."""
    try:
        return wrap_var(cards.lines(plain(fleet)))
    except NettuneError as error:
        raise AnsibleFilterError(f"incident_cards cannot draw this: {error}") from None
    except (KeyError, TypeError, AttributeError, ValueError):
        raise AnsibleFilterError("incident_cards takes what fleet_diagnosis gives") from None


class FilterModule:
    """Filters that draw diagnoses."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"incident_cards": incident_cards}
