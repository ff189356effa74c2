# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.modules import tcp_facts_fast


def documented_options(documented, arguments):
    """Return the documented options with the keys that the arguments have."""
    return {
        name: {
            key: documented_options(option["suboptions"], value) if key == "options" else option.get(key)
            for key, value in arguments.get(name, {}).items()
        }
        for name, option in documented.items()
    }


def test_options_are_those_of_the_documentation():
    yaml = pytest.importorskip("yaml")
    documented = yaml.safe_load(tcp_facts_fast.DOCUMENTATION)["options"]
    assert documented_options(documented, tcp_facts_fast.ARGUMENTS) == tcp_facts_fast.ARGUMENTS
