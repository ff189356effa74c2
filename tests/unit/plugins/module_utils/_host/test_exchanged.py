# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user who exchanges files and directories between two steps of a run: nothing is written where they want it.

A hook makes the exchange at the moment when a function of os is about to be called.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ForeignFile, NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._host import trust
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.journal import Journal
from ansible_collections.nettune.tcp.tests.unit.support.other_user import belong_to_another

OURS, VICTIM = "/etc/sysctl.d/99-zz-nettune-web.conf", "/etc/shadow"
SECRET = "root:x"
Hook = Callable[[str, Callable[[], object]], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for place in ("etc/sysctl.d", "home/bob", "var/lib"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place).chmod(0o755)
    (tmp_path / "etc/shadow").write_text(SECRET)
    return tmp_path


@pytest.fixture
def before(monkeypatch: pytest.MonkeyPatch) -> Hook:
    """Return a function before(call, exchange), which makes the exchange once, when os.`call` is about to be called."""

    def install(call: str, exchange: Callable[[], object]) -> None:
        real = getattr(os, call)

        def hooked(*arguments: Any, **options: Any) -> Any:
            monkeypatch.setattr(os, call, real)
            exchange()
            return real(*arguments, **options)

        monkeypatch.setattr(os, call, hooked)

    return install


def link_to_victim(path: Path, root: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(root / VICTIM.lstrip("/"))


@pytest.mark.parametrize("call", ["open", "fchmod", "rename", "fsync"])
def test_file_exchanged_for_a_link(root: Path, before: Hook, call: str) -> None:
    ours = root / OURS.lstrip("/")
    before(call, lambda: link_to_victim(ours, root))
    with suppress(ForeignFile):  # if it is a link early enough
        HostFiles(str(root)).replace_text(OURS, "x")
    assert (root / "etc/shadow").read_text() == SECRET
    if call != "open":
        assert not ours.is_symlink()


@pytest.mark.parametrize("call", ["fchmod", "rename", "fsync"])
def test_temporary_file_exchanged_for_a_link(root: Path, before: Hook, call: str) -> None:
    def exchange() -> None:
        for temporary in (root / "etc/sysctl.d").glob(".nettune-*"):
            link_to_victim(temporary, root)

    before(call, exchange)
    HostFiles(str(root)).replace_text(OURS, "x")
    shadow = root / "etc/shadow"
    assert (shadow.read_text(), shadow.stat().st_mode & 0o777) == (SECRET, 0o644)


def test_temporary_file_that_exists_already(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _count: "guessed")
    link_to_victim(root / "etc/sysctl.d/.nettune-guessed.tmp", root)
    with pytest.raises(FileExistsError):
        HostFiles(str(root)).replace_text(OURS, "x")
    assert (root / "etc/shadow").read_text() == SECRET


def test_file_to_remove_exchanged_for_a_link(root: Path, before: Hook) -> None:
    ours = root / OURS.lstrip("/")
    ours.write_text("x")
    before("unlink", lambda: link_to_victim(ours, root))
    HostFiles(str(root)).remove(OURS)
    assert (root / "etc/shadow").read_text() == SECRET


def test_new_directory_exchanged_for_a_link(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = root / "etc/nettune"

    (root / "home/bob").chmod(0o700)
    # The directory has been made, and is opened to set its mode.
    real = os.mkdir

    def mkdir(*arguments: Any, **options: Any) -> None:
        real(*arguments, **options)
        made.rmdir()
        made.symlink_to(root / "home/bob")

    monkeypatch.setattr(os, "mkdir", mkdir)
    with pytest.raises(OSError, match="Not a directory|symbolic links"):
        HostFiles(str(root)).make_directory("/etc/nettune", mode=0o777)
    assert (root / "home/bob").stat().st_mode & 0o777 == 0o700


def exchange_journal(root: Path) -> None:
    journal = root / "var/lib/nettune/tcp"
    if journal.is_symlink():
        return
    if journal.exists():
        shutil.rmtree(journal)
    journal.symlink_to(root / "home/bob")


@pytest.mark.parametrize("moment", ["open", "lock"])
def test_journal_exchanged_for_a_link(root: Path, before: Hook, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    journal = Journal(HostFiles(str(root)))
    journal.save("sysctl", {"version": 1})
    belong_to_another(monkeypatch, root / "home/bob")
    if moment == "open":
        before("open", lambda: exchange_journal(root))
    else:
        real = fcntl.flock

        def flock(*arguments: Any) -> None:
            exchange_journal(root)
            real(*arguments)

        monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises((NettuneError, OSError)), journal.lock(seconds=0.3):
        journal.save("sysctl", {"version": 2})
    assert os.listdir(root / "home/bob") == []


@pytest.mark.parametrize("place", ["home", "home/bob"])
def test_journal_behind_a_link_that_a_user_can_exchange(root: Path, place: str) -> None:
    """The directory itself may be root's: a user who owns one above it can put another one in its place."""
    (root / "home/bob/tcp").mkdir(mode=0o700)
    (root / "home/bob/tcp/sysctl.json").write_text(json.dumps({"version": 1}))
    (root / "var/lib/nettune").mkdir(mode=0o755)
    (root / "var/lib/nettune/tcp").symlink_to(root / "home/bob/tcp")
    journal = Journal(HostFiles(str(root)))
    assert journal.load("sysctl") == {"version": 1}
    (root / place).chmod(0o777)
    with pytest.raises(NettuneError, match=f"cannot be trusted .*/{place} can be written by other users"):
        journal.load("sysctl")
    with pytest.raises(NettuneError), journal.lock(seconds=0.3):
        pass


def test_doubt_names_the_mode(root: Path) -> None:
    (root / "home").chmod(0o1777)
    assert trust.doubt((root / "home").stat()) == "can be written by other users (mode 1777)"
