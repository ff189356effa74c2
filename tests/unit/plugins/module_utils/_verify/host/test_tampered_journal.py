# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journals in which one value was replaced by any other JSON: every plan is made, or refused with one sentence."""

from __future__ import annotations

import copy
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError, NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._confirm import pending
from ansible_collections.nettune.tcp.plugins.module_utils._host import trial_lock
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._trial import saved
from ansible_collections.nettune.tcp.plugins.module_utils._trial.analysis import Window
from ansible_collections.nettune.tcp.plugins.module_utils._trial.request import Request
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import ALIVE, FIN, JOURNAL, SETTINGS, present

hypothesis = pytest.importorskip("hypothesis", reason="hypothesis is not installed for the oldest Python of targets")
st = pytest.importorskip("hypothesis.strategies")
pytest.importorskip("hypothesis.configuration").set_hypothesis_home_dir(tempfile.gettempdir())

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**90), 10**90),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(["x\0y", "../../etc", "\udce9", "9" * 5000, "/etc/passwd", "1 2"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
)
Plan = Callable[[], Any]


def places(document: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value of a document."""
    yield place
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in inner:
        yield from places(value, (*place, key))


def replaced(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    changed = copy.deepcopy(document)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return changed


def check_all(path: Path, plans: list[Plan]) -> None:
    document = json.loads(path.read_text())
    found = list(places(document))

    @hypothesis.settings(max_examples=250, deadline=None, database=None, derandomize=True)
    @hypothesis.given(st.sampled_from(found), VALUES)
    def check(place: tuple[Any, ...], value: Any) -> None:
        path.write_text(json.dumps(replaced(document, place, value)))
        for plan in plans:
            with suppress(NettuneError, OSError):
                plan()

    check()


@pytest.mark.long
def test_journal_of_kernel_parameters(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    host.listen(80, 8080)
    present(host, "web", SETTINGS)
    present(host, "mail", {ALIVE: 600, FIN: {"at_least": 20}})
    profiles = SysctlProfiles(host)

    def shown(planned: Any) -> Any:
        return report.result(planned.plan, planned.rows)

    check_all(
        Path(host.locate(JOURNAL)),
        [
            lambda: shown(profiles.absent(None)),
            lambda: [shown(profiles.again(name)) for name in profiles.recorded().profiles],
            lambda: shown(profiles.present("web", {FIN: 30})),
        ],
    )


@pytest.mark.long
def test_journal_of_open_file_limits(tmp_path: Path) -> None:
    host = nofile_host.web_host(tmp_path)
    nofile_host.apply(host)
    profiles = host.profiles()
    check_all(
        host.locate(nofile_host.JOURNAL),
        [
            lambda: profiles.absent(None).result(),
            lambda: [profiles.again(name).result() for name in profiles.recorded().profiles],
            lambda: profiles.present("web", nofile_host.request()).result(),
        ],
    )


STEP = pending.Step("a.b", "1", ("2",), "a.b", "1")
ROWS = {"profiles": {}, "keys": {"a.b": None}, "texts": {}, "taken": {}, "version": 2}
PARTS = (
    pending.Part(pending.SYSCTL, {"name": "web"}, (STEP,), rows=ROWS, finished=True),
    pending.Part(pending.NOFILE, {"name": "web"}, limits=(pending.LimitStep(812, 4711, [1024, 4096], [[2048, 4096]]),)),
)
TOLD = {pending.SYSCTL: {"mail": {"at": "2026-01-31T12:00:01Z", "deadline": "2026-01-31T12:00:00Z", "why": "expired"}}}
TRIAL_REQUEST = Request("t", FIN, ("3", "7"), "minimise", "total", ("a > 1",), 1.0, 5.0, 1.0, "never")
WINDOW, WORKER = Window("baseline", "0", (1.0, 2.0)), saved.Worker(5, 77)
TRIAL = saved.Trial(TRIAL_REQUEST, TRIAL_REQUEST, "0", windows=(WINDOW,), worker=WORKER)
DOCUMENTS = {
    "confirm": (
        pending.render(pending.State(pending.Pending("web", "b", 1.5, "2026", PARTS, {"pid": 7, "start": 8}), TOLD)),
        lambda document: pending.render(pending.parse(document)),
    ),
    "trial": (saved.render(TRIAL), lambda document: saved.parse(document) and saved.render(saved.parse(document))),
}


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_other_documents(name: str) -> None:
    rendered, read = DOCUMENTS[name]
    document = json.loads(json.dumps(rendered))

    @hypothesis.settings(max_examples=400, deadline=None, database=None, derandomize=True)
    @hypothesis.given(st.sampled_from(list(places(document))), VALUES)
    def check(place: tuple[Any, ...], value: Any) -> None:
        changed = replaced(document, place, value)
        with suppress(NettuneError):
            read(changed if isinstance(changed, dict) else {})

    read(document)
    check()


@pytest.mark.parametrize("path", ["/etc/passwd", "{root}/etc/sysctl.d/x", "{root}/proc/sys/../../etc/x"])
def test_trial_that_would_write_elsewhere(tmp_path: Path, path: str) -> None:
    host = FakeHost(tmp_path)
    record = {"name": "t", "token": "x", "key": FIN, "boot_id": "b", "boot_id_path": "", "before": "1", "ours": []}
    host.put(
        "/var/lib/nettune/tcp/trials/in-force.json",
        json.dumps(trial_lock.FORMAT.write({**record, "unread": False, "path": path.format(root=tmp_path)})),
    )
    for place in ("/var/lib/nettune", "/var/lib/nettune/tcp"):
        os.chmod(host.locate(place), 0o700)
    with pytest.raises(JournalError, match="is not below /proc/sys/"):
        trial_lock.settle(host)
