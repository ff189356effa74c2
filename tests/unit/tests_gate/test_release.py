# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.gate import release
from tests.gate.places import ROOT


@pytest.mark.parametrize("version", ["", "1", "1.2", "v1.2.0", "1.2.0rc1", "1.2.0-rc", "1.2.0-dev.1", "1.2.0\n"])
def test_other_texts_are_not_versions(version: str) -> None:
    with pytest.raises(release.ReleaseError, match=r"is not a version such as 1\.2\.0"):
        release.check_version(version, [])


@pytest.mark.parametrize("version", ["0.9.0", "1.0.0", "1.0.0-rc.1", "1.9.9"])
def test_an_older_version_or_the_same_is_refused(version: str) -> None:
    released = ["1.0.0", "1.10.0-beta.2", "1.9.10"]
    with pytest.raises(release.ReleaseError, match=r"is not newer than 1\.10\.0-beta\.2"):
        release.check_version(version, released)


@pytest.mark.parametrize("version", ["1.10.0-beta.3", "1.10.0-rc.1", "1.10.0", "2.0.0"])
def test_a_newer_version_is_accepted(version: str) -> None:
    release.check_version(version, ["1.10.0-beta.2", "1.9.10"])


def test_the_first_version_is_accepted() -> None:
    release.check_version("1.0.0-alpha.1", [])


@pytest.mark.parametrize("name", release._PLACES)
def test_version_is_written_where_the_collection_has_it(name: str) -> None:
    text = (ROOT / name).read_text()
    changed = release.with_version(name, text, "7.8.9-rc.1")
    different = [new for old, new in zip(text.splitlines(), changed.splitlines()) if old != new]
    assert len(different) == 1
    assert "7.8.9-rc.1" in different[0]
    assert release.with_version(name, changed, "7.8.9-rc.1") == changed


def test_file_without_a_place_for_the_version_is_an_error() -> None:
    with pytest.raises(release.ReleaseError, match="found 0 places"):
        release.with_version("galaxy.yml", "name: tcp\n", "1.0.0")
