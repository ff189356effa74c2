# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An anonymous recording has the figures of the original and none of its names."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import recording
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.anonymous import anonymised
from ansible_collections.nettune.tcp.tests.unit.support import fleet_rows

# What identifies the fleet, and what is added to it here.
NAMES = ("web1", "web2", "web3", "web4", "debian", "shop", "java", "nginx", "zz-vendor", "Connection timed out")
ADDRESSES = ("192.0.2.", "2001:db8:", "fe80:")
SECRET = "acme-secret"


@pytest.fixture
def original():
    found = recording.document(fleet_rows.fleet())
    leak = found["hosts"][2]["facts"]["nettune_tcp"]
    leak["processes"][0]["container"] = f"{SECRET}-container"
    leak["addresses"] += ["::ffff:192.0.2.3", "fe80::aa%eth0", "127.0.0.1", f"::1%{SECRET}", "0.0.0.0"]
    leak["partial"] = [{"what": "memory.high", "reason": f"/proc/{SECRET}: EACCES"}]
    leak["partial"] += [{"what": f"sysctl.keys.net.ipv4.conf.{SECRET}.rp_filter", "reason": "is absent"}]
    leak["new_field"] = {"of_a_later_release": [SECRET]}
    found["hosts"][1]["facts"]["nettune_sysctl"]["keys"][f"net.ipv4.conf.{SECRET}.rp_filter"] = {"value": "1"}
    found["hosts"][1]["profiles"]["drift"] += [
        {**found["hosts"][1]["profiles"]["drift"][0], "what": f"{SECRET}.service", "reason": f"{SECRET} is not running"}
    ]
    found["hosts"][0].update(not_root=f"{SECRET}: a password is required", release=f"6.12.1-{SECRET}")
    return found


def test_nothing_that_identifies_the_fleet_is_left_in_the_file(original):
    text = gzip.decompress(recording.packed(anonymised(original))).decode()
    before = json.dumps(original)
    for name in (*NAMES, *ADDRESSES, SECRET):
        assert name in before
        assert name not in text, name


def test_figures_and_our_own_words_are_kept(original):
    found = anonymised(original)
    assert found["anonymised"] is True
    leak, before = found["hosts"][2], original["hosts"][2]
    tcp = leak["facts"]["nettune_tcp"]
    for name in ("states", "counters", "rates", "queues", "memory", "source"):
        assert tcp[name] == before["facts"]["nettune_tcp"][name]
    assert leak["facts"]["nettune_sysctl"]["keys"]["net.ipv4.tcp_fin_timeout"]["value"] == "15"
    assert (leak["at"], leak["release"]) == (before["at"], before["release"])
    assert found["hosts"][0]["release"] == "6.12.1"
    assert tcp["partial"][0]["what"] == "memory.high"
    profile = leak["profiles"]["profiles"][0]
    assert profile["parameters"] == before["profiles"]["profiles"][0]["parameters"]
    assert profile["name"] == found["hosts"][1]["profiles"]["drift"][0]["profile"] == "profile-1"


def test_equal_addresses_stay_equal_and_keep_their_family(original):
    tcp = [row["facts"]["nettune_tcp"] for row in anonymised(original)["hosts"]]
    proxy = tcp[2]["peers"]["CLOSE_WAIT"][0]["address"]
    assert proxy == tcp[0]["peers"]["ESTABLISHED"][0]["address"]
    assert tcp[0]["ephemeral"]["busiest"][0]["source"] == tcp[0]["addresses"][0]
    plain4, plain6, mapped, local, *rest = tcp[2]["addresses"]
    assert re.fullmatch(r"240(\.\d+){3}", plain4)
    assert mapped == f"::ffff:{plain4}"
    assert plain6.startswith("3fff::")
    assert local.startswith("3fff::")
    assert rest == ["127.0.0.1", "::1", "0.0.0.0"]
    before, after = (
        {each for row in one["hosts"] for each in row["facts"]["nettune_tcp"]["addresses"]}
        for one in (original, anonymised(original))
    )
    assert len(before) == len(after)


def test_cards_differ_in_names_only(original):
    hosts = zip(original["hosts"], anonymised(original)["hosts"])
    titles = {}
    for before, after in hosts:
        shown, anonymous = diagnose(before["facts"]), diagnose(after["facts"])
        assert [row["id"] for row in shown["findings"]] == [row["id"] for row in anonymous["findings"]]
        titles.update((row["id"], row["title"]) for row in anonymous["findings"])
    assert titles["close_wait"] == (
        "812 connections in CLOSE_WAIT that process-3 (PID 711, unit-3.service, container container-1) does not close"
    )


def test_a_replacement_depends_on_the_text_alone(original):
    assert anonymised(original) == anonymised(json.loads(json.dumps(original)))


def test_a_unit_and_a_file_have_the_same_name_in_all_fields(original):
    unit, path = f"memory.{SECRET}.service", f"/etc/sysctl.d/{SECRET}.conf"
    host = original["hosts"][2]
    host["facts"]["nettune_tcp"]["processes"][0]["unit"] = unit
    host["facts"]["nettune_sysctl"]["keys"]["net.core.somaxconn"]["boot_source"] = {"path": path, "line": 1}
    host["profiles"]["drift"] = [{**original["hosts"][1]["profiles"]["drift"][0], "what": unit}]
    host["profiles"]["partial"] = [{"what": path, "reason": "EACCES"}]
    host = anonymised(original)["hosts"][2]
    assert host["profiles"]["drift"][0]["what"] == host["facts"]["nettune_tcp"]["processes"][0]["unit"]
    source = host["facts"]["nettune_sysctl"]["keys"]["net.core.somaxconn"]["boot_source"]
    assert host["profiles"]["partial"][0]["what"] == source["path"]
    assert SECRET not in json.dumps(host)
