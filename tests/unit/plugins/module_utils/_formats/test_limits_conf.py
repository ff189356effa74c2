# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import limits_conf
from ansible_collections.nettune.tcp.plugins.module_utils._formats.limits_conf import Account, Entry, Session
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import INFINITY

WWW = Account("www", 33, 33, {"www": 33, "web": 500})
ROOT = Account("root", 0, 0, {"root": 0})


def entries(text):
    return limits_conf.entries("f", text)


def session(text, account=WWW, **options):
    found = limits_conf.session(entries(text), account, **options)
    return tuple(None if entry is None else entry.value for entry in (found.soft, found.hard))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("www soft nofile 4096", (4096, None)),
        ("www hard nofile 4096", (None, 4096)),
        ("www - nofile 4096", (4096, 4096)),
        ("  www\t-\tnofile\t4096  ", (4096, 4096)),
        ("\v\f\rwww - nofile \v4096", (4096, 4096)),
        ("www - nofile 4096 # why", (4096, 4096)),
        ("www - nofile 4096\r", (4096, 4096)),
        ("www SOFT NOFILE 4096", (4096, None)),
        ("www - nofile unlimited", (INFINITY, INFINITY)),
        ("www - nofile Infinity", (INFINITY, INFINITY)),
        ("www - nofile -1", (INFINITY, INFINITY)),
        ("www - nofile -", (INFINITY, INFINITY)),
        ("www - nofile -1\r", (INFINITY, INFINITY)),  # strtoull(3) wraps negative numbers
        ("www - nofile -1 x", (INFINITY, INFINITY)),
        ("www - nofile -2", (INFINITY - 1, INFINITY - 1)),
        ("www - nofile -99999999999999999999999", (INFINITY, INFINITY)),
        ("www - nofile 4096x", (4096, 4096)),  # strtoull(3) ignores the rest
        ("www - nofile +4096", (4096, 4096)),
        ("www - nofile 99999999999999999999999", (INFINITY, INFINITY)),
        ("* - nofile 4096", (4096, 4096)),
        ("@web - nofile 4096", (4096, 4096)),
        ("@www - nofile 4096", (4096, 4096)),
        ("33: - nofile 4096", (4096, 4096)),
        ("30:40 - nofile 4096", (4096, 4096)),
        (":33 - nofile 4096", (4096, 4096)),
        (":4294967329 - nofile 4096", (4096, 4096)),  # an id has 32 bits
        ("30:4294967329 - nofile 4096", (4096, 4096)),
        ("@:500 - nofile 4096", (4096, 4096)),
        ("@30:40 - nofile 4096", (4096, 4096)),
    ],
)
def test_lines_that_apply(line, expected):
    assert session(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# www - nofile 4096",
        "www - nofile",
        "www nofile 4096",
        "www both nofile 4096",
        "www - nproc 4096",
        "www - nofile many",
        "www - nofile 0x",
        "WWW - nofile 4096",
        "@staff - nofile 4096",
        "% - nofile 4096",
        "%web - nofile 4096",
        "34: - nofile 4096",
        "20:30 - nofile 4096",
        ":34 - nofile 4096",
        ":3 - nofile 4096",
        "30:4294967328 - nofile 4096",
        "30:99999999999999999999 - nofile 4096",
        "99999999999999999999: - nofile 4096",
        "\u00a0www - nofile 4096",
        "\u2003www - nofile 4096",
        "\x1cwww - nofile 4096",
        "www - nofile \u00a04096",
        "\ufeffwww - nofile 4096",
        ": - nofile 4096",
        "a:b - nofile 4096",
        "@400:600 - nofile 4096",  # a range applies to the primary group only
        "@a:b - nofile 4096",
    ],
)
def test_lines_that_do_not_apply(line):
    assert session(line) in {(None, None), (0, 0)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("www - nofile 1\nwww - nofile 2", (2, 2)),
        ("www - nofile 1\n@web - nofile 2\n* - nofile 3", (1, 1)),
        ("* - nofile 3\n@web - nofile 2\nwww - nofile 1", (1, 1)),
        ("@web soft nofile 2\n* - nofile 3", (2, None)),  # a line for both that is overridden in one part is ignored
        ("@web hard nofile 2\n* - nofile 3", (3, 2)),
        ("www soft nofile 1\n30:40 soft nofile 2", (2, None)),
    ],
)
def test_precedence_of_lines(text, expected):
    assert session(text) == expected


def test_fields_of_a_line():
    assert entries("# X\nX1 SOFT nofile Infinity\nX2 -x") == [
        Entry("f", 2, "X1", "soft", INFINITY, "Infinity"),
        Entry("f", 3, "X2", "-", None, ""),
    ]
    assert entries("www soft") == []
    assert entries("www -nofile 4096") == []


def test_long_domains_match_no_account_and_long_values_are_cut():
    assert [len(entry.domain) for entry in entries(f"{'a' * 257} -\n{'b' * 258} -")] == [257]
    (entry,) = entries(f"www - nofile 4096{'x' * 100}")
    assert (entry.value, len(entry.written)) == (4096, 60)


@pytest.mark.parametrize(
    ("line", "described", "limit"),
    [
        ("www - nofile 4096", "f:1", 4096),
        ("www - nofile unlimited", "f:1 says unlimited", 1048576),
        ("www -", "f:1", 1048576),
    ],
)
def test_line_in_a_message_and_its_limit(line, described, limit):
    (entry,) = entries(line)
    assert (entry.described, limits_conf.value(entry, unlimited=1048576)) == (described, limit)


def test_exemption_of_everybody_exempts_nobody():
    assert limits_conf.session(entries("* -"), WWW) == Session()
    assert session("* - nofile 3\n* -") == (3, 3)


@pytest.mark.parametrize("line", [": - nofile 4096", "@: - nofile 4096"])
def test_range_without_an_end_covers_nobody(line):
    assert session(line, ROOT) == (None, None)


def test_primary_group_without_a_name():
    assert session("@:77 - nofile 4096", Account("ftp", 77, 77, {})) == (4096, 4096)


@pytest.mark.parametrize("line", ["www -", "@web -", "30:40 -", "www -\t"])
def test_line_without_item_exempts_the_domain(line):
    text = f"* - nofile 1\n{line}\nwww - nofile 2"
    found = limits_conf.session(limits_conf.entries("f", text), WWW)
    assert (found.soft, found.hard, str(found.ended_by)) == (None, None, "f:2")


def test_exemption_does_not_affect_other_users():
    assert session("joe -\n* -\nwww - nofile 2") == (2, 2)


def test_wildcards_can_exclude_root():
    text = "* - nofile 1\n@root soft nofile 2"
    assert session(text, ROOT) == (2, 1)
    assert session(text, ROOT, wildcards=False) == (None, None)
    assert session(f"root soft nofile 3\n{text}", ROOT, wildcards=False) == (3, None)
    exempt = limits_conf.session(entries("* -\n@root -\nroot soft nofile 3"), ROOT, wildcards=False)
    assert (exempt.soft, str(exempt.ended_by)) == (None, "f:2")


def test_only_wildcard_lines_apply_without_an_account():
    assert session("www - nofile 1\n@web - nofile 2\n* - nofile 3\n0: - nofile 4", None) == (3, 3)


def test_order_of_files():
    paths = [
        "/etc/security/limits.d/b.conf",
        "/etc/security/limits.d/B.conf",
        "/etc/security/limits.d/10.conf",
        "/etc/security/limits.d/.hidden.conf",
        "/etc/security/limits.d/b.conf.dpkg-old",
        "/usr/etc/security/limits.d/b.conf",
        "/usr/etc/security/limits.d/a.conf",
        "/usr/etc/security/limits.conf",
        "/etc/security/limits.conf",
    ]
    assert limits_conf.files_in_order(paths) == [
        "/etc/security/limits.conf",
        "/etc/security/limits.d/10.conf",
        "/etc/security/limits.d/B.conf",
        "/usr/etc/security/limits.d/a.conf",
        "/etc/security/limits.d/b.conf",
    ]


@pytest.mark.parametrize("place", ["/etc", "/usr/etc", "/usr/share/pam", "/usr/share"])
def test_places_of_distributions(place):
    paths = [f"{place}/security/limits.conf", f"{place}/security/limits.d/a.conf"]
    assert limits_conf.files_in_order(paths) == paths
    is_etc = place == "/etc"
    assert ([limits_conf.MAIN, f"{limits_conf.DIRECTORY}/a.conf"] == paths) is is_etc


@pytest.mark.parametrize("paths", [[], ["/usr/etc/security/limits.conf"], ["/etc/security/limits.conf"]])
def test_file_of_the_distribution_is_read_if_there_is_no_other(paths):
    assert limits_conf.files_in_order(paths) == paths
