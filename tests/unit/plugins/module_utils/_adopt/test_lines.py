# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of a host's files as rows."""

from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.module_utils._adopt import lines
from ansible_collections.nettune.tcp.plugins.module_utils._formats import sysctl_conf

PATH = "/etc/sysctl.d/a.conf"


def test_names_that_lines_name_or_match() -> None:
    found = sysctl_conf.assignments(PATH, "a.b = 1\n-a.c\nx.*.y = 2\nnet/../b = 1\na.b = 2\n")
    assert lines.names(found, ["x.one.y", "x.two.y", "x.y", "a.c"]) == ["a.b", "x.one.y", "x.two.y"]


def test_patterns_match_a_bounded_number_of_names() -> None:
    found = sysctl_conf.assignments(PATH, "x.* = 1\n*.a1 = 1\n")
    assert len(lines.names(found, [f"x.a{number}" for number in range(5000)])) == lines.MOST_MATCHED


def test_rows_of_lines_hide_secrets_and_mark_long_values() -> None:
    text = f"net.ipv4.tcp_fastopen_key = 1-2-3-4\n-a.b\na.* = {'1' * 5000}\n"
    secret, exclusion, long = map(lines.line_row, sysctl_conf.assignments(PATH, text))
    assert secret["value"] == "(secret)"
    assert (exclusion["name"], exclusion["value"]) == ("a.b", None)
    assert (long["pattern"], long["cut"], len(long["value"])) == (True, True, 60)


def test_comments_above_lines() -> None:
    text = (
        "# one\n#\n; two\na = 1\nb = 2\n\n# far\n\nc = 3\n# old:\n#d = 4\nd = 5\n# fastopen_key 1-2\n e = 6\n#\nf = 7\n"
    )
    assert lines.comments(text) == {4: "one two"}
    assert len(lines.comments("# " + "x" * 9000 + "\na = 1")[2]) == 200


def test_lines_that_no_loader_accepts() -> None:
    text = "a.b = 1\n# c\n\nnonsense\nx/../y = 1\nnet.ipv4.tcp_fastopen_key 1-2-3-4\n"
    found = [(row["line"], row["text"]) for row in lines.refused(PATH, text)]
    assert found == [(4, "nonsense"), (5, "x/../y = 1"), (6, "(secret)")]


def test_other_lines_of_limits() -> None:
    text = "# c\na - nofile 1\na - NPROC 1\na -\nnonsense\na soft nofile many\n"
    assert [(row["line"], row["item"]) for row in lines.other_limits(PATH, text)] == [(3, "nproc"), (5, ""), (6, "")]


def test_files_that_are_not_read() -> None:
    files = {
        "/etc/sysctl.conf": "a.b = 1",
        "/etc/sysctl.d/a.conf": "",
        "/usr/lib/sysctl.d/a.conf": "a.b = 2",
        "/etc/sysctl.d/b.conf": "a.b = 3",
        "/usr/lib/sysctl.d/b.conf": "a.b = 4",
        "/lib/sysctl.d/b.conf": "a.b = 3",
    }
    read = ["/etc/sysctl.d/a.conf", "/etc/sysctl.d/b.conf"]
    assert {row["path"]: row["reason"] for row in lines.unused(files, read, loader="systemd")} == {
        "/etc/sysctl.conf": "the loader of this host (systemd) does not read it",
        "/usr/lib/sysctl.d/a.conf": "masked by /etc/sysctl.d/a.conf",
        "/usr/lib/sysctl.d/b.conf": "replaced by /etc/sysctl.d/b.conf",
    }


def test_sysctl_conf_that_is_read_by_a_link_is_not_unused() -> None:
    files = {"/etc/sysctl.conf": "a.b = 1", "/etc/sysctl.d/99-sysctl.conf": "a.b = 1"}
    assert lines.unused(files, ["/etc/sysctl.d/99-sysctl.conf"], loader="systemd") == []


def test_rows_are_bounded() -> None:
    partial: list[dict[str, str]] = []
    assert len(lines.limited(({"line": number} for number in range(lines.MOST + 2)), "lines", partial)) == lines.MOST
    assert partial == [{"what": "lines", "reason": f"the last 2 of {lines.MOST + 2} are left out"}]
