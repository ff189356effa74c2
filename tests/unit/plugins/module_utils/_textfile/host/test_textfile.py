# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ForeignFile, InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._textfile.host.textfile import Textfile
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost, Killed
from ansible_collections.nettune.tcp.tests.unit.support.other_user import belong_to_another

PLACE, OTHER = "/var/lib/node_exporter", "/srv/textfiles"
PATH = f"{PLACE}/nettune_tcp.prom"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    host = FakeHost(tmp_path)
    for directory in (PLACE, OTHER):
        Path(host.locate(directory)).mkdir(parents=True)
    return host


def write(host: FakeHost, text: str = "a 1\n", directory: str = PLACE, **options: bool) -> dict:
    textfile = Textfile(host)
    if options:
        return textfile.write(directory, text, **options)
    with textfile.lock():
        return textfile.write(directory, text)


def remove(host: FakeHost) -> dict:
    with Textfile(host).lock():
        return Textfile(host).remove()


def test_the_file_is_written_replaced_and_removed(host: FakeHost) -> None:
    before = host.tree("/var", "/srv")
    assert write(host)["files"] == [{"path": PATH, "status": "created"}]
    assert stat.S_IMODE(os.stat(host.locate(PATH)).st_mode) == 0o644
    assert write(host, "a 2\n")["files"] == [{"path": PATH, "status": "replaced"}]
    assert host.read_text(PATH) == "a 2\n"
    assert os.listdir(host.locate(PLACE)) == ["nettune_tcp.prom"]
    assert remove(host) == {"changed": True, "files": [{"path": PATH, "status": "removed"}], "left_alone": []}
    assert host.tree("/var", "/srv") == before
    assert remove(host) == {"changed": False, "files": [], "left_alone": []}


def test_check_mode_changes_nothing(host: FakeHost) -> None:
    before = host.tree("/var", "/srv")
    assert write(host, only_check=True)["changed"]
    assert host.tree("/var", "/srv") == before
    write(host)
    before = host.tree("/var", "/srv")
    assert Textfile(host).remove(only_check=True)["changed"]
    assert host.tree("/var", "/srv") == before


@pytest.mark.parametrize("directory", ["/var/lib/absent", "/proc/self/../1", "relative", PATH])
def test_the_directory_has_to_exist(host: FakeHost, directory: str) -> None:
    before = host.tree("/var", "/srv")
    with pytest.raises(InvalidOption, match="there is no directory"):
        write(host, directory=directory)
    assert host.tree("/var", "/srv") == before


def test_a_file_of_someone_else_is_left_alone(host: FakeHost) -> None:
    host.put(PATH, "theirs 1\n")
    with pytest.raises(ForeignFile, match="was not written by nettune.tcp; remove it, or choose another directory"):
        write(host)
    assert host.read_text(PATH) == "theirs 1\n"
    assert not remove(host)["changed"]
    assert host.read_text(PATH) == "theirs 1\n"


def test_an_edited_file_is_left_alone(host: FakeHost) -> None:
    write(host)
    host.put(PATH, "a 1\nb 2\n")
    with pytest.raises(ForeignFile, match="was changed by someone else"):
        write(host, "a 2\n")
    reason = "it was changed by someone else"
    expected = [{"what": PATH, "expected": "as written", "found": "edited", "reason": reason}]
    assert remove(host) == {"changed": False, "files": [], "left_alone": expected}
    assert host.read_text(PATH) == "a 1\nb 2\n"


def test_a_copy_that_another_user_owns_is_left_alone(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    write(host)
    belong_to_another(monkeypatch, Path(host.locate(PATH)))
    with pytest.raises(ForeignFile, match="belongs to the user"):
        write(host, "a 2\n")
    assert remove(host)["left_alone"][0]["what"] == PATH
    assert host.exists(PATH)


def test_a_link_and_a_directory_are_left_alone(host: FakeHost) -> None:
    host.put("/etc/target", "x")
    host.link(PATH, host.locate("/etc/target"))
    with pytest.raises(ForeignFile, match="symbolic link"):
        write(host)
    os.unlink(host.locate(PATH))
    os.mkdir(host.locate(PATH))
    with pytest.raises(ForeignFile, match="not a regular file"):
        write(host)
    assert host.read_text("/etc/target") == "x"


def test_a_directory_behind_a_link_that_others_can_change_is_refused(host: FakeHost) -> None:
    os.chmod(host.locate("/srv"), 0o777)
    host.link("/srv/link", "/etc")
    with pytest.raises(ForeignFile, match="symbolic link"):
        write(host, directory="/srv/link")
    assert not os.path.exists(host.locate("/etc/nettune_tcp.prom"))


def test_a_file_that_was_removed_is_written_again(host: FakeHost) -> None:
    write(host)
    os.unlink(host.locate(PATH))
    assert write(host)["files"] == [{"path": PATH, "status": "created"}]
    os.unlink(host.locate(PATH))
    assert remove(host) == {"changed": False, "files": [], "left_alone": []}


def test_with_another_directory_the_file_moves(host: FakeHost) -> None:
    write(host)
    found = write(host, "a 2\n", OTHER)["files"]
    assert found == [
        {"path": f"{OTHER}/nettune_tcp.prom", "status": "created"},
        {"path": PATH, "status": "removed"},
    ]
    remove(host)
    assert os.listdir(host.locate(PLACE)) == os.listdir(host.locate(OTHER)) == []


def test_a_directory_that_became_a_link_is_left_alone(host: FakeHost) -> None:
    write(host, directory=OTHER)
    os.rename(host.locate(OTHER), host.locate("/srv/gone"))
    os.chmod(host.locate("/srv"), 0o777)
    host.link(OTHER, host.locate("/srv/gone"))
    assert "symbolic link" in remove(host)["left_alone"][0]["reason"]
    assert host.exists("/srv/gone/nettune_tcp.prom")


@pytest.mark.parametrize("step", range(1, 7))
def test_a_run_that_was_killed_leaves_what_the_next_one_finishes_or_removes(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    clean = host.tree("/var", "/srv")
    write(host)
    calls = {"left": step}

    def killed(function):
        def call(*args, **options):
            calls["left"] -= 1
            if calls["left"] < 0:
                raise Killed
            return function(*args, **options)

        return call

    with monkeypatch.context() as patch:
        for name in ("rename", "unlink", "fchmod"):
            patch.setattr(os, name, killed(getattr(os, name)))
        with suppress(Killed):
            write(host, "a 2\n")
    assert host.read_text(PATH) in ("a 1\n", "a 2\n")
    calls["left"] = 1000
    assert write(host, "a 3\n")["files"] == [{"path": PATH, "status": "replaced"}]
    remove(host)
    assert host.tree("/var", "/srv") == clean
