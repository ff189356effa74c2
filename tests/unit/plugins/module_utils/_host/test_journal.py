# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import fcntl
import json
import os
import stat
import threading
import time
from pathlib import Path
from typing import Iterator

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._host import journal as subject
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.journal import Journal
from ansible_collections.nettune.tcp.tests.unit.support.other_user import belong_to_another

HERE = "var/lib/nettune/tcp"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "var/lib").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def journal(root: Path) -> Journal:
    return Journal(HostFiles(str(root)))


@pytest.fixture
def held(root: Path) -> Iterator[int]:
    """Hold the lock, as another run would."""
    os.makedirs(root / HERE)
    descriptor = os.open(root / HERE, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield descriptor
    os.close(descriptor)


def test_no_document_at_first(journal: Journal, root: Path) -> None:
    assert journal.load("sysctl") == {}
    assert os.listdir(root / "var/lib") == []


def test_document_is_saved_loaded_and_removed(journal: Journal, root: Path) -> None:
    document = {"version": 1, "keys": {"größe": ["\udce9", None, 1.5]}}
    with journal.lock(seconds=1):
        journal.save("sysctl", document)
    assert journal.load("sysctl") == document
    assert stat.S_IMODE((root / HERE).stat().st_mode) == 0o700
    assert stat.S_IMODE((root / HERE / "sysctl.json").stat().st_mode) == 0o600
    with journal.lock(seconds=1):
        journal.save("sysctl", {})
    assert journal.load("sysctl") == {}
    assert os.listdir(root / "var/lib") == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is damaged"),
        ("{", "is damaged"),
        ('{"version": 1', "is damaged"),
        ("\0" * 100, "is damaged"),
        ("{}garbage", "is damaged"),
        ("not json", "is damaged"),
        ("[]", "is damaged: a journal is a JSON object"),
        ("null", "is damaged: a journal is a JSON object"),
        ("1", "is damaged: a journal is a JSON object"),
    ],
)
def test_damaged_document_is_reported_and_kept(journal: Journal, root: Path, content: str, message: str) -> None:
    (root / HERE).mkdir(parents=True)
    (root / HERE / "sysctl.json").write_text(content)
    with pytest.raises(JournalError, match=message) as refused:
        journal.load("sysctl")
    assert f"/{HERE}/sysctl.json" in str(refused.value)
    assert (root / HERE / "sysctl.json").read_text() == content


def test_documents_are_independent(journal: Journal) -> None:
    journal.save("sysctl", {"a": 1})
    journal.save("nofile", {"b": 2})
    journal.save("sysctl", {})
    assert (journal.load("sysctl"), journal.load("nofile")) == ({}, {"b": 2})


def test_each_edited_text_is_saved_once(journal: Journal, root: Path) -> None:
    kept = [journal.keep_edited("/etc/sysctl.d/a.conf", text) for text in ("one\udce9", "two", "one\udce9")]
    assert kept[0] == kept[2] != kept[1]
    assert (root / kept[0].lstrip("/")).read_bytes() == b"one\xe9"
    assert stat.S_IMODE((root / kept[0].lstrip("/")).stat().st_mode) == 0o600
    assert len(os.listdir(root / HERE / "edited")) == 2
    with journal.lock(seconds=1):
        pass
    assert (root / kept[0].lstrip("/")).exists()


def test_lock_leaves_no_empty_directory(journal: Journal, root: Path) -> None:
    with journal.lock(seconds=1):
        assert (root / HERE).is_dir()
    assert os.listdir(root / "var/lib") == []


def test_lock_keeps_directories_that_are_not_empty(journal: Journal, root: Path) -> None:
    (root / "var/lib/nettune").mkdir()
    (root / "var/lib/nettune/other").write_text("")
    with journal.lock(seconds=1):
        pass
    assert os.listdir(root / "var/lib/nettune") == ["other"]


def test_lock_is_released_if_the_run_fails(journal: Journal) -> None:
    with pytest.raises(KeyboardInterrupt), journal.lock(seconds=1):
        raise KeyboardInterrupt
    with journal.lock(seconds=0):
        pass


def test_leftovers_of_a_killed_run_are_removed_by_the_next(journal: Journal, root: Path) -> None:
    (root / HERE / "edited").mkdir(parents=True)
    for left in (".nettune-a.tmp", "edited/.nettune-b.tmp"):
        (root / HERE / left).write_text("half")
    (root / HERE / "edited/a.conf.0").write_text("kept")
    with journal.lock(seconds=1):
        pass
    assert sorted(os.listdir(root / HERE)) == ["edited"]
    assert os.listdir(root / HERE / "edited") == ["a.conf.0"]


@pytest.mark.parametrize("seconds", [0.0, 0.15])
def test_lock_held_too_long_is_reported(journal: Journal, held: int, seconds: float) -> None:
    began = time.monotonic()
    with pytest.raises(JournalError, match=f"has been changing this host for {seconds:g} s"), journal.lock(
        seconds=seconds
    ):
        pytest.fail("two hold the lock")
    assert seconds <= time.monotonic() - began < seconds + 1


def test_waiting_run_continues_when_the_lock_is_free(
    journal: Journal, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            fcntl.flock(held, fcntl.LOCK_UN)

    monkeypatch.setattr(subject.time, "sleep", sleep)
    with journal.lock(seconds=60):
        assert len(naps) == 3


def test_waiting_run_locks_a_recreated_directory(
    journal: Journal, held: int, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep(_seconds: float) -> None:
        if (root / HERE).exists() and os.path.samestat(os.fstat(held), os.stat(root / HERE)):
            os.removedirs(root / HERE)
            (root / "var/lib").mkdir(parents=True, exist_ok=True)
            fcntl.flock(held, fcntl.LOCK_UN)

    monkeypatch.setattr(subject.time, "sleep", sleep)
    with journal.lock(seconds=60):
        assert not os.path.samestat(os.fstat(held), os.stat(root / HERE))


def test_directory_may_be_a_link_to_another_disk(journal: Journal, root: Path) -> None:
    (root / "disk").mkdir()
    (root / "var/lib/nettune").mkdir()
    (root / HERE).symlink_to(root / "disk")
    with journal.lock(seconds=0):
        journal.save("sysctl", {"a": 1})
    assert (root / "disk/sysctl.json").exists()
    assert (root / HERE).is_symlink()


@pytest.mark.parametrize("target", ["nowhere", "elsewhere"])
def test_directory_of_the_collection_is_not_trusted_as_a_link(journal: Journal, root: Path, target: str) -> None:
    (root / "var/lib/elsewhere/tcp").mkdir(parents=True)
    (root / "var/lib/nettune").symlink_to(target)
    with pytest.raises(JournalError, match=f"/var/lib/nettune is a symbolic link to {target}, so"):
        journal.load("sysctl")
    with pytest.raises(JournalError, match="is a symbolic link"), journal.lock(seconds=0):
        pytest.fail("the lock was taken")


@pytest.mark.parametrize("path", ["var/lib/nettune", HERE])
@pytest.mark.parametrize("mode", [0o775, 0o777, 0o1777])
def test_directory_that_others_can_write_is_not_trusted(journal: Journal, root: Path, path: str, mode: int) -> None:
    (root / HERE).mkdir(parents=True)
    (root / path).chmod(mode)
    with pytest.raises(JournalError, match=f"/{path} can be written by other users"):
        journal.load("sysctl")
    with pytest.raises(JournalError, match="not trusted"), journal.lock(seconds=0):
        pytest.fail("the lock was taken")


@pytest.mark.parametrize("path", ["var/lib/nettune", HERE])
def test_directory_of_another_user_is_not_trusted(
    journal: Journal, root: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / HERE).mkdir(parents=True)
    belong_to_another(monkeypatch, root / path)
    with pytest.raises(JournalError, match=f"/{path} belongs to the user 1000, so"):
        journal.load("sysctl")


def test_file_in_place_of_the_directory_is_an_error(journal: Journal, root: Path) -> None:
    (root / "var/lib/nettune").mkdir()
    (root / HERE).write_text("")
    with pytest.raises(NotADirectoryError), journal.lock(seconds=0):
        pytest.fail("there is nothing to lock")


def test_one_thread_at_a_time_holds_the_lock(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thread leaves an empty directory, which is removed while the others wait."""
    monkeypatch.setattr(subject, "_POLL_SECONDS", 0.001)
    inside: list[int] = []
    most: list[int] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _round in range(10):
                with Journal(HostFiles(str(root))).lock(seconds=60):
                    inside.append(1)
                    most.append(len(inside))
                    inside.pop()
        except BaseException as error:  # noqa: B036  # the assertion below shows any
            failed.append(error)

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (max(most), len(most)) == (1, 40)
    assert os.listdir(root / "var/lib") == []


def test_document_is_complete_at_every_moment(journal: Journal, root: Path) -> None:
    """A reader without the lock, as in check mode, sees the old or the new document."""
    journal.save("sysctl", {"a": "x" * 100000})
    stop = threading.Event()
    seen: set[int] = set()

    def read() -> None:
        while not stop.is_set():
            seen.add(len(journal.load("sysctl")["a"]))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(100):
        journal.save("sysctl", {"a": "x" * (100000 if number % 2 else 1)})
    stop.set()
    reader.join()
    assert seen <= {1, 100000}
    assert json.loads((root / HERE / "sysctl.json").read_text())
