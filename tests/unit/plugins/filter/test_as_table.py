# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.as_table import as_table


def test_a_value_becomes_lines():
    assert as_table([{"host": "web1", "total": 9}]) == ["host  total", "web1      9"]


def test_what_is_no_value_of_json_is_refused():
    with pytest.raises(AnsibleFilterError, match="as_table cannot draw this: a value of type object"):
        as_table({"web1": object()})
