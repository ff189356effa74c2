# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.modules import tcp_reading


def told(documented, arguments):
    """What the documentation says of options, as far as arguments say something of the kind."""
    return {
        name: {
            key: told(option["suboptions"], value) if key == "options" else option.get(key)
            for key, value in arguments.get(name, {}).items()
        }
        for name, option in documented.items()
    }


def test_the_documentation_tells_the_same_options():
    yaml = pytest.importorskip("yaml")
    documented = yaml.safe_load(tcp_reading.DOCUMENTATION)["options"]
    assert told(documented, tcp_reading.ARGUMENTS) == tcp_reading.ARGUMENTS
