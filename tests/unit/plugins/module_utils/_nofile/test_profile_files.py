# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ForeignFile
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import profile_files
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.journal import State, Written
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.snapshot import Found, Host, Parent
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.steps import (
    KeepEdited,
    MakeDirectory,
    RemoveDirectory,
    RemoveFile,
    WriteFile,
)

INIT = Parent("PID 1", Limit(1048576, 1048576))
PATH = profile_files.drop_in("web", "a.service")
FOLDER = "/etc/systemd/system/a.service.d"
MARKED = f"# {profile_files.header('web', [])[0]}\n"


def plan(found: Found, *, text: str | None = "new", known: tuple[str, ...] = (), **more: Any) -> profile_files.FilePlan:
    directories = frozenset() if found == Found(None) else frozenset([FOLDER])
    directories |= {"/etc", "/etc/systemd", "/etc/systemd/system"}
    host = Host(1048576, (INIT,), INIT, found={PATH: found}, directories=directories)
    state = State(files={PATH: Written("web", known)} if known else {}, **more)
    texts = {} if text is None else {PATH: ("web", text)}
    return profile_files.plan_files(texts, of=["web"], host=host, state=state, reverting=True)


def test_names() -> None:
    assert profile_files.limits_file("web") == "/etc/security/limits.d/99-zz-nettune-web.conf"
    assert profile_files.profile_of(PATH) == "web"
    assert profile_files.profile_of(f"{FOLDER}/99-zz-nettune-Web.conf") is None
    assert profile_files.parents("/a/b/c") == ["/a", "/a/b"]


@pytest.mark.parametrize(
    ("found", "known", "actions"),
    [
        (Found(None), (), (MakeDirectory(FOLDER), WriteFile(PATH, None, "new"))),
        (Found("new"), ("new",), ()),
        (Found("old"), ("old",), (WriteFile(PATH, "old", "new"),)),
        (Found("edited"), ("old",), (KeepEdited(PATH, "edited"), WriteFile(PATH, "edited", "new"))),
        (Found(MARKED), (), (KeepEdited(PATH, MARKED), WriteFile(PATH, MARKED, "new"))),
    ],
)
def test_writing(found: Found, known: tuple[str, ...], actions: tuple[Any, ...]) -> None:
    done = plan(found, known=known)
    assert done.actions == actions
    assert done.files == {PATH: Written("web", ("new",))}


@pytest.mark.parametrize(
    ("found", "message"), [(Found("mine"), "was not written by nettune.tcp"), (Found(None, "a link"), "a link")]
)
def test_path_that_is_taken_fails(found: Found, message: str) -> None:
    with pytest.raises(ForeignFile, match=message):
        plan(found)


@pytest.mark.parametrize(
    ("found", "known", "expected", "state"),
    [
        (Found("edited"), ("old",), "as written", "edited"),
        (Found(MARKED), (), None, "unknown"),
        (Found(None, "a link"), ("old",), "as written", "not a regular file"),
    ],
)
def test_changed_file_is_left_alone(found: Found, known: tuple[str, ...], expected: str | None, state: str) -> None:
    done = plan(found, text=None, known=known)
    (row,) = done.left_alone
    assert (row.what, row.expected, row.found) == (PATH, expected, state)
    assert done.actions == ()


def test_file_and_its_directory_are_removed() -> None:
    done = plan(Found("old"), text=None, known=("old",), directories=(FOLDER,))
    assert done.actions == (RemoveFile(PATH, "old"), RemoveDirectory(FOLDER))
    assert (done.files, done.directories, done.left_alone) == ({}, (), ())
