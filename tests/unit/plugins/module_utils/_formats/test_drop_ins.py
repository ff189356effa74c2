# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.drop_ins import file_name, in_order, profile_of


def test_a_name_in_a_higher_directory_masks_the_same_name_below() -> None:
    paths = ["/lib/d/a.conf", "/lib/d/b.conf", "/etc/d/b.conf", "/etc/d/c"]
    assert in_order(["/etc/d", "/lib/d"], paths) == ["/lib/d/a.conf", "/etc/d/b.conf"]


def test_our_files_sort_after_those_of_distributions() -> None:
    assert file_name("web") == "99-zz-nettune-web.conf" > "99-sysctl.conf"


@pytest.mark.parametrize("hidden", [True, False])
def test_hidden_files_count_for_some_programs(hidden: bool) -> None:
    assert in_order(["/etc/d"], ["/etc/d/.a.conf"], hidden=hidden) == ["/etc/d/.a.conf"] * hidden


def test_names_are_ordered_by_their_bytes() -> None:
    paths = [f"/etc/d/{name}.conf" for name in ("é", "a", "B", "\udcff", "_")]
    assert in_order(["/etc/d"], paths) == [f"/etc/d/{name}.conf" for name in ("B", "_", "a", "é", "\udcff")]


def test_a_directory_given_twice_ranks_where_it_comes_first() -> None:
    assert in_order(["/a", "/b", "/a"], ["/b/x.conf", "/a/x.conf"]) == ["/a/x.conf"]


def test_files_elsewhere_do_not_count() -> None:
    assert in_order(["/etc/d"], ["/etc/x.conf", "/etc/d/deeper/x.conf", "/etc/d/x.conf.bak"]) == []


@pytest.mark.parametrize(
    ("path", "profile"),
    [
        ("/etc/sysctl.d/99-zz-nettune-web.conf", "web"),
        ("99-zz-nettune-nofile-web.conf", "nofile-web"),
        ("/etc/sysctl.d/99-zz-nettune-web.conf.bak", None),
        ("/etc/sysctl.d/99-zz-other.conf", None),
        ("/99-zz-nettune-web.conf/a.conf", None),
        ("/etc/sysctl.d/a-99-zz-nettune-web.conf", None),
    ],
)
def test_profile_in_the_name_of_a_file(path: str, profile: str | None) -> None:
    assert profile_of(path) == profile
