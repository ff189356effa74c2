# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of role variables, with templates that refer to each other as in the roles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import role_variables, values
from ansible_collections.nettune.tcp.tests.unit.support.ansible_variables import Run, trust_as_template

ROLES = Path(__file__).resolve().parents[5] / "roles"
CALL = {
    "tuning_profile": "web",
    "tuning_role_settings": "{{ web_settings }}",
    "tuning_role_services": "{{ web_services }}",
    "tuning_role_nofile": "{{ web_nofile }}",
}


def trusted(value: Any) -> Any:
    """Return a value whose text may be a template, as in the files of a role."""
    if isinstance(value, str):
        return trust_as_template(value)
    if isinstance(value, dict):
        return {key: trusted(each) for key, each in value.items()}
    return [trusted(each) for each in value] if isinstance(value, list) else value


def defaults(role: str) -> dict[str, Any]:
    return yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text())


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return a function that converts the variables of the roles tuning and web, called as the role web does."""

    def convert(inventory: str = "web1\n", *command: str) -> tuple[dict[str, Any], list[str]]:
        run = Run(monkeypatch, tmp_path, inventory, command=command)
        below = trusted({**defaults("tuning"), **defaults("web")})
        variables = {**below, **trusted(CALL), **run.task_vars}
        return values.converted(role_variables.of_all(["tuning", "web"]).values(), variables, run.loader)

    return convert


def test_defaults(converted: Any) -> None:
    found, errors = converted()
    assert errors == []
    assert (found["tuning_profile"], found["tuning_nofile"], found["tuning_role_nofile"]) == ("web", 65536, 65536)
    assert found["tuning_role_services"] == found["web_services"] == defaults("web")["web_services"]
    assert found["tuning_role_settings"]["net.ipv4.ip_local_reserved_ports"]["include"] == ["listeners"]
    assert found["tuning_reserved_ports"] == []
    assert "tuning_modules" not in found


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("tuning_reserved_ports=7005", [7005]),
        ("tuning_reserved_ports=7005,8001-8100", [7005, "8001-8100"]),
        ("tuning_reserved_ports=8001-8100", ["8001-8100"]),
        ("tuning_persistent=false", False),
        ("tuning_persistent=no", False),
        ("tuning_nofile_best_effort=false", False),
        ("tuning_take_over=True", True),
        ("tuning_nofile=70000", 70000),
        ("tuning_nofile=0", 0),
        ("tuning_confirm_within=300", 300),
        ("tuning_remedies=keepalive,orphans", ["keepalive", "orphans"]),
        ("tuning_services=nginx", ["nginx"]),
        ("tuning_modules=", None),
        ("web_nofile=9000", 9000),
    ],
)
@pytest.mark.parametrize("source", ["-e", "ini"])
def test_text_is_converted(converted: Any, source: str, given: str, expected: Any) -> None:
    name = given.partition("=")[0]
    found, errors = converted("web1\n", given) if source == "-e" else converted(f"[web]\nweb1\n[web:vars]\n{given}\n")
    assert (found.get(name), errors) == (expected, [])
    assert type(found.get(name)) is type(expected)
    if name == "tuning_reserved_ports":
        include = found["tuning_role_settings"]["net.ipv4.ip_local_reserved_ports"]["include"]
        assert include == ["listeners", *expected]
    if name == "web_nofile":
        assert found["tuning_nofile"] == found["tuning_role_nofile"] == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("tuning_nofile=many", "tuning_nofile is 'many'; it must be a whole number."),
        ("tuning_nofile=-1", "tuning_nofile is -1; it must be 0 or more."),
        ("tuning_nofile=64k", "tuning_nofile is '64k'; it must be a whole number."),
        ("tuning_persistent=never", "tuning_persistent is 'never'; it must be true or false."),
        ("tuning_take_over=2", "; it must be true or false."),
        ("tuning_confirm_within=5m", "tuning_confirm_within is '5m'; it must be a whole number."),
        (
            "tuning_remedies=keepalife",
            "tuning_remedies contains 'keepalife'; did you mean keepalive? Allowed are keepalive, keepalive_aggressive,"
            " orphans, syn_queue, conntrack_timeouts.",
        ),
        ("tuning_settings=net.ipv4.tcp_sack", "it must be a dictionary, for example {name: value}."),
        (
            "tuning_reserved_ports={{ports}}",
            "tuning_reserved_ports: its template cannot be evaluated: 'ports' is undefined.",
        ),
        ("tuning_nofile={{limit}}", "tuning_nofile: its template cannot be evaluated: 'limit' is undefined."),
        ("web_services={{1+}}", "web_services: its template cannot be evaluated: "),
    ],
)
@pytest.mark.parametrize("source", ["-e", "ini"])
def test_value_is_refused_once_in_one_sentence(converted: Any, source: str, given: str, message: str) -> None:
    _found, errors = converted("web1\n", given) if source == "-e" else converted(f"[web]\nweb1\n[web:vars]\n{given}\n")
    (error,) = errors
    assert message in error
    assert error.endswith(".")
    assert "\n" not in error


def test_null_is_the_default(converted: Any) -> None:
    found, errors = converted("all: {hosts: {web1: {tuning_services: null, tuning_persistent: null}}}\n")
    assert (found["tuning_services"], found["tuning_persistent"], errors) == ([], True, [])
    found, errors = converted("all: {hosts: {web1: {tuning_settings: {net.ipv4.tcp_sack: null}}}}\n")
    assert (found["tuning_settings"], errors) == ({"net.ipv4.tcp_sack": None}, [])


def test_encrypted_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(_self: object) -> str:
        raise AnsibleError("Attempting to decrypt but no vault secrets found.")

    encrypted = type("EncryptedString", (), {"__str__": refuse})()
    run = Run(monkeypatch, tmp_path)
    with pytest.raises(InvalidOption, match="^tuning_health_url: its value cannot be read: Attempting to decrypt"):
        values.Templates(run.task_vars, run.loader)("tuning_health_url", encrypted)
