# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes on the command line: what follows -e, with the words that the one sentence about it must contain."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.playbook_inputs import Inputs, assert_one

# Playbook, text for -e, and words of the sentence.
COMMANDS = [
    # Names
    ("facts", "nettune_smaple=3", "nettune_smaple; did you mean nettune_sample?"),
    ("facts", "NETTUNE_TOP=3", "NETTUNE_TOP; did you mean nettune_top?"),
    ("facts", "nettune-top=3", "nettune-top; did you mean nettune_top?"),
    ("facts", "nettune_whatever=3", "nettune_whatever; -e nettune_help=true lists the options"),
    ("facts", "nettune_höhe=3", "unknown variable nettune_höhe"),
    ("facts", "nettune_allow_variable=x", "did you mean nettune_allow_variables?"),
    ("query", "nettune_querry=hosts", "did you mean nettune_query?"),
    ("lint", "nettune_files=/etc/hosts", "did you mean nettune_file?"),
    ("adopt", "nettune_rofile=web", "did you mean nettune_profile?"),
    ("adopt", "nettune_output=x.json", "nettune_output is 'x.json'; its name must end with .yml or .yaml"),
    ("adopt", "nettune_profile=We!b", "nettune_profile: 'We!b' is not the name of a profile"),
    ("trial", "nettune_trial_canditates=3", "did you mean nettune_trial_candidates?"),
    ("diagnose", "nettune_tresholds={}", "did you mean nettune_thresholds?"),
    ("diagnose", "nettune_idle_timout=350", "did you mean nettune_idle_timeout?"),
    ("report", "nettune_idle_timout=350", "did you mean nettune_idle_timeout?"),
    ("verify", "tuning_best_effort=true", "did you mean tuning_nofile_best_effort?"),
    ("tune_web", "web_nofil=3", "did you mean web_nofile?"),
    ("tune_web", "Web_nofile=3", "did you mean web_nofile?"),
    ("tune_web", "TUNING_PERSISTENT=false", "did you mean tuning_persistent?"),
    ("tune_web", "tunning_persistent=false", "did you mean tuning_persistent?"),
    ("tune_web", "tuning_confirm=30", "did you mean tuning_confirm_within?"),
    ("tune_mail", "mail_nofil=3", "did you mean mail_nofile?"),
    ("tune_squid", "squid_sevices=3", "did you mean squid_services?"),
    ("tune_client", "client_seting={}", "did you mean client_settings?"),
    ("tune_million", "million_connection_nofile=3", "did you mean million_connections_nofile?"),
    ("facts", "targets=web", "targets is not a variable of nettune.tcp; did you mean target?"),
    ("revert", "tagret=web", "did you mean target?"),
    ("revert", "Target=web", "did you mean target?"),
    ("verify", "nettune_target=web", "did you mean target?"),
    ("tune_web", "tuning_profile=mail", "tuning_profile is set by the role web", "web_settings, web_nofile"),
    ("tune_web", "tuning_role_nofile=5", "tuning_role_nofile is set by the role web", "web_nofile"),
    # Old names
    ("revert", "profile=mail", "profile is now called nettune_profile"),
    ("lint", "file=/etc/sysctl.conf", "file is now called nettune_file"),
    ("query", "query=hosts", "query is now called nettune_query"),
    ("query", "expression=hosts", "expression is now called nettune_query"),
    ("query", "from_cache=true", "from_cache is now nettune_from=cache"),
    ("facts", "tcp_top=3", "tcp_top is now called nettune_top"),
    ("trial", "trial_key=x", "trial_key is now called nettune_trial_key"),
    ("watch", "watch_output=a.csv", "watch_output is now called nettune_output"),
    ("verify", "verify_timeout=3", "verify_timeout is now called nettune_timeout"),
    # Numbers
    *(
        ("facts", f"nettune_top={text}", "nettune_top is", text[:9], "whole number")
        for text in ("many", "1,024", "10%", "infinity", "nan", "unlimited", "1e400", "0x10", "1_000", "١٢", "5.5")
    ),
    ("facts", "nettune_top=-1", "nettune_top is -1; it must be between 1 and 1000"),
    ("facts", "nettune_top=99999999999999999999", "between 1 and 1000"),
    ("facts", "nettune_sample=10s", "nettune_sample is '10s'; it must be a number"),
    ("watch", "nettune_interval=0", "between 0.5 and 3600"),
    ("verify", "nettune_timeout=0", "between 1 and 86400"),
    ("tune_web", "web_nofile=64k", "web_nofile is '64k'; it must be a whole number"),
    ("tune_web", "web_nofile=infinity", "web_nofile is 'infinity'; it must be a whole number"),
    ("tune_web", "web_nofile=-1", "web_nofile is -1; it must be 0 or more"),
    ("tune_web", "web_nofile=99999999999999999999", "web_nofile: 99999999999999999999 is above 2147483584"),
    ("tune_web", "tuning_nofile=unlimited", "tuning_nofile is 'unlimited'"),
    ("tune_web", "tuning_logins_nofile=true", "tuning_logins_nofile is 'true'; it must be a whole number"),
    ("tune_web", "tuning_confirm_within=5m", "tuning_confirm_within is '5m'; it must be a whole number"),
    ("tune_web", "tuning_confirm_within=999999", "tuning_confirm_within: 999999", "1 to 86400"),
    # Words, files and expressions
    ("facts", "nettune_subset=mni", "did you mean min?"),
    ("facts", "nettune_source=netlink", "allowed are auto, exact, procfs"),
    ("facts", "nettune_subset=MIN", "did you mean min? Allowed are all, min,", "addresses; !NAME excludes one"),
    ("facts", "nettune_from=cahce", "did you mean cache?"),
    ("facts", "nettune_from=host", "nettune_from: cannot read ", "/host: No such file or directory"),
    ("facts", "nettune_help=mabye", "nettune_help is 'mabye'; it must be true or false"),
    ("facts", "nettune_output=/tmp", "nettune_output is '/tmp'; its name must end with .json or .csv"),
    ("facts", "nettune_output=/nonexistent/x.json", "there is no directory /nonexistent"),
    ("lint", "nettune_file=/tmp", "nettune_file: /tmp is not a regular file"),
    ("lint", "nettune_file=/nonexistent", "nettune_file: cannot read /nonexistent"),
    ("lint", "nettune_top=3", "nettune_file is required, for example -e nettune_file=/etc/sysctl.conf"),
    ("lint", "nettune_file=/etc/hosts nettune_kernel=new", "nettune_kernel is 'new'; expected a release of Linux"),
    ("lint", "nettune_file=/etc/hosts nettune_fail_on=typos", "did you mean typo?"),
    ("query", "nettune_query=hosts[?total > 3]", "truncated nettune_query to 'hosts[?total'"),
    ("query", "nettune_query=", "nettune_query is required"),
    ("diagnose", "nettune_fail_on=crit", "did you mean critical?"),
    ("diagnose", "nettune_failon=critical", "did you mean nettune_fail_on?"),
    ("verify", "nettune_fail_on=info", "nettune_fail_on contains 'info'; allowed are critical, warning, never"),
    ("verify", "tuning_nofile_best_effort=perhaps", "tuning_nofile_best_effort is 'perhaps'; it must be true or false"),
    ("verify", "nettune_profile=Web Server", "truncated nettune_profile to 'Web'"),
    ("verify", "nettune_expect=We!b", "nettune_expect: 'We!b' is not the name of a profile"),
    ("facts", "nettune_top", "'nettune_top' is not NAME=VALUE"),
    ("facts", "nettune_top = 5", "'nettune_top' is not NAME=VALUE", "no spaces around ="),
    ("facts", "nettune_subset=min counters", "truncated nettune_subset to 'min'; quote the value"),
    ("trial", "nettune_trial_minimize=total", "did you mean nettune_trial_minimise?"),
    ("revert", "nettune_profile=web,mail", "nettune_profile: 'web,mail' is not the name of a profile"),
    ("tune_web", "tuning_persistent=maybe", "tuning_persistent is 'maybe'; it must be true or false"),
    ("tune_web", "tuning_remedies=keepalife", "did you mean keepalive?"),
    ("tune_web", "tuning_accept_hazards=memmory", "tuning_accept_hazards contains 'memmory'; did you mean memory?"),
    ("tune_web", "tuning_reserved_ports=70000", "tuning_reserved_ports: '70000' is outside the ports 0 to 65535"),
    ("tune_web", "tuning_reserved_ports=9000-8000", "tuning_reserved_ports: '9000-8000' is reversed"),
    ("tune_web", "tuning_settings=net.ipv4.tcp_sack", "tuning_settings is 'net.ipv4.tcp_sack'; it must be a dict"),
    ("tune_web", "tuning_health_url=example.org", "tuning_health_url: 'example.org' is not a URL"),
    ("tune_web", "tuning_health_url=http://", "tuning_health_url: 'http://' is not a URL such as http://localhost"),
    ("tune_web", "tuning_reserved_ports=http", "tuning_reserved_ports: 'http' is neither a port nor a range"),
    ("tune_web", "tuning_path_idle_timeout=5m", "tuning_path_idle_timeout is '5m'; it must be a whole number"),
    (
        "tune_web",
        "netune_output=x.json",
        "netune_output is not a variable",
        "did you mean nettune_output?",
    ),
    ("tune_web", "tuning_hazards=memory", "did you mean tuning_accept_hazards?"),
    ("tune_web", "tuning_services=nginx redis", "truncated tuning_services to 'nginx'"),
    ("tune_web", "tuning_services=nginx;reboot", "tuning_services: 'nginx;reboot' is not a valid service name"),
    ("tune_web", "tuning_services=user@.service", "tuning_services: 'user@.service' is not allowed"),
    ("tune_web", "tuning_users=no:body", "tuning_users: 'no:body' is not allowed"),
    ("tune_web", "tuning_modules=../x", "tuning_modules: '../x' is not the name of a kernel module"),
    ("tune_web", "web_services=@users", "web_services: '@users' is not a valid service name"),
    ("tune_web", "web_nofile={{nowhere}}", "web_nofile: its template cannot be evaluated: 'nowhere' is undefined"),
    ("tune_web", "nettune_output=x.txt", "nettune_output is 'x.txt'"),
]


@pytest.fixture
def inputs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Inputs:
    return Inputs(monkeypatch, tmp_path)


@pytest.mark.parametrize(("playbook", "given", "words"), [(one[0], one[1], one[2:]) for one in COMMANDS])
def test_command_line(inputs: Inputs, playbook: str, given: str, words: tuple[str, ...]) -> None:
    assert_one(inputs.sentences(playbook, given), words)


def test_trial_without_options(inputs: Inputs) -> None:
    required, goal = inputs.sentences("trial")
    assert required.startswith("nettune_trial_key and nettune_trial_candidates are required, for example -e nettune_")
    assert goal.startswith("set nettune_trial_minimise or nettune_trial_maximise, for example")


@pytest.mark.parametrize(
    ("command", "given"), [((), False), (("target=all",), True), (("targets=web", "target=web"), True)]
)
def test_a_named_target_is_known(inputs: Inputs, command: tuple[str, ...], *, given: bool) -> None:
    """Revert reverts only hosts that are named."""
    assert inputs.options("revert", *command)["target_given"] is given


@pytest.mark.parametrize(
    ("parents", "given", "words"),
    [
        (["nettune.tcp.web"], "tuning_profile=mail", "tuning_profile is set by the role web and cannot be changed"),
        (["nettune.tcp.web"], "tuning_role_nofile=5", "tuning_role_nofile is set by the role web"),
        ([], "tuning_profile=mine", ""),
        (["my_role"], "tuning_profile=mine", ""),
        ([], "tuning_profile=Mine", "tuning_profile: 'Mine' is not allowed"),
    ],
)
def test_profile_of_a_role(inputs: Inputs, parents: list[str], given: str, words: str) -> None:
    found = inputs.sentences_of_tuning(parents, given)
    if words:
        assert_one(found, (words,))
    else:
        assert found == []
