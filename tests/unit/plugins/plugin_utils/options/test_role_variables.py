# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the roles, as their argument specifications define them."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import playbooks, role_variables
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.convert import Type
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.role_variables import Variable

ROLES = {role for playbook in playbooks.PLAYBOOKS for role in playbook.roles}


def test_types_and_defaults() -> None:
    found = role_variables.of("tuning")
    assert found["tuning_persistent"] == Variable("tuning_persistent", Type("bool"), True)
    assert found["tuning_reserved_ports"] == Variable("tuning_reserved_ports", Type("list", "raw"), [])
    assert found["tuning_nofile"] == Variable("tuning_nofile", Type("int", low=0), None)
    assert "keepalive" in found["tuning_remedies"].type.choices


def test_variables_of_all_entry_points() -> None:
    assert {"tuning_confirm_within", "tuning_role_nofile", "tuning_profile"} <= set(role_variables.of("tuning"))
    assert {"web_nofile", "web_services", "web_settings"} == set(role_variables.of("web"))


@pytest.mark.parametrize("role", sorted(ROLES))
def test_variables_begin_with_the_name_of_the_role(role: str) -> None:
    assert role_variables.of(role)
    assert all(name.startswith(f"{role}_") for name in role_variables.of(role))
    assert set(role_variables.of(role)) <= role_variables.names()


def test_unknown_role() -> None:
    with pytest.raises(InvalidOption, match="no role 'nowhere'"):
        role_variables.of("nowhere")
