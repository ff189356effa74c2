# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the terminal, and the file that it is written to."""

from __future__ import annotations

import json

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import recording
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import export, report
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.tests.unit.support import report_fleets


def drawn(rows, width=80, **options):
    hostvars = {row["host"]: {"got": row, "group_names": row["groups"]} for row in rows}
    return report.draw(Run(hostvars, list(hostvars), [], width=width, args={"registered": "got", "options": options}))


def text(screen):
    return "\n".join(line.text for line in screen.lines)


def test_the_summary_and_the_causes():
    lines = text(drawn(report_fleets.site(), width=120)).split("\n")
    assert lines[:4] == [
        "9 of 37 hosts have critical findings.",
        "1 more host has warnings.",
        "2 hosts have drifted from the profile.",
        "The next boot changes 13 values on 13 hosts.",
    ]
    assert lines[5].startswith("web[8-11]  CRITICAL: Connections to [::]:80 are not accepted fast enough")


def test_many_hosts_are_counted():
    screen = drawn(report_fleets.many(200))
    assert "10 hosts  CRITICAL: " in text(screen)
    assert all(len(line.text) <= 80 for line in screen.lines)


def test_each_batch_adds_its_hosts_to_the_report():
    rows = report_fleets.site()[:4]
    names = [row["host"] for row in rows]
    hostvars = {name: {"group_names": []} for name in names}
    sizes = []
    for batch in (rows[:2], rows[2:3], rows[3:]):
        hostvars.update({row["host"]: {"got": row, "group_names": row["groups"]} for row in batch})
        done = [row["host"] for row in batch]
        screen = report.draw(Run(hostvars, names, done, names, args={"registered": "got"}, serial=[2, 1]))
        sizes.append((len(screen.document["hosts"]), len(screen.document["missing"]), list(screen.failures)))
        assert ("so far; the last batch of the play completes the report." in text(screen)) == (len(sizes) < 3)
    assert sizes == [(2, 0, []), (3, 0, []), (4, 0, [])]


def test_the_last_batch_names_hosts_that_were_not_read():
    rows = report_fleets.site()[:3]
    names = [row["host"] for row in rows]
    hostvars = {row["host"]: {"got": row, "group_names": row["groups"]} for row in rows}
    hostvars[names[0]] = {"group_names": []}
    screen = report.draw(Run(hostvars, names, names[2:], names[1:], args={"registered": "got"}, serial=[1]))
    assert [row["host"] for row in screen.document["missing"]] == names[:1]


def test_the_file_is_a_page_or_its_data(tmp_path):
    screen = drawn(report_fleets.site())
    for name, beginning in (("a.html", "<!DOCTYPE html>"), ("a.json", '{\n  "format": "nettune-report"')):
        export.write(screen, str(tmp_path / name))
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    with pytest.raises(InvalidOption, match=r"must end with \.html or \.json"):
        export.write(screen, str(tmp_path / "a.csv"))


def test_the_result_of_a_trial(tmp_path):
    path = tmp_path / "trial.json"
    path.write_text(json.dumps(report_fleets.trial()))
    found = drawn(report_fleets.site()[:1], nettune_trial=str(path)).document["trial"]
    assert [row["host"] for row in found["hosts"]] == ["web1"]
    assert drawn(report_fleets.site()[:1]).document["trial"] is None


def test_an_earlier_recording(tmp_path):
    path = tmp_path / "before.json.gz"
    path.write_bytes(recording.packed(recording.document({"hosts": report_fleets.before(), "missing": []})))
    found = drawn(report_fleets.site()[:5], nettune_before=str(path)).document["comparison"]
    assert found["hosts"] == 5
    assert found["only_before"] == []
    path.write_bytes(b"{}")
    with pytest.raises(InvalidOption, match="nettune_before: .* is not a recording"):
        drawn(report_fleets.site()[:5], nettune_before=str(path))
