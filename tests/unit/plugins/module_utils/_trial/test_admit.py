# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import EMPTY, Original, Profile, State
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import Request as Asked
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host, Reading
from ansible_collections.nettune.tcp.plugins.module_utils._trial import admit as trial_admit
from ansible_collections.nettune.tcp.plugins.module_utils._trial.admit import Admitted
from ansible_collections.nettune.tcp.plugins.module_utils._trial.request import Request

ORPHANS, RANGE = "net.ipv4.tcp_orphan_retries", "net.ipv4.ip_local_port_range"
READINGS = {
    ORPHANS: Reading("0"),
    RANGE: Reading("32768\t60999"),
    "net.ipv4.ip_local_reserved_ports": Reading(""),
    "net.ipv4.tcp_rmem": Reading("4096\t131072\t6291456"),
    "net.ipv4.tcp_max_tw_buckets": Reading("131072"),
    "net.ipv4.tcp_sack": Reading("1", locked="EROFS: read-only"),
    "net.ipv4.tcp_fastopen_key": Reading("0-0-0-0"),
    "net.ipv4.ipfrag_low_thresh": Reading("3145728"),
    "net.ipv4.ipfrag_high_thresh": Reading("4194304"),
    "vm.dirty_bytes": Reading("0"),
    "vm.dirty_ratio": Reading("20"),
    "fs.file-max": Reading("100000"),
}
HOST = Host("6.12.0-amd64", READINGS, frozenset(READINGS), boot_id="now")


def admit(
    key: str, *candidates: Any, keep: str = "never", journal: State = EMPTY, accept: tuple[str, ...] = (), **host: Any
) -> Admitted:
    asked = Request("x", key, candidates, "minimise", "total", (), 1.0, 5.0, 1.0, keep)
    return trial_admit.admit(asked, HOST._replace(**host), journal, accept_hazards=frozenset(accept))


def held(*, value: str = "2", ours: str = "2") -> State:
    """Return a journal in which profile web sets the parameter, which was 0 before."""
    return State(
        {"web": Profile({ORPHANS: Asked(request.EXACT, value)})},
        {ORPHANS: Original("0", (ours,), (value,), value)},
    )


def test_candidates_are_normalised() -> None:
    admitted = admit(ORPHANS, "0x3", 7, "0")
    assert admitted.request.candidates == ("3", "7", "0")
    assert (admitted.request.key, admitted.before) == (ORPHANS, "0")
    assert admit("net.ipv4.tcp_rmem", [4096, 87380, 6291456]).request.candidates == ("4096 87380 6291456",)


def test_a_parameter_at_its_profiles_value_is_admitted() -> None:
    running = {**READINGS, ORPHANS: Reading("2")}
    assert admit(ORPHANS, 3, journal=held(), readings=running).before == "2"


def test_accepted_hazards_are_returned() -> None:
    key = "net.ipv4.tcp_max_tw_buckets"
    (told,) = admit(key, 5000, accept=("tw_buckets_lowered",)).hazards
    assert told.startswith(f"tw_buckets_lowered: {key} lowered from 131072 to 5000")


@pytest.mark.parametrize(
    ("key", "candidates", "message"),
    [
        (ORPHANS, (3, "03"), "octal"),
        (ORPHANS, (3, "three"), "'three' is not a whole number"),
        (ORPHANS, (3, 256), "256 is out of bounds"),
        (ORPHANS, (True,), "True is not a kernel value"),
        (ORPHANS, (3, "0x3"), "3 is given more than once"),
        (ORPHANS, (0,), "is 0 already, so there is nothing to compare"),
        ("net.ipv4.tcp_orphan_retires", (3,), "did you mean net.ipv4.tcp_orphan_retries?"),
        ("net.ipv4.tcp_tw_recycle", (1,), "removed in Linux 4.12"),
        ("net.ipv4.tcp_sack", (0,), "cannot be written: EROFS: read-only"),
        ("net.ipv4.tcp_max_tw_buckets", (5000,), "hazard tw_buckets_lowered"),
        ("net.ipv4.tcp_fastopen_key", ("1-1-1-1",), "is a secret"),
        ("net.ipv4.ipfrag_low_thresh", (5000000,), "the kernel would refuse it"),
        ("vm.dirty_ratio", (10,), "cannot be changed alone: the kernel sets vm.dirty_bytes to 0 with it"),
        (RANGE, ("60999 1024",), "the kernel would refuse it: the first port of 60999 1024 is above the last"),
    ],
)
def test_refusals(key: str, candidates: tuple[Any, ...], message: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        admit(key, *candidates)
    assert message in str(caught.value)


def test_a_range_over_listeners_is_refused() -> None:
    with pytest.raises(InvalidOption, match="the listening ports 8080"):
        admit(RANGE, "1024 65535", listeners=frozenset({8080}))


def test_a_host_wide_parameter_is_refused_in_a_container() -> None:
    assert admit("fs.file-max", 200000).before == "100000"
    with pytest.raises(InvalidOption, match="host-wide"):
        admit("fs.file-max", 200000, owns_machine=False)


def test_a_parameter_that_drifted_from_its_profile_is_refused() -> None:
    running = {**READINGS, ORPHANS: Reading("5")}
    with pytest.raises(InvalidOption, match="is 5, but profile web sets it to 2: apply the profile first"):
        admit(ORPHANS, 3, journal=held(), readings=running)


def test_keep_best_is_refused_for_a_parameter_of_a_profile() -> None:
    running = {**READINGS, ORPHANS: Reading("2")}
    with pytest.raises(InvalidOption, match="keep is best, but profile web sets"):
        admit(ORPHANS, 3, journal=held(), readings=running, keep="best")


def test_a_profile_that_ended_at_a_reboot_does_not_count() -> None:
    over = held()
    over = over._replace(profiles={"web": over.profiles["web"]._replace(persistent=False, boot_id="before")})
    over = over._replace(keys={ORPHANS: over.keys[ORPHANS]._replace(line=None)})
    assert admit(ORPHANS, 3, journal=over, keep="best").before == "0"
