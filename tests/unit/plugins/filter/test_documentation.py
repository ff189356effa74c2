# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each filter is documented in its own file, and the documentation agrees with its function."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml")

FOLDER = Path(__file__).resolve().parents[4] / "plugins" / "filter"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


def plugin(name):
    return importlib.import_module(f"ansible_collections.nettune.tcp.plugins.filter.{name}")


def test_there_are_few_filters_without_sidecar_files():
    assert len(NAMES) <= 7
    assert [path.name for path in FOLDER.iterdir() if path.suffix not in (".py", "")] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_file_has_the_filter_it_is_named_for(name):
    assert plugin(name).FilterModule().filters() == {name: getattr(plugin(name), name)}


@pytest.mark.parametrize("name", NAMES)
def test_documentation_lists_the_parameters(name):
    documented = yaml.safe_load(plugin(name).DOCUMENTATION)
    first, *parameters = inspect.signature(getattr(plugin(name), name)).parameters.values()
    options = documented["options"]
    assert documented["name"] == name
    assert list(options) == ["_input", *(parameter.name for parameter in parameters)], f"after {first.name}"
    for parameter in parameters:
        required = parameter.default is inspect.Parameter.empty
        assert options[parameter.name].get("required", False) == required
        assert (options[parameter.name].get("default") or None) == (None if required else parameter.default or None)
    assert yaml.safe_load(plugin(name).EXAMPLES)
    assert yaml.safe_load(plugin(name).RETURN)["_value"]["type"]
