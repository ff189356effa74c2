# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import importlib
from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.nettune.tcp.plugins.plugin_utils.becoming import BecomingAction, problem

WAITING = "Premature end of stream waiting for become success.\n>>> Standard Error\n"
PASSWORD = "Pass the password with -K, or set ansible_become_password."


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("Missing sudo password", f"a password is required. {PASSWORD}"),
        (f"{WAITING}sudo: a password is required", f"a password is required. {PASSWORD}"),
        ("Incorrect sudo password", f"the password is wrong. {PASSWORD}"),
        (f"{WAITING}/bin/sh: 1: sudo: not found", "it is not installed. Install it, "),
        (
            f"{WAITING}/bin/sh: 1: sudo: Permission denied",
            "the user is not allowed to. Allow it in the configuration of sudo",
        ),
        (
            f"{WAITING}Sorry, user x is not allowed to execute '/bin/sh' as root.",
            "the user is not allowed to. Allow it ",
        ),
        (f"{WAITING}sudo: broken", f"sudo: broken. {PASSWORD}"),
    ],
)
def test_the_reason_and_the_next_step(output: str, sentence: str) -> None:
    assert problem(output, method="sudo", user="root").startswith(f"cannot become root with sudo: {sentence}")


@pytest.mark.parametrize("output", ["", "/bin/sh: 1: /usr/bin/python3: not found", "[Errno 28] No space left"])
def test_other_output_is_no_such_problem(output: str) -> None:
    assert problem(output, method="sudo", user="root") == ""


def action(monkeypatch: pytest.MonkeyPatch, outcome, *, becomes: bool = True) -> BecomingAction:
    """Return an action on whose host a module gives the outcome: a result, or an exception."""

    def execute(self, *args, **kwargs):
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(ActionBase, "_execute_module", execute)
    monkeypatch.setattr(BecomingAction, "__abstractmethods__", frozenset())
    made = object.__new__(BecomingAction)
    become = SimpleNamespace(name="sudo", get_option=lambda *_args, **_kwargs: "root")
    made._connection = SimpleNamespace(become=become if becomes else None)
    made._play_context = None
    return made


SENTENCE = f"cannot become root with sudo: a password is required. {PASSWORD}"
NOT_STARTED = {"failed": True, "msg": "MODULE FAILURE", "module_stderr": "sudo: a password is required"}


@pytest.mark.parametrize("outcome", [AnsibleError("Missing sudo password"), NOT_STARTED])
def test_the_module_fails_with_the_sentence(monkeypatch: pytest.MonkeyPatch, outcome) -> None:
    assert action(monkeypatch, outcome)._execute_module() == {"failed": True, "changed": False, "msg": SENTENCE}


@pytest.mark.parametrize(
    "result",
    [
        {"changed": True},
        {"failed": True, "msg": "refused: a password is required"},
        {"failed": True, "module_stderr": "Traceback (most recent call last):\na password is required"},
    ],
)
def test_other_results_stay(monkeypatch: pytest.MonkeyPatch, result) -> None:
    assert action(monkeypatch, result)._execute_module() == result


@pytest.mark.parametrize("error", [AnsibleConnectionFailure("a password is required"), AnsibleError("no such file")])
def test_other_errors_are_raised(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    with pytest.raises(type(error)):
        action(monkeypatch, error)._execute_module()


def test_without_become_nothing_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    assert action(monkeypatch, NOT_STARTED, becomes=False)._execute_module() == NOT_STARTED


@pytest.mark.parametrize("module", ["nofile_limits", "sysctl_trial"])
def test_modules_that_change_hosts_explain_it(module: str) -> None:
    action_of = importlib.import_module(f"ansible_collections.nettune.tcp.plugins.action.{module}")
    assert issubclass(action_of.ActionModule, BecomingAction)
