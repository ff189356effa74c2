# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Misspelt, renamed and unrelated names of variables, from -e and from an inventory."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import names, role_variables, rows
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.renamed import RENAMED

REFUSED, WARNED, ACCEPTED = "refused", "warned", "accepted"


def judged(name: str, *, from_command: bool, roles: tuple[str, ...] = ("web",)) -> tuple[str, str]:
    """Return the judgement and the message."""
    found = names.misspelt(
        name,
        known=role_variables.names(),
        prefixes=tuple(f"{role}_" for role in roles),
        from_command=from_command,
    )
    return (ACCEPTED, "") if found is None else (REFUSED if found.refused else WARNED, found.message)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("nettune_profil", "nettune_profile"),
        ("nettune_outptu", "nettune_output"),
        ("nettune_trial_candidate", "nettune_trial_candidates"),
        ("nettune_trial_minimize", "nettune_trial_minimise"),
        ("nettune_candidates", "nettune_trial_candidates"),
        ("nettune_failon", "nettune_fail_on"),
        ("nettune_Sample", "nettune_sample"),
        ("nettune_sampel", "nettune_sample"),
        ("nettune_hepl", "nettune_help"),
        ("nettune_thresold", "nettune_thresholds"),
        ("netune_sample", "nettune_sample"),
        ("nettunes_sample", "nettune_sample"),
        ("tuning_persitent", "tuning_persistent"),
        ("tuning_persistant", "tuning_persistent"),
        ("tuning_remedy", "tuning_remedies"),
        ("tuning_remedie", "tuning_remedies"),
        ("tuning_takeover", "tuning_take_over"),
        ("tuning_reserved_port", "tuning_reserved_ports"),
        ("tuning_ports", "tuning_reserved_ports"),
        ("tuning_hazards", "tuning_accept_hazards"),
        ("tuning_accept_hazard", "tuning_accept_hazards"),
        ("tuning_best_effort", "tuning_nofile_best_effort"),
        ("tuning_nofile_besteffort", "tuning_nofile_best_effort"),
        ("tuning_login_nofile", "tuning_logins_nofile"),
        ("tuning_no_file", "tuning_nofile"),
        ("tuning_override", "tuning_overrides"),
        ("tuning_service", "tuning_services"),
        ("tuning_setting", "tuning_settings"),
        ("tuning_confirm", "tuning_confirm_within"),
        ("tuning_helth_url", "tuning_health_url"),
        ("tunning_nofile", "tuning_nofile"),
        ("nettune-profile", "nettune_profile"),
        ("tuning-nofile", "tuning_nofile"),
        ("tuining_persistent", "tuning_persistent"),
    ],
)
@pytest.mark.parametrize("from_command", [True, False], ids=["-e", "inventory"])
def test_misspelt_names_of_ours_are_refused(name: str, meant: str, *, from_command: bool) -> None:
    judgement, message = judged(name, from_command=from_command)
    assert judgement == REFUSED
    assert f"did you mean {meant}? " in message
    assert f"nettune_allow_variables: [{name}]" in message


@pytest.mark.parametrize("name", ["web_nofil", "web_nofiles", "web_service", "web_setings", "web_sevices"])
def test_misspelt_names_with_the_prefix_of_a_role(name: str) -> None:
    judgement, message = judged(name, from_command=True)
    assert judgement == REFUSED
    assert "did you mean web_" in message
    judgement, message = judged(name, from_command=False)
    assert judgement == WARNED
    assert "did you mean web_" in message
    assert judged(name, from_command=True, roles=("mail",)) == (ACCEPTED, "")


@pytest.mark.parametrize(
    "name",
    [
        *("web_root", "web_port", "web_user", "web_files", "web_domain", "web_tls", "webserver", "web"),
        *("tuning_enabled", "tuning_packages", "tuned_profile", "tune", "tuning", "nettune_a b", "tuning_nofil\n"),
        *("nettune_tcp", "nettune_sysctl", "nettune_nofile", "net_iface", "network_name", "ansible_user"),
        *("http_port", "mail_root", "mail_domain", "client_id", "profile", "sample", "nofile"),
        *("tuning_nofile", "web_services", "mail_nofile", "nettune_kernel", "nettune_fail_on"),
    ],
)
@pytest.mark.parametrize("from_command", [True, False], ids=["-e", "inventory"])
def test_other_names_are_left_alone(name: str, *, from_command: bool) -> None:
    assert judged(name, from_command=from_command) == (ACCEPTED, "")


def test_every_name_with_our_prefix_is_known_or_refused() -> None:
    judgement, message = judged("nettune_xyzzy", from_command=False)
    assert judgement == REFUSED
    assert message.startswith(
        "unknown variable nettune_xyzzy; -e nettune_help=true lists the options of a playbook. To "
    )


def test_old_names_lead_to_options() -> None:
    assert set(RENAMED.values()) <= set(rows.NAMES)
    assert not set(RENAMED) & set(rows.NAMES)
    assert all(
        names.renamed(old).endswith(f" {new}.") or "=cache" in names.renamed(old) for old, new in RENAMED.items()
    )
    assert names.renamed("colour") is None
    assert names.renamed("target") is None


@pytest.mark.parametrize("name", ["targets", "tagret", "Target", "TARGET", "targt"])
def test_misspelt_target(name: str) -> None:
    """Without a target, a playbook runs on all hosts of its group."""
    assert "did you mean target?" in (names.renamed(name) or "")


def test_a_letter_that_only_looks_like_ours_is_named():
    _judgement, message = judged("nettune_t\u043ep", from_command=True)
    assert message.startswith(
        "unknown variable nettune_t\u043ep (with the letter \u043e, U+043E); did you mean nettune_top?"
    )
