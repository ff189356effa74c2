# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.modules import tcp_watch
from ansible_collections.nettune.tcp.plugins.modules.tcp_watch import ARGUMENTS, output_format


@pytest.mark.parametrize(("path", "form"), [("a.csv", "csv"), ("/x.y/B.JSON", "json")])
def test_format_follows_from_the_file_name(path: str, form: str) -> None:
    assert output_format(path) == form


@pytest.mark.parametrize("path", ["", "csv", "a.txt", "a.csv/b", "a."])
def test_unknown_file_type_is_refused(path: str) -> None:
    with pytest.raises(InvalidOption, match="its name must end with .csv, or with .json"):
        output_format(path)


def test_options_are_those_of_the_documentation() -> None:
    yaml = pytest.importorskip("yaml")
    documented = yaml.safe_load(tcp_watch.DOCUMENTATION)["options"]
    assert {name: {key: option.get(key) for key in ARGUMENTS[name]} for name, option in documented.items()} == ARGUMENTS
