# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The browser and the pages that the tests open."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Iterator

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
# It makes the checkout importable as the collection.
import_module("tests.unit.conftest")
report = import_module("tests.report.pages")
browser_module = import_module("tests.report.browser")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with browser_module.started(tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture(scope="session")
def site() -> str:
    return report.site()


@pytest.fixture(scope="session")
def hostile() -> str:
    return report.hostile()
