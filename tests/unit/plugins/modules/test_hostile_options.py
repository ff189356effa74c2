# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that try to write elsewhere, or more than they name: whatever they say, only our files change."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats import limits_conf, sysctl_conf
from ansible_collections.nettune.tcp.plugins.modules import nofile_limits, sysctl_profile, sysctl_trial
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import FIN

hypothesis = pytest.importorskip("hypothesis", reason="hypothesis is not installed for the oldest Python of targets")
st = pytest.importorskip("hypothesis.strategies")
pytest.importorskip("hypothesis.configuration").set_hypothesis_home_dir(tempfile.gettempdir())

Run = Callable[..., "dict[str, Any]"]
NAMES = (
    "../x",
    "/etc/passwd",
    "a\0b",
    "a\nb",
    "x" * 5000,
    "",
    ".",
    "..",
    "a/b",
    "web\n",
    "é",
    "99-zz",
    "W",
    " web",
)
OURS = ("/etc/sysctl.d/99-zz-nettune-", "/etc/modules-load.d/99-zz-nettune-", "/var/lib/nettune", "/proc/sys/")
TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from([*NAMES, "30\nkernel.panic = 1", "1 # x", "30; id", "$(id)", "9" * 5000])
)


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("module", [sysctl_profile, nofile_limits, sysctl_trial])
def test_name_that_would_be_another_file(
    host: FakeHost, run_module: Run, monkeypatch: Any, module: Any, name: str
) -> None:
    monkeypatch.setattr(module, "HostFiles", lambda: host)
    options = {
        sysctl_profile: {"settings": {FIN: 30}},
        nofile_limits: {"soft": 8192, "users": ["root"]},
        sysctl_trial: {"key": FIN, "candidates": [30], "minimise": "total", "window": 1, "interval": 0.2},
    }
    before = host.tree()
    result = run_module(module, name=name, **options[module])
    assert result["failed"]
    assert "name" in result["msg"]
    assert len(result["msg"]) < 6000
    assert host.tree() == before


@pytest.mark.long
def test_settings_write_only_what_they_name(run_module: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = st.one_of(st.sampled_from([FIN, "net.core.default_qdisc", "kernel.some_new_name"]), TEXTS)
    given = st.one_of(
        TEXTS, st.integers(), st.lists(TEXTS, max_size=3), st.fixed_dictionaries({"value": TEXTS, "reason": TEXTS})
    )

    @hypothesis.settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @hypothesis.given(st.dictionaries(keys, given, min_size=1, max_size=2))
    def check(settings: dict[str, Any]) -> None:
        root = Path(tempfile.mkdtemp())
        try:
            host = FakeHost(root)
            host.set("kernel.some_new_name", "1")
            monkeypatch.setattr(sysctl_profile, "HostFiles", lambda: host)
            before = host.tree()
            result = run_module(sysctl_profile, name="web", settings=settings)
            touched = changed(before, host.tree())
            assert all(path.startswith(OURS) for path in touched), touched
            if not result.get("failed"):
                text = host.read_text("/etc/sysctl.d/99-zz-nettune-web.conf") or ""
                lines = sysctl_conf.assignments("a", text)
                assert {line.name for line in lines} <= {sysctl_conf.canonical(key) for key in settings}
        finally:
            shutil.rmtree(root)

    check()


@pytest.mark.long
def test_limits_write_only_what_they_name(run_module: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    users = st.lists(st.one_of(TEXTS, st.sampled_from(["www", "root - nofile 1\nbob", "*", "@www", "%x"])), max_size=2)
    services = st.lists(
        st.one_of(TEXTS, st.sampled_from(["nginx", "../../x", "a@../b", "x.service/../y", "\\x2e"])), max_size=2
    )

    @hypothesis.settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @hypothesis.given(users, services)
    def check(users: list[str], services: list[str]) -> None:
        root = Path(tempfile.mkdtemp())
        try:
            host = nofile_host.web_host(root)
            monkeypatch.setattr(nofile_limits, "HostFiles", lambda: host.files)
            monkeypatch.setattr(nofile_limits, "NofileProfiles", lambda _files: host.profiles())
            before = host.tree()
            run_module(nofile_limits, name="web", soft=8192, users=users, services=services)
            touched = changed(before, host.tree())
            ours = (nofile_host.LIMITS, nofile_host.NGINX, "/etc/systemd/system/nginx.service.d", "/var/lib/nettune")
            assert all(path.startswith(ours) for path in touched), touched
            text = host.text(nofile_host.LIMITS) or ""
            assert {line.domain for line in limits_conf.entries("a", text)} <= {*users}
        finally:
            shutil.rmtree(root)

    check()


@pytest.mark.parametrize(
    "key", ["net.ipv4.../../etc/passwd", "/etc/passwd", "a.b\n", "net/ipv4/../../x/y", "net.ipv4.*", "a\0.b"]
)
def test_key_that_is_another_file(key: str) -> None:
    with pytest.raises(InvalidOption):
        sysctl_conf.canonical(key)
