# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users mistype: each input of a playbook, with the words that its one sentence must contain."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable

import pytest
import yaml
from ansible_collections.nettune.tcp.plugins.action import check_options, check_variables
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import query
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import playbooks
from ansible_collections.nettune.tcp.tests.unit.support.ansible_variables import Run, trust_as_template

ROLES = Path(__file__).resolve().parents[5] / "roles"
INVENTORY = "[web]\nweb1\nweb2\n[web:vars]\n"
TRIAL = {
    "nettune_trial_key": "net.ipv4.tcp_orphan_retries",
    "nettune_trial_candidates": [3, 5],
    "nettune_trial_minimise": "states.LAST_ACK",
}
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
# Playbook, variables, and words of the sentence. They are given as JSON with -e, and in a YAML inventory.
VALUES: list[tuple[Any, ...]] = [
    ("facts", {"nettune_top": [[1]]}, "nettune_top is [[1]]; it must be a whole number"),
    ("facts", {"nettune_top": True}, "nettune_top is true; it must be a whole number"),
    ("facts", {"nettune_top": "{{ nope }}"}, "nettune_top: its template cannot be evaluated: 'nope' is undefined"),
    ("facts", {"nettune_sample": {"a": 1}}, "nettune_sample is {", "it must be a number"),
    ("facts", {"nettune_subset": {"min": True}}, "nettune_subset is {", "it must be a list"),
    ("facts", {"nettune_subset": [None]}, "nettune_subset contains null; each element must be text"),
    ("facts", {"nettune_output": ["a.json"]}, "nettune_output is [", "it must be text"),
    ("facts", {"nettune_allow_variables": {"a": 1}}, "nettune_allow_variables is {", "it must be a list"),
    ("query", {"nettune_query": ["hosts"]}, "nettune_query is [", "it must be text"),
    ("lint", {"nettune_file": {}}, "nettune_file is {}; it must be text"),
    ("lint", {"nettune_file": None}, "nettune_file is required"),
    ("diagnose", {"nettune_thresholds": {"emfil": {}}}, "nettune_thresholds has 'emfil'; did you mean emfile?"),
    ("diagnose", {"nettune_thresholds": {"emfile": 80}}, "nettune_thresholds.emfile is 80"),
    ("verify", {"tuning_nofile_best_effort": []}, "tuning_nofile_best_effort is []; it must be true or false"),
    ("diagnose", {"nettune_thresholds": [1]}, "nettune_thresholds is [1]; it must be a dictionary"),
    ("verify", {"nettune_expect": [{"a": 1}]}, "nettune_expect contains {", "must be text"),
    ("revert", {"nettune_profile": True}, "nettune_profile is true; it must be text: write 'true' in quotes"),
    ("trial", {**TRIAL, "nettune_trial_key": "fin_timeout"}, "nettune_trial_key: 'fin_timeout' has only one part"),
    ("trial", {**TRIAL, "nettune_trial_candidates": "3,x"}, "nettune_trial_candidates: ", "'x' is not a whole number"),
    ("trial", {**TRIAL, "nettune_trial_candidates": [None]}, "nettune_trial_candidates: ", "None is neither"),
    ("trial", {**TRIAL, "nettune_trial_minimise": ["x"]}, 'nettune_trial_minimise is ["x"]; it must be text'),
    ("trial", {**TRIAL, "nettune_trial_maximise": "total"}, "only one of nettune_trial_minimise and nettune_trial_max"),
    ("trial", {**TRIAL, "nettune_trial_guards": "total >"}, "nettune_trial_guards: 'total >' is malformed"),
    ("trial", {**TRIAL, "nettune_trial_name": "A.B"}, "nettune_trial_name: 'A.B' is not allowed", "did you mean a_b?"),
    ("tune_web", {"web_nofile": [65536]}, "web_nofile is [65536]; it must be a whole number"),
    ("tune_web", {"web_nofile": True}, "web_nofile is true; it must be a whole number"),
    ("tune_web", {"web_nofile": 1.5}, "web_nofile is 1.5; it must be a whole number"),
    ("tune_web", {"web_nofile": 10**400}, "web_nofile is a number with hundreds of digits"),
    ("tune_web", {"web_settings": 5}, "web_settings is 5; it must be a dictionary"),
    ("tune_web", {"tuning_nofile": "{{ web_nofiles }}"}, "tuning_nofile: its template cannot be evaluated"),
    ("tune_web", {"tuning_settings": ["net.ipv4.tcp_sack"]}, "tuning_settings is [", "it must be a dictionary"),
    ("tune_web", {"tuning_settings": {"net.ipv4.tcp_sack": [[1]]}}, "tuning_settings: net.ipv4.tcp_sack: [[1]]"),
    ("tune_web", {"tuning_settings": {"net.ipv4.tcp_sack": {"valeu": 1}}}, "did you mean value?"),
    ("tune_web", {"tuning_overrides": {"net.ipv4.tcp_sack": True}}, "tuning_overrides: net.ipv4.tcp_sack: True"),
    ("tune_web", {"tuning_reserved_ports": [[7005]]}, "tuning_reserved_ports: [7005] is neither a port nor a range"),
    ("tune_web", {"tuning_reserved_ports": [True]}, "tuning_reserved_ports: true is neither a port nor a range"),
    ("tune_web", {"tuning_services": {"nginx": True}}, "tuning_services is {", "it must be a list"),
    ("tune_web", {"tuning_health_command": ["curl", "x"]}, "tuning_health_command is [", "it must be text"),
    ("tune_web", {"tuning_persitent": False}, "did you mean tuning_persistent?"),
]
# A line of an INI inventory, and words of the sentence; none for a right value.
LINES: list[tuple[str, ...]] = [
    ("web_nofile=many", "web_nofile is 'many'; it must be a whole number"),
    ("tuning_persistent=falsch", "tuning_persistent is 'falsch'; it must be true or false"),
    ("tuning_persitent=false", "web1, web2: tuning_persitent is not", "did you mean tuning_persistent?"),
    ("tuning_reserved_ports=['7005'", "tuning_reserved_ports is ", "it must be a list, or values separated by"),
    ("tuning_remedies=keepalive orphans", "contains 'keepalive orphans'; did you mean keepalive?"),
    ("tuning_accept_hazards=all", "tuning_accept_hazards contains 'all'; allowed are tw_recycle"),
    *((f"web_nofile={text}",) for text in ("9000  # many", "'9000'", "None", "")),
    *((f"tuning_persistent={text}",) for text in ("False", "0")),
    *((f"tuning_reserved_ports={text}",) for text in ("7005", "7005,8000-8100", "[7005, '8000-8100']")),
    *((f"tuning_settings={text}",) for text in ("{'net.ipv4.tcp_sack': 1}", "{net.ipv4.tcp_sack: 1}")),
    *((text,) for text in ("tuning_services=['nginx', 'redis']", "tuning_remedies=keepalive, orphans")),
    *((text,) for text in ("web_nofil=3", "web_root=/srv")),
    ("nettune_allow_variables=tuning_persitent\ntuning_persitent=3",),
]
ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ("facts", {"nettune_top": "5", "nettune_subset": "min", "nettune_output": None}),
    ("facts", {"nettune_top": 5.0, "nettune_subset": ["min", "!counters"], "nettune_sample": "0.5"}),
    ("facts", {"nettune_top": None, "nettune_source": ""}),
    ("facts", {"web_root": "/srv", "http_port": 80, "nettuned": 3, "sample": 3, "user": "root"}),
    ("trial", {**TRIAL, "nettune_trial_candidates": "3,7"}),
    *((playbook, {"nettune_fail_on": "never"}) for playbook in ("diagnose", "verify")),
    ("verify", {"tuning_nofile_best_effort": "{{ 1 == 2 }}", "tuning_nofile": []}),
    ("tune_web", {"tuning_nofile": ""}),
    ("tune_web", {"tuning_nofile": None, "tuning_settings": None, "tuning_services": ""}),
    ("tune_web", {"tuning_nofile": "{{ 1024 * 64 }}", "tuning_persistent": "no", "tuning_services": "nginx"}),
    ("tune_web", {"tuning_settings": {"net.ipv4.tcp_sack": None, "net.ipv4.tcp_mem": "1 2 3"}}),
    ("tune_web", {"tuning_reserved_ports": [7005, "8000-8100"], "tuning_users": ["*"]}),
    ("tune_web", {"tuning_accept_hazards": "memory", "tuning_remedies": ["orphans"], "tuning_confirm_within": 0}),
    # Linux 5.12 and later accept 3, older kernels do not.
    ("tune_web", {"tuning_settings": {"net.ipv4.fib_multipath_hash_policy": 3}}),
    ("trial", {**TRIAL, "nettune_trial_key": "net.ipv4.fib_multipath_hash_policy"}),
    ("tune_web", {"web_root": "/srv", "tuned": 1, "tuning_packages": 3}),
]
Sentences = Callable[..., "list[str]"]


def trusted(value: Any) -> Any:
    """Return a value whose text may be a template, as in the files of a role."""
    if isinstance(value, str):
        return trust_as_template(value)
    if isinstance(value, dict):
        return {key: trusted(each) for key, each in value.items()}
    return [trusted(each) for each in value] if isinstance(value, list) else value


@pytest.fixture
def sentences(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sentences:
    """Return a function that returns what a playbook says before it contacts any host."""

    def check(name: str, *command: str, inventory: str = INVENTORY) -> list[str]:
        run = Run(monkeypatch, tmp_path, inventory, command=command)
        action = SimpleNamespace(_loader=run.loader, _task=SimpleNamespace(tags=["always"]))
        playbook = playbooks.find(name)
        variables = {**run.task_vars, "ansible_play_hosts_all": run.hosts}
        playbook = playbook._replace(target="all")
        try:
            _options, errors = check_options.ActionModule._checked(action, playbook, variables)
        except InvalidOption as error:  # as the action reports it
            errors = [str(error)]
        if errors or not playbook.role:
            return errors
        return _of_the_role(playbook, action, variables)

    return check


def _of_the_role(playbook: playbooks.Playbook, action: Any, variables: dict[str, Any]) -> list[str]:
    """Return what the first task of a role says."""
    below: dict[str, Any] = {}
    for role in playbook.roles:
        below.update(yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text()))
    call = yaml.safe_load((ROLES / playbook.role / "tasks" / "main.yml").read_text())[0]["vars"]
    variables = {**trusted(below), **variables, **trusted(call)}
    options, _warnings, errors = check_variables.ActionModule._checked(action, list(playbook.roles), variables)
    assert errors or isinstance(options["tuning_nofile"], int)
    return errors


def _one(found: list[str], words: tuple[str, ...]) -> None:
    assert len(found) == 1, found
    assert all(word in found[0] for word in words), found
    assert found[0].endswith((".", "?"))
    assert "\n" not in found[0]
    assert ".." not in found[0].replace("../x", "")


@pytest.mark.parametrize(("playbook", "given", "words"), [(one[0], one[1], one[2:]) for one in COMMANDS])
def test_command_line(sentences: Sentences, playbook: str, given: str, words: tuple[str, ...]) -> None:
    _one(sentences(playbook, given), words)


@pytest.mark.parametrize("source", ["-e", "inventory"])
@pytest.mark.parametrize(("playbook", "given", "words"), [(one[0], one[1], one[2:]) for one in VALUES])
def test_values(sentences: Sentences, source: str, playbook: str, given: dict[str, Any], words: Any) -> None:
    if source == "-e":
        _one(sentences(playbook, json.dumps(given)), words)
    else:
        _one(sentences(playbook, inventory=f"all: {{hosts: {{web1: {json.dumps(given)}}}}}\n"), words)


@pytest.mark.parametrize("source", ["-e", "inventory"])
@pytest.mark.parametrize(("playbook", "given"), ACCEPTED)
def test_right_values_are_accepted(sentences: Sentences, source: str, playbook: str, given: dict[str, Any]) -> None:
    if source == "-e":
        assert sentences(playbook, json.dumps(given)) == []
    else:
        assert sentences(playbook, inventory=f"all: {{hosts: {{web1: {json.dumps(given)}}}}}\n") == []


@pytest.mark.parametrize(("text", "words"), [(one[0], one[1:]) for one in LINES])
def test_lines_of_an_ini_inventory(sentences: Sentences, text: str, words: tuple[str, ...]) -> None:
    found = sentences("tune_web", inventory=f"{INVENTORY}{text}\n")
    assert found == [] if not words else not _one(found, words)


@pytest.mark.skipif(query.jmespath is None, reason="jmespath is not installed")
@pytest.mark.parametrize("text", ["hosts[", "5", "{{ '{{' }}"])
def test_query(sentences: Sentences, text: str) -> None:
    _one(sentences("query", json.dumps({"nettune_query": text})), ("is not a valid JMESPath expression",))


@pytest.mark.parametrize(
    ("command", "given"), [((), False), (("target=all",), True), (("targets=web", "target=web"), True)]
)
def test_a_named_target_is_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...], *, given: bool
) -> None:
    """Revert reverts only hosts that are named."""
    run = Run(monkeypatch, tmp_path, INVENTORY, command=command)
    action = SimpleNamespace(_loader=run.loader, _task=SimpleNamespace(tags=["always"]))
    variables = {**run.task_vars, "ansible_play_hosts_all": run.hosts}
    options, _errors = check_options.ActionModule._checked(action, playbooks.find("revert"), variables)
    assert options["target_given"] is given


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
def test_profile_of_a_role(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, parents: list[str], given: str, words: str
) -> None:
    run = Run(monkeypatch, tmp_path, INVENTORY, command=[given])
    below = trusted(yaml.safe_load((ROLES / "tuning" / "defaults" / "main.yml").read_text()))
    variables = {**below, **run.task_vars, "ansible_parent_role_names": parents}
    action = SimpleNamespace(_loader=run.loader, _task=None)
    _options, _warnings, errors = check_variables.ActionModule._checked(action, ["tuning"], variables)
    if words:
        _one(errors, (words,))
    else:
        assert errors == []


def test_trial_without_options(sentences: Sentences) -> None:
    required, goal = sentences("trial")
    assert required.startswith("nettune_trial_key and nettune_trial_candidates are required, for example -e nettune_")
    assert goal.startswith("set nettune_trial_minimise or nettune_trial_maximise, for example")


def test_names_of_the_inventory_are_the_users_own(sentences: Sentences) -> None:
    names = "profile=production\nformat=x\ntarget=db\ntargets=db\ntuning_profile=mail\nweb_service=x\n"
    assert sentences("tune_web", inventory=INVENTORY + names) == []
    assert sentences("revert", inventory=INVENTORY + names) == []
