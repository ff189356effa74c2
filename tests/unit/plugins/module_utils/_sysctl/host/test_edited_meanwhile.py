# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Someone edits a file between the moment a run reads it and the moment it writes it, or right after that."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import ALIVE, FIN, MAIL, WEB, absent, present

LOCAL = "/etc/sysctl.d/zz-local.conf"
EDITED = "# Managed by Ansible (nettune.tcp.sysctl_profile): edited\nnet.ipv4.tcp_fin_timeout = 7\n"


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    host = FakeHost(tmp_path)
    host.put(LOCAL, f"{ALIVE} = 900\n")
    present(host, "web", {FIN: 30})
    return host


@pytest.mark.parametrize("path", [WEB, LOCAL])
@pytest.mark.parametrize("text", [EDITED, None])
def test_file_edited_after_planning_is_left_and_everything_undone(host: FakeHost, path: str, text: str | None) -> None:
    profiles = SysctlProfiles(host)
    with profiles.lock():
        planned = profiles.present("web", {FIN: 20, ALIVE: 600}, take_over=True)
        host.put(path, text) if text else host.remove(path)
        before = host.tree()
        with pytest.raises(ApplyFailed, match=f"{path}: changed by someone else during this run: run again; everyth"):
            profiles.carry_out(planned)
    assert host.tree() == before
    present(host, "web", {FIN: 20, ALIVE: 600}, take_over=True)
    assert (host.value(FIN), host.value(ALIVE)) == ("20", "600")


def test_file_edited_after_planning_is_not_removed(host: FakeHost) -> None:
    profiles = SysctlProfiles(host)
    with profiles.lock():
        planned = profiles.absent("web")
        host.put(WEB, EDITED)
        before = host.tree()
        with pytest.raises(ApplyFailed, match="changed by someone else during this run"):
            profiles.carry_out(planned)
    assert host.tree() == before
    absent(host)
    assert (host.read_text(WEB), host.value(FIN)) == (EDITED, "60")


def test_file_edited_while_a_failed_run_undoes_its_steps_is_left(host: FakeHost) -> None:
    def on_write(_name: str, _text: str) -> str:
        host.put(MAIL, EDITED)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    host.on_write = on_write
    with pytest.raises(ApplyFailed, match=f"the journal still has it: {MAIL}: changed by someone else .* left alone"):
        present(host, "mail", {ALIVE: 600})
    assert host.read_text(MAIL) == EDITED


@pytest.mark.parametrize("path", [nofile_host.LIMITS, nofile_host.NGINX])
@pytest.mark.parametrize("reverting", [False, True])
def test_limits_file_edited_after_planning_is_left(tmp_path: Path, path: str, reverting: bool) -> None:
    host = nofile_host.web_host(tmp_path)
    nofile_host.apply(host)
    profiles = host.profiles()
    with profiles.lock():
        planned = profiles.absent("web") if reverting else profiles.present("web", nofile_host.request(users=("www",)))
        host.write(path, "edited\n")
        before = host.tree()
        if not reverting and path == nofile_host.NGINX:
            return  # it has its text already
        with pytest.raises(ApplyFailed, match=f"{path}: changed by someone else .*; all changes were rolled back"):
            profiles.carry_out(planned)
    assert host.tree() == before
