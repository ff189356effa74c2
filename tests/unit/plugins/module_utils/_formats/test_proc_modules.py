# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats import proc_modules


@pytest.mark.parametrize(
    ("given", "name"), [("nf_conntrack", "nf_conntrack"), ("br-netfilter", "br_netfilter"), ("8021q", "8021q")]
)
def test_name_as_the_kernel_writes_it(given: str, name: str) -> None:
    assert proc_modules.canonical(given) == name


@pytest.mark.parametrize("given", ["", "-x", "nf conntrack", "../x", "a/b", "x\n", "ü", "a" * 57, "nf_conntrack.ko"])
def test_invalid_name_is_refused(given: str) -> None:
    with pytest.raises(InvalidOption, match="is not the name of a kernel module") as refused:
        proc_modules.canonical(given)
    assert repr(given) in str(refused.value)


def test_loaded_modules() -> None:
    text = "nf_conntrack 176128 3 nf_nat,xt_conntrack, Live 0x0\nlibcrc32c 12288 1 - Live 0x0\n\n"
    assert proc_modules.loaded(text) == {"nf_conntrack", "libcrc32c"}
    assert proc_modules.loaded("") == frozenset()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("kernel/net/netfilter/nf_conntrack.ko.xz: kernel/lib/libcrc32c.ko.xz", {"nf_conntrack"}),
        ("kernel/net/netfilter/nf_conntrack.ko:", {"nf_conntrack"}),
        ("kernel/net/netfilter/nf_conntrack.ko", {"nf_conntrack"}),
        ("kernel/net/bridge/br-netfilter.ko.zst: kernel/net/bridge/bridge.ko.zst\n", {"br_netfilter"}),
        ("nf_conntrack.ko.gz:", {"nf_conntrack"}),
        # Dependencies and modules with similar names do not count.
        ("kernel/net/netfilter/nf_nat.ko: kernel/net/netfilter/nf_conntrack.ko", set()),
        ("kernel/net/netfilter/nf_conntrack_ftp.ko: kernel/net/netfilter/nf_conntrack.ko", set()),
        ("nf_conntrack", set()),
        ("", set()),
    ],
)
def test_modules_in_a_list_of_depmod(line: str, names: set[str]) -> None:
    assert proc_modules.listed([line], {"nf_conntrack", "br_netfilter"}) == names
