# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ForeignFile
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import profile_files
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import EMPTY, Original, Profile, State
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.profile_files import MARK, FileChange
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import Request

FIN, RANGE = "net.ipv4.tcp_fin_timeout", "net.ipv4.ip_local_port_range"
START = "net.ipv4.ip_unprivileged_port_start"
WEB, MAIL = profile_files.path("web"), profile_files.path("mail")
OLD, NEW, EDITED = f"{MARK}: old\n", f"{MARK}: new\n", f"{MARK}: edited\n"


def state(**texts: str | None) -> State:
    return State({name: Profile({}, texts=() if text is None else (text,)) for name, text in texts.items()}, {})


def test_drop_in_sorts_after_those_of_distributions() -> None:
    names = ["99-sysctl.conf", WEB.rsplit("/", 1)[1], "99-zz.conf", "zz.conf"]
    assert sorted(names) == ["99-sysctl.conf", WEB.rsplit("/", 1)[1], "99-zz.conf", "zz.conf"]


@pytest.mark.parametrize(
    ("found", "before", "after", "change"),
    [
        (None, EMPTY, state(web=NEW), FileChange(WEB, None, NEW)),
        (OLD, state(web=OLD), state(web=NEW), FileChange(WEB, OLD, NEW)),
        (NEW, state(web=NEW), state(web=NEW), None),
        (NEW, EMPTY, state(web=NEW), None),
        (None, state(web=NEW), state(web=NEW), FileChange(WEB, None, NEW)),
        (EDITED, state(web=OLD), state(web=NEW), FileChange(WEB, EDITED, NEW, edited=True)),
        (EDITED, EMPTY, state(web=NEW), FileChange(WEB, EDITED, NEW, edited=True)),
        (OLD, state(web=OLD), EMPTY, FileChange(WEB, OLD, None)),
        (OLD, state(web=OLD), state(web=None), FileChange(WEB, OLD, None)),
        (EDITED, state(web=OLD), EMPTY, FileChange(WEB, EDITED, None, edited=True)),
        ("# theirs\n", state(web=OLD), EMPTY, FileChange(WEB, "# theirs\n", None, edited=True)),
        (EDITED, EMPTY, EMPTY, FileChange(WEB, EDITED, None, edited=True)),
        (None, state(web=OLD), EMPTY, None),
        (None, EMPTY, state(web=None), None),
        ("# theirs\n", EMPTY, state(web=None), None),
        ("", EMPTY, EMPTY, None),
        ("", state(web=OLD), EMPTY, FileChange(WEB, "", None, edited=True)),
    ],
)
def test_change_of_a_drop_in(found: str | None, before: State, after: State, change: FileChange | None) -> None:
    files = {} if found is None else {WEB: found}
    changes = profile_files.changes(files, before=before, after=after, run_profiles={"web"})
    assert changes == ((change,) if change else ())


@pytest.mark.parametrize("found", ["# theirs\n", "", f" {MARK}\n"])
@pytest.mark.parametrize("before", [EMPTY, state(web=OLD)])
def test_foreign_file_is_refused(found: str, before: State) -> None:
    with pytest.raises(ForeignFile, match=WEB):
        profile_files.changes({WEB: found}, before=before, after=state(web=NEW), run_profiles={"web"})


def test_both_texts_of_an_interrupted_run_are_recognised() -> None:
    before = State({"web": Profile({}, texts=(OLD, NEW))}, {})
    for text in (OLD, NEW):
        (change,) = profile_files.changes({WEB: text}, before=before, after=EMPTY, run_profiles={"web"})
        assert not change.left_alone


def test_other_profiles_matter_only_if_their_text_changes() -> None:
    files = {MAIL: "# edited to something else\n"}
    same = state(web=OLD, mail=OLD)
    changes = profile_files.changes(files, before=same, after=state(web=NEW, mail=OLD), run_profiles={"web"})
    assert changes[0].path == WEB
    with pytest.raises(ForeignFile, match=MAIL):
        profile_files.changes(files, before=same, after=state(web=NEW, mail=NEW), run_profiles={"web"})


@pytest.mark.parametrize(
    ("change", "takes_effect", "left_alone"),
    [
        (FileChange(WEB, OLD, NEW), True, False),
        (FileChange(WEB, OLD, None), True, False),
        (FileChange(WEB, EDITED, NEW, edited=True), True, False),
        (FileChange(WEB, EDITED, None, edited=True), False, True),
        (FileChange(WEB, OLD, OLD), False, False),
    ],
)
def test_properties_of_a_change(change: FileChange, takes_effect: bool, left_alone: bool) -> None:
    assert (change.takes_effect, change.left_alone) == (takes_effect, left_alone)


def test_texts_after_the_changes() -> None:
    found = {WEB: OLD, MAIL: EDITED, "/etc/sysctl.d/x.conf": "x"}
    done = (FileChange(WEB, OLD, None), FileChange(MAIL, EDITED, None, edited=True), FileChange("/n", None, NEW))
    assert profile_files.applied(found, done) == {MAIL: EDITED, "/etc/sysctl.d/x.conf": "x", "/n": NEW}


def test_lines_are_in_an_order_that_the_kernel_accepts() -> None:
    requests = {
        RANGE: Request("value", "500 60999"),
        START: Request("value", "400"),
        FIN: Request("value", "30", reason="w"),
    }
    keys = {
        RANGE: Original("32768 60999", ("500 60999",), ("500 60999",), "500 60999"),
        START: Original("1024", ("400",), ("400",), "400"),
        FIN: Original("60", ("30",), ("30",), "30"),
    }
    before = State({"web": Profile(requests), "trial": Profile(requests, persistent=False), "mail": Profile({})}, keys)
    after = profile_files.with_texts(before, touched={FIN})
    (text,) = after.profiles["web"].texts
    assert text.startswith(f"{MARK}: profile web\n")
    assert [line for line in text.splitlines() if "=" in line and line[0] != "#"] == [
        f"{START} = 400",
        f"{RANGE} = 500 60999",
        f"{FIN} = 30",
    ]
    assert f"\n# w\n{FIN} = 30\n" in text
    assert after.profiles["trial"].texts == ()
    assert after.profiles["mail"] is before.profiles["mail"]


def test_profile_without_lines_has_no_drop_in() -> None:
    before = State({"web": Profile({FIN: Request("at_least", "1")})}, {FIN: Original("60", ("60",), ("60",))})
    assert profile_files.with_texts(before, touched={FIN}).profiles["web"].texts == ()
