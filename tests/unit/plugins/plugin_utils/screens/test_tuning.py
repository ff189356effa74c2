# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import tuning_changes
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.tuning import draw

REUSE, RANGE, ORPHANS = "net.ipv4.tcp_tw_reuse", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_orphan_retries"
FILE = "/etc/sysctl.d/99-zz-nettune-web.conf"
OPTIONS = {
    "tuning_profile": "web",
    "tuning_persistent": True,
    "tuning_nofile": 65536,
    "web_nofile": 65536,
    "tuning_nofile_best_effort": False,
    "tuning_confirm_within": 0,
    "tuning_remedies": [],
}
SETS = {"orphans": {ORPHANS: {"value": 2}}, "other": {ORPHANS: {"value": 9}}, "queue": {REUSE: {"at_least": 1}}}
LOW, HIGH = {"soft": 1024, "hard": 4096}, {"soft": 65536, "hard": 65536}
DEADLINE = "2026-11-28T22:10:52Z"


def row(key=REUSE, before="2", after="1", boot=(None, "1"), status="changed", **more):
    return {
        "key": key,
        "requested": after,
        "before": before,
        "after": after,
        "boot_before": boot[0],
        "boot_after": boot[1],
        "boot_source": None,
        "status": status,
        "reason": None,
        **more,
    }


def sysctl(*rows, changed=True, files=(FILE,), **more):
    rows = rows or (row(),)
    return {
        "changed": changed,
        "settings": list(rows),
        "files": [{"path": path, "status": "created"} for path in files],
        **more,
    }


def same(*keys):
    return [row(key, "1", "1", ("1", "1"), "unchanged") for key in keys or (REUSE,)]


def nofile(changed=False, **more):
    empty = {name: [] for name in ("services", "users", "processes", "refused", "not_applicable", "files")}
    return {"changed": changed, **empty, **more}


def raised(pid):
    return nofile(
        changed=True,
        services=[
            {
                "service": "nginx.service",
                "before": LOW,
                "after": HIGH,
                "status": "changed",
                "reason": "",
                "restart": None,
            },
            {"service": "httpd.service", "before": None, "after": None, "status": "skipped", "reason": "not installed"},
        ],
        processes=[
            {"unit": "nginx.service", "name": "nginx", "pids": [pid], "before": LOW, "after": HIGH, "status": "changed"}
        ],
        not_applicable=[{"what": "httpd.service", "reason": "not installed"}],
    )


REFUSED_LIMIT = {
    "what": "nginx[7,8] of nginx.service",
    "expected": HIGH,
    "found": LOW,
    "effect": "refused",
    "reason": "cannot raise the hard limit without CAP_SYS_RESOURCE",
    "remedy": "grant CAP_SYS_RESOURCE",
}


def failed(msg, **more):
    return {"failed": False, "failed_when_result": False, "msg": msg, **more}


def host(options=None, **results):
    found = {f"__tuning_{name}": result for name, result in results.items()}
    return {"__tuning": {"options": {**OPTIONS, **(options or {})}}, **found}


def screen(hosts: dict[str, Any], *, entry="main", active=None, batch=None, **more):
    names = list(hosts)
    options = {"profile": "web", "entry": entry, "remedy_sets": SETS}
    active = names if active is None else active
    return draw(Run(hosts, names, batch or active, active, args={"options": options}, **{"width": 80, **more}))


def texts(*args, **more):
    return [line.text for line in screen(*args, **more).lines]


def test_twenty_identical_hosts_take_the_lines_of_one():
    def hosts(number):
        return {
            f"web{at}": host(sysctl=sysctl(row(), *same(RANGE)), nofile=raised(at), verified_sysctl=sysctl(*same()))
            for at in range(1, number + 1)
        }

    assert texts(hosts(20)) == [
        "web[1-20]: 1 of 2 kernel parameters changed, 2 open-file limits raised",
        "  KERNEL PARAMETER       BEFORE  AFTER  AT BOOT",
        "  net.ipv4.tcp_tw_reuse  2       1      default -> 1",
        "  OPEN-FILE LIMIT OF           BEFORE     AFTER",
        "  next start of nginx.service  1024:4096  65536:65536",
        "  nginx of nginx.service       1024:4096  65536:65536",
        "  not installed: httpd.service",
        f"  written: {FILE}",
        "",
        "Profile web: 20 hosts changed and verified.",
    ]
    assert len(texts(hosts(1))) == len(texts(hosts(20)))
    assert len(texts(hosts(3), verbosity=1)) == 3 * 9 + 1


def test_values_that_differ_between_hosts_are_not_shown_as_those_of_all():
    hosts = {"web1": host(sysctl=sysctl(row(before="2"))), "web2": host(sysctl=sysctl(row(before="0")))}
    assert "  net.ipv4.tcp_tw_reuse  (differs)  1      default -> 1" in texts(hosts)


def test_check_mode_says_would():
    lines = texts({"web1": host(sysctl=sysctl(), nofile=raised(1))}, check_mode=True)
    assert lines[0] == "web1: would change 1 of 1 kernel parameter, would raise 2 open-file limits"
    assert f"  would write: {FILE}" in lines
    assert lines[-1] == "Profile web: 1 host would change."


def test_an_unchanged_host_has_one_line_and_the_summary_says_what_was_not_done():
    skipped = row("fs.file-max", "1", "1", (None, None), "skipped", reason="fs.file-max: host-wide: not in a container")
    result = host(
        {"tuning_persistent": False},
        sysctl=sysctl(*same(), skipped, changed=False, files=()),
        nofile={**raised(1), "changed": False, "processes": [], "services": raised(1)["services"][1:]},
    )
    assert texts({"web1": result}) == [
        "web1: 1 kernel parameter unchanged, 1 skipped",
        "  skipped: fs.file-max: host-wide: not in a container",
        "",
        "Profile web: 1 host unchanged; 1 kernel parameter skipped; its only service is",
        "not installed; no open-file limit raised; until the next reboot.",
    ]


def test_a_remedy_that_is_no_longer_given_is_named():
    dropped = row(ORPHANS, "2", "8", ("2", None), requested=None)
    lines = texts({"web1": host(sysctl=sysctl(*same(), dropped))}, width=100)
    assert lines[0] == "web1: 1 kernel parameter unchanged, 1 restored"
    assert f"  tuning_remedies: orphans no longer given: {ORPHANS} 2 -> 8 (original)" in lines
    kept = texts({"web1": host(sysctl=sysctl(*same(), row(ORPHANS, "5", "8", ("5", None), requested=None)))})
    assert f"  no longer in the profile: {ORPHANS} 5 -> 8 (original)" in kept


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (
            failed("1 of 1 settings refused: hazard x; to accept it, set accept_hazards: [x]", settings=[row()]),
            "tuning_acc",
        ),
        (
            failed(
                "k; use the same value in both profiles",
                settings=[row()],
                conflicts=[{"key": REUSE, "profile": "mail", "value": "0"}],
            ),
            f'k. To settle it, set tuning_overrides: {{"{REUSE}": 0}} for this host: both roles then use it.',
        ),
        (failed("k", hazards=[{"hazard": "memory", "accepted": False}]), "k, or lower tuning_role_connections."),
        (failed("cannot become root with sudo: a password is required. Pass it."), "cannot become root"),
    ],
)
def test_a_refusal_names_the_next_step_and_fails_the_host(result, sentence):
    found = screen({"web1": host(sysctl=result)})
    assert sentence in found.failures["web1"]["msg"]
    assert not found.failures["web1"]["unreachable"]
    assert " ".join(line.text.strip() for line in found.lines).startswith(f"web1: {found.failures['web1']['msg']}")


def test_drift_fails_the_host():
    verified = sysctl(row(boot=("1", "1"), before="0", after="1"))
    found = screen({"web1": host(sysctl=sysctl(*same(), changed=False), verified_sysctl=verified)})
    assert found.failures["web1"]["msg"] == f"drifted from profile web: 1 difference ({REUSE})"
    assert found.lines[2].text == "  net.ipv4.tcp_tw_reuse  1         0        1        running value differs"
    assert found.lines[-1].text == "Profile web: 1 host drifted."


SKIPPED = {"changed": False, "skipped": True}


def unchanged(row_=None, **more):
    """Return a host on which applying changed nothing, so that the role skipped the verification."""
    found = sysctl(*([row_] if row_ else same()), changed=False, files=())
    return host(**{"sysctl": found, "nofile": nofile(), "verified_sysctl": SKIPPED, "verified_nofile": SKIPPED, **more})


def test_a_run_that_changes_nothing_has_verified_the_profile():
    assert texts({"web1": unchanged()})[-1].startswith("Profile web: 1 host unchanged and verified;")


def test_a_run_that_changes_nothing_finds_what_overrides_the_profile_at_boot():
    shadowed = row(boot=("0", "0"), status="shadowed", before="1", reason="zz.conf:1 sets 0 at boot")
    found = screen({"web1": unchanged(shadowed)})
    assert found.failures["web1"]["msg"] == f"will drift from profile web at the next boot: 1 difference ({REUSE})"


def test_a_run_that_changes_nothing_finds_limits_that_the_host_does_not_allow():
    found = screen({"web1": unchanged(nofile=nofile(refused=[REFUSED_LIMIT]))})
    assert found.failures["web1"]["msg"].startswith("limits not in force: nginx of nginx.service: 1024:4096 instead")


@pytest.mark.parametrize("left_out", ["nofile", "verified_sysctl"])
def test_nothing_is_verified_without_both_modules_and_the_tag(left_out):
    found = unchanged()
    del found[f"__tuning_{left_out}"]
    assert "verified" not in texts({"web1": found})[-1]


def test_check_mode_verifies_nothing():
    assert "verified" not in texts({"web1": unchanged()}, check_mode=True)[-1]


def test_a_long_reason_follows_the_table_of_differences():
    reason = "/etc/sysctl.d/zz.conf:1 sets 0 at boot, after our file; set take_over: true to comment that line out"
    shadowed = sysctl(row(boot=("0", "0"), status="shadowed", before="1", reason=reason))
    assert texts({"web1": host(sysctl=shadowed, verified_sysctl=shadowed)}) == [
        "web1: will drift from profile web at the next boot: 1 difference",
        "  (net.ipv4.tcp_tw_reuse)",
        "  WHAT                   EXPECTED  RUNNING  AT BOOT",
        "  net.ipv4.tcp_tw_reuse  1         1        0",
        "  net.ipv4.tcp_tw_reuse: /etc/sysctl.d/zz.conf:1 sets 0 at boot, after our file;",
        "    set tuning_take_over: true to comment that line out",
        f"  written: {FILE}",
        "",
        "Profile web: 1 host will drift at the next boot.",
    ]


@pytest.mark.parametrize("best_effort", [False, True])
def test_limits_that_the_host_does_not_allow(best_effort):
    limits = nofile(refused=[REFUSED_LIMIT])
    options = {"tuning_nofile_best_effort": best_effort}
    result = host(
        options,
        sysctl=sysctl(*same(), changed=False),
        nofile=limits,
        verified_sysctl=sysctl(*same()),
        verified_nofile=limits,
    )
    found = screen({"web1": result}, width=200)
    text = (
        "nginx of nginx.service: 1024:4096 instead of 65536:65536: cannot raise the hard limit without CAP_SYS_RESOURCE"
    )
    if best_effort:
        assert not found.failures
        assert f"  not in force: {text}" in [line.text for line in found.lines]
        assert "1 open-file limit not in force" in found.lines[-1].text
    else:
        assert found.failures["web1"]["msg"] == (
            f"limits not in force: {text}. Grant CAP_SYS_RESOURCE or raise the container's hard limit,"
            " lower web_nofile, or accept it with tuning_nofile_best_effort: true."
        )


def pending(**more):
    return host(
        {"tuning_confirm_within": 60},
        sysctl=sysctl(row(boot=(None, None)), files=(), confirm={"pending": True, "deadline": DEADLINE}),
        **more,
    )


ASKED = {"pending_sysctl": {"confirm": {"pending": True, "deadline": DEADLINE}}, "pending_nofile": {"skipped": True}}


def test_a_pending_change_has_its_deadline():
    lines = texts({"web1": pending(**ASKED), "web2": pending(**ASKED)})
    assert lines[3:5] == [f"  the host rolls the change back at {DEADLINE} unless it is confirmed", "    before"]
    assert lines[-1] == "Profile web: 2 hosts pending."


def test_a_confirmed_change_has_the_values_at_boot():
    lines = texts({"web1": pending(**ASKED, confirmed_sysctl=sysctl(row(before="1", after="1")))})
    assert "  net.ipv4.tcp_tw_reuse  2       1      default -> 1" in lines
    assert f"  written: {FILE}" in lines
    assert lines[-1] == "Profile web: 1 host confirmed."


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"health_url": {"status": -1, "msg": "refused"}}, "the health URL does not answer with status 200: refused."),
        ({"health_command": {"rc": 2, "msg": "non-zero", "stderr": "ls: x"}}, "the health command failed: ls: x."),
        ({"health_command": {"rc": 1, "msg": "non-zero", "stderr": ""}}, "the health command failed: exit code 1."),
        ({"confirmed_sysctl": failed("EROFS")}, "confirming the kernel parameters failed: EROFS."),
    ],
)
def test_a_change_that_is_not_confirmed_fails_with_the_reason_and_the_deadline(step, reason):
    fine = {"health_url": {"status": 200, "msg": "OK"}, "health_command": {"rc": 0, "msg": ""}}
    found = screen({"web1": pending(**ASKED, **{**fine, **step})})
    assert found.failures["web1"]["msg"] == (
        f"not confirmed: {reason} The host rolls the change back at {DEADLINE} unless it is confirmed before."
        " To try again, run the same command with --tags confirm."
    )


@pytest.mark.parametrize(
    ("results", "check_mode", "line"),
    [
        ({"pending_sysctl": {"confirm": {"pending": False}}}, False, "web1: no change is pending"),
        (ASKED, True, "web1: would confirm"),
        ({**ASKED, "confirmed_sysctl": sysctl()}, False, "web1: confirmed"),
        ({"pending_sysctl": failed("the window has expired")}, False, "web1: not confirmed: the window has expired."),
    ],
)
def test_the_entry_point_confirm(results, check_mode, line):
    assert texts({"web1": host(**results)}, entry="confirm", check_mode=check_mode)[0] == line


def test_the_entry_point_verify():
    hosts = {
        "web1": host(verified_sysctl=sysctl(*same())),
        "web2": host(verified_sysctl=failed("k", settings=[row()])),
    }
    found = screen(hosts, entry="verify")
    assert found.lines[0].text == "web1: 1 kernel parameter verified"
    assert found.failures == {"web2": {"msg": "not verified: k.", "unreachable": False}}


def test_a_profile_that_was_never_applied_has_not_drifted():
    hosts = {
        f"web{at}": host(verified_sysctl=sysctl(applied=at == 1), verified_nofile=nofile(applied=False))
        for at in range(1, 4)
    }
    found = screen(hosts, entry="verify")
    sentence = "profile web has not been applied to this host; to apply it, run the role with all its phases"
    assert found.failures["web2"] == {"msg": sentence, "unreachable": False}
    assert found.failures["web1"]["msg"].startswith("drifted from profile web")
    assert [line.text for line in found.lines][-4:] == [
        "web2, web3: profile web has not been applied to this host; to apply it, run the",
        "  role with all its phases",
        "",
        "Profile web: 1 host drifted, 2 hosts without the profile.",
    ]


def test_hosts_without_a_result():
    hosts = {
        "web1": host(sysctl={"unreachable": True, "msg": "no route"}),
        "web2": host(sysctl=sysctl(), nofile=failed("no PAM")),
        "web3": {},
        "db1": {"__tuning": {"skipped": True}},
        "mail1": host({"tuning_profile": "mail"}, sysctl=sysctl()),
    }
    found = screen(hosts, active=["web1", "web2", "db1"])
    assert found.failures["web1"] == {"msg": "unreachable: no route.", "unreachable": True}
    assert found.failures["web2"]["msg"] == "open-file limits: no PAM. The kernel parameters were applied."
    assert "mail1, web3: not tuned: unreachable or failed before" in [line.text for line in found.lines]
    assert found.lines[-1].text == "Profile web: 1 host unreachable, 1 host failed, 2 hosts not tuned."
    assert [one["host"] for one in found.document["missing"]] == ["web1", "web3", "mail1"]
    assert {each["host"] for each in found.rows} == {"web1", "web2", "web3", "mail1"}


def test_an_earlier_batch_is_shown_only_if_one_of_its_hosts_failed():
    good, bad = host(sysctl=sysctl(*same(), changed=False)), host(sysctl=failed("no"))
    assert texts({"web1": good, "web2": good}, batch=["web1"]) == []
    assert texts({"web1": bad, "web2": good}, batch=["web1"])[-1] == "Profile web: 1 host failed."
    assert texts({"web1": good, "web2": good}, batch=["web2"])[0] == "web1, web2: 1 kernel parameter unchanged"


def test_a_host_alone_has_one_line():
    hosts = {"web1": host(sysctl=sysctl()), "web2": host(sysctl=sysctl())}
    assert texts(hosts, batch=["web2"], alone=True) == ["web2: 1 of 1 kernel parameter changed"]


def test_with_strategy_free_the_line_of_a_host_says_what_was_not_done():
    skipped = row("fs.file-max", "1", "1", (None, None), "skipped", reason="fs.file-max: host-wide: not in a container")
    limits = {**raised(1), "processes": [], "services": raised(1)["services"][1:]}
    hosts = {"web1": host(sysctl=sysctl(row(), skipped), nofile=limits)}
    assert texts(hosts, alone=True) == [
        "web1: 1 of 2 kernel parameters changed, 1 skipped; its only service is not",
        "  installed; no open-file limit raised",
    ]


def test_parameters_that_only_change_at_the_next_boot_are_counted():
    at_boot = row(RANGE, "1024 65535", "1024 65535", (None, "1024 65535"))
    assert texts({"web1": host(sysctl=sysctl(row(), at_boot))})[0] == (
        "web1: 2 of 2 kernel parameters changed (1 now, 1 at the next boot)"
    )
    assert texts({"web1": host(sysctl=sysctl(at_boot))}, check_mode=True)[0] == (
        "web1: would change 1 of 1 kernel parameter (at the next boot)"
    )


@pytest.mark.parametrize(
    ("rows", "check_mode", "line"),
    [
        ([row(before="1", boot=("1", None))], False, "1 of 1 kernel parameter kept only until the next reboot"),
        ([row(before="1", boot=("1", None))], True, "would keep 1 of 1 kernel parameter only until the next reboot"),
        (
            [row(before="1", boot=("1", None)), row(RANGE, boot=(None, None))],
            False,
            "1 of 2 kernel parameters changed, 1 of 2 kernel parameters kept only until the next reboot",
        ),
        ([row(boot=(None, None))], False, "1 of 1 kernel parameter changed, until the next reboot"),
    ],
)
def test_a_profile_that_is_no_longer_persistent(rows, check_mode, line):
    hosts = {"web1": host({"tuning_persistent": False}, sysctl=sysctl(*rows))}
    assert texts(hosts, check_mode=check_mode, width=200)[0] == f"web1: {line}"


def test_a_value_at_boot_that_is_not_known_is_not_the_default():
    reason = "systemd-networkd may set it, depending on its version"
    (change,) = tuning_changes.of_sysctl(sysctl(row(boot=(None, None), boot_reason=reason)), {}, ()).changes
    assert (change.before, change.after, change.boot) == ("2", "1", "not known")
