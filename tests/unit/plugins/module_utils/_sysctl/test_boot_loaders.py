# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several programs and several files at boot: their order, files that cannot be read, and how a line is named."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.sysctl_conf import Assignment, assignments
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.boot import (
    BUSYBOX,
    OPENRC,
    PROCPS,
    SET_NOWHERE,
    SYSTEMD,
    boot,
    files_in_order,
    named,
    of_kernel,
    source,
    unread,
)

TAG = "net.ipv4.conf.lo.tag"
PATTERN = "net.ipv4.conf.*.tag"
LOADERS = (SYSTEMD, PROCPS, OPENRC, BUSYBOX)


def line(name: str, value: str | None, path: str = "/etc/sysctl.d/a.conf", number: int = 1, by: str = "") -> Assignment:
    return Assignment(path, number, name, value, by=by)


def files(*texts: str, by: str = "") -> list[Assignment]:
    """Return the lines of files that are read in this order."""
    found = [one for at, text in enumerate(texts) for one in assignments(f"/etc/sysctl.d/{at}.conf", text)]
    return [one._replace(by=by) for one in found]


@pytest.mark.parametrize(
    ("one", "text", "result"),
    [
        (line(TAG, "1", "/etc/a.conf", 3), "/etc/a.conf:3", {"path": "/etc/a.conf", "line": 3}),
        (line(TAG, "1", "/etc/a.conf", 0), "/etc/a.conf", {"path": "/etc/a.conf", "line": None}),
        (
            line(TAG, "1", "/etc/a.conf", 3, "TuneD"),
            "TuneD (/etc/a.conf:3)",
            {"path": "/etc/a.conf", "line": 3, "program": "TuneD"},
        ),
        (line(TAG, "1", "/etc/a", 0, "ufw"), "ufw (/etc/a)", {"path": "/etc/a", "line": None, "program": "ufw"}),
        (
            line(TAG, "1", "", 0, "systemd (process 1)"),
            "systemd (process 1)",
            {"path": None, "line": None, "program": "systemd (process 1)"},
        ),
    ],
)
def test_names_of_a_line(one: Assignment, text: str, result: dict[str, Any]) -> None:
    assert named(one) == text
    assert source(one) == result


def test_names_of_the_loaders_in_results() -> None:
    assert LOADERS == ("systemd", "procps", "openrc", "busybox")


@pytest.mark.parametrize("loader", [OPENRC, BUSYBOX])
def test_order_of_openrc(loader: str) -> None:
    in_order = [
        "/lib/sysctl.d/a.conf",
        "/lib/sysctl.d/z.conf",
        "/usr/lib/sysctl.d/00.conf",
        "/etc/sysctl.d/B.conf",
        "/etc/sysctl.d/b.conf",
        # The shell sorts by bytes: 0x80, which is no UTF-8, comes before é.
        "/etc/sysctl.d/\udc80.conf",
        "/etc/sysctl.d/é.conf",
        "/etc/sysctl.conf",
        "/run/sysctl.d/0.conf",
    ]
    left_out = [
        "/usr/local/lib/sysctl.d/a.conf",
        "/etc/sysctl.d/.hidden.conf",
        "/etc/sysctl.d/b.conf.bak",
        "/etc/sysctl.d/deeper/b.conf",
        "/boot/sysctl.conf-6.12",
    ]
    assert files_in_order(reversed(in_order + left_out), loader=loader) == in_order


def test_masked_files_of_openrc() -> None:
    folders = ("/lib/sysctl.d", "/usr/lib/sysctl.d", "/etc/sysctl.d", "/run/sysctl.d")
    paths = [f"{folder}/x.conf" for folder in folders]
    assert files_in_order(paths, loader=OPENRC) == ["/run/sysctl.d/x.conf"]
    assert files_in_order(paths[:3], loader=OPENRC) == ["/etc/sysctl.d/x.conf"]
    assert files_in_order([*paths[:2], paths[3]], loader=OPENRC) == ["/run/sysctl.d/x.conf"]
    # The two directories of packages do not mask each other.
    assert files_in_order(paths[:2], loader=OPENRC) == paths[:2]


def test_files_of_the_kernel_package_come_first_for_systemd_only() -> None:
    assert of_kernel("6.12.0-1") == ["/usr/lib/modules/6.12.0-1/sysctl.conf", "/boot/sysctl.conf-6.12.0-1"]
    kernels = sorted(path for release in range(6) for path in of_kernel(f"6.{release}.0-1"))
    paths = ["/etc/sysctl.d/00.conf", *kernels, "/usr/lib/modules/6.12/deeper/sysctl.conf", "/x/sysctl.conf"]
    assert files_in_order(paths, loader=SYSTEMD) == [*kernels, "/etc/sysctl.d/00.conf"]
    assert files_in_order(paths, loader=PROCPS) == ["/etc/sysctl.d/00.conf"]


@pytest.mark.parametrize(
    ("loader", "value"),
    # OpenRC runs procps for each file, so that a pattern in a later file overrides the name in an earlier one.
    [(SYSTEMD, "1"), (PROCPS, "1"), (OPENRC, "2"), (BUSYBOX, "1")],
)
def test_pattern_in_a_later_file(loader: str, value: str) -> None:
    assert boot(TAG, files(f"{TAG} = 1", f"{PATTERN} = 2"), loader=loader).value == value


@pytest.mark.parametrize("path", [*of_kernel("6.12.0-1")])
def test_pattern_overrides_the_file_of_the_kernel_package_which_another_run_applies(path: str) -> None:
    lines = [line(TAG, "1", path), *files(f"{PATTERN} = 2")]
    assert boot(TAG, lines, loader=SYSTEMD).value == "2"
    # Two other files are read in one run, and the name wins.
    assert boot(TAG, [line(TAG, "1", "/boot/x"), *lines[1:]], loader=SYSTEMD).value == "1"


@pytest.mark.parametrize("text", [f"{PATTERN} = 2", f"-{TAG} = 2", f"-{TAG}"])
def test_busybox_skips_what_only_others_understand(text: str) -> None:
    assert boot(TAG, files(f"{TAG} = 1", text), loader=BUSYBOX).value == "1"
    assert boot(TAG, files(text), loader=BUSYBOX) == SET_NOWHERE
    # Another program on such a host reads the line as procps does.
    by_ufw = [one._replace(by="ufw") for one in assignments("/etc/ufw/sysctl.conf", text)]
    assert boot(TAG, [*files(f"{TAG} = 1"), *by_ufw], loader=BUSYBOX).value == ("1" if text == f"-{TAG}" else "2")


@pytest.mark.parametrize("loader", LOADERS)
def test_parameter_that_nothing_sets(loader: str) -> None:
    found = boot(TAG, files("net.ipv4.ip_forward = 1"), loader=loader)
    assert found == SET_NOWHERE
    assert (found.value, found.unknown) == (None, "")


@pytest.mark.parametrize("loader", LOADERS)
def test_program_overrides_the_loader_and_is_overridden_by_the_next(loader: str) -> None:
    lines = [*files(f"{TAG} = 1"), line(PATTERN, "2", "/etc/ufw/sysctl.conf", 7, "ufw")]
    found = boot(TAG, lines, loader=loader)
    assert (found.value, found.winner) == ("2", lines[1])
    assert found.shadowed == lines[:1]
    lines.append(line(TAG, "3", "/etc/tuned.conf", 8, "TuneD"))
    found = boot(TAG, lines, loader=loader)
    assert (found.value, found.shadowed) == ("3", lines[:2])


@pytest.mark.parametrize("loader", LOADERS)
def test_files_of_another_program_are_read_in_one_run(loader: str) -> None:
    assert boot(TAG, files(f"{TAG} = 1", f"{PATTERN} = 2", by="TuneD"), loader=loader).value == "1"


@pytest.mark.parametrize("loader", LOADERS)
def test_exclusion_in_the_file_of_another_program_is_that_of_procps(loader: str) -> None:
    assert boot(TAG, files(f"{TAG} = 1\n-{TAG}", by="ufw"), loader=loader).value == "1"
    assert boot(TAG, files(f"{PATTERN} = 1\n-{TAG}", by="ufw"), loader=loader).value is None


def test_exclusion_of_the_loader_does_not_undo_what_an_earlier_program_set() -> None:
    lines = [line(TAG, "5", "", 0, "systemd (process 1)"), *files(f"-{TAG}")]
    assert boot(TAG, lines, loader=SYSTEMD).value == "5"


def test_line_that_is_applied_again_is_that_of_the_program_that_read_it_first() -> None:
    ours = line(TAG, "1", "/etc/sysctl.d/a.conf", 4)
    tuned = line(TAG, "2", "/usr/lib/tuned/tuned.conf", 4, "TuneD")
    lines = [line(TAG, "0", "/etc/sysctl.d/0.conf", 4), ours, tuned, ours._replace(by="TuneD")]
    found = boot(TAG, lines, loader=SYSTEMD)
    assert (found.winner, found.value) == (ours, "1")
    assert [one.path for one in found.shadowed] == ["/etc/sysctl.d/0.conf", "/usr/lib/tuned/tuned.conf"]


def test_programs_without_a_file_are_not_taken_for_each_other() -> None:
    lines = [line(TAG, "1", "", 0, "systemd (process 1)"), line(TAG, "2", "", 0, "other")]
    found = boot(TAG, lines, loader=SYSTEMD)
    assert (found.winner, found.shadowed) == (lines[1], [])


UNREAD = unread("/etc/sysctl.d/secret.conf", "no permission")


@pytest.mark.parametrize("loader", [SYSTEMD, PROCPS])
@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ([UNREAD], None),
        ([*files(f"{TAG} = 1"), UNREAD], None),
        ([UNREAD, *files(f"{TAG} = 1")], "1"),
        ([UNREAD, *files(f"{TAG} = 1", f"{PATTERN} = 2")], "1"),
        ([UNREAD, *files(f"{PATTERN} = 2", f"{TAG} = 1")], "1"),
        ([UNREAD, *files(f"{TAG} = 1"), UNREAD], None),
        # It may have the name itself, which a pattern does not override.
        ([UNREAD, *files(f"{PATTERN} = 1")], None),
        ([UNREAD, *files(f"-{TAG}")], None),
    ],
)
def test_file_that_cannot_be_read_may_set_any_parameter(
    lines: list[Assignment], value: str | None, loader: str
) -> None:
    found = boot(TAG, lines, loader=loader)
    assert found.value == value
    assert (found.winner == UNREAD, found.unknown) == (value is None, "" if value else "no permission")
    assert UNREAD not in found.shadowed


def test_the_last_file_that_cannot_be_read_is_named() -> None:
    other = unread("/etc/ufw/sysctl.conf", "is a FIFO", by="ufw")
    assert (other.path, other.line, other.by, other.value) == ("/etc/ufw/sysctl.conf", 0, "ufw", "")
    assert other.unknown == "is a FIFO"
    lines = [UNREAD, UNREAD._replace(path="/etc/sysctl.d/z.conf", unknown="too large")]
    assert boot(TAG, lines, loader=SYSTEMD).unknown == "too large"
    assert boot(TAG, [*lines, other], loader=SYSTEMD).winner == other
    # A later program with a file that can be read decides.
    assert boot(TAG, [*lines, other, line(TAG, "1", by="TuneD")], loader=SYSTEMD).value == "1"
