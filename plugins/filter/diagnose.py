# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis import engine
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.facts import facts_of
from ansible_collections.nettune.tcp.plugins.plugin_utils.diagnosis.own_rules import checked
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.query import Query
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def diagnose(facts: Any, thresholds: Any = None, *, rules: Any = None) -> dict[str, Any]:
    """What is wrong with the TCP of a host, by its facts; see diagnose.yml."""
    try:
        given = plain(facts)
        queries = [(own, Query(own.expression)) for own in checked(plain(rules))]
        answers = [own.found(query.search(facts_of(given).document)) for own, query in queries]
        more = [answer for answer in answers if answer]
        found = engine.diagnose(given, thresholds=plain(thresholds), more=more)
    except NettuneError as error:
        raise AnsibleFilterError(f"diagnose: {error}") from None
    # Hosts say what is in it, so no template may ever be evaluated in there.
    return wrap_var(found)


class FilterModule:
    """Filters that judge facts."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"diagnose": diagnose}
