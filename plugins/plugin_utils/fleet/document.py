# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole fleet as one document, collected from hostvars.

    {"hosts": [{"host": "web1", ...}],
     "missing": [{"host": "web2", "unreachable": true, "reason": "..."}]}

A host is in `hosts` with its facts or its registered result, or in `missing` with the reason why there are none.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, NamedTuple

from ansible.errors import AnsibleError
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import (
    InvalidOption,
    MalformedInput,
    NettuneError,
)
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import without_prefix

from ..plain import plain

_SECTIONS = {"sysctl": "nettune_sysctl", "nofile": "nettune_nofile"}
_FACTS = ("nettune_tcp", *_SECTIONS.values())
# What Ansible itself adds to a result.
_BOOKKEEPING = {
    *("changed", "deprecations", "diff", "exception", "failed", "failed_when_result", "invocation", "skipped"),
    *("unreachable", "warnings"),
}
_MAX_REASON = 1000
# The exit code of a shell that does not find a command.
_NO_COMMAND = 127
# Put before every message by ansible-core 2.19.
_PREFIX = "Task failed: "


class Missing(NamedTuple):
    """A host without facts or result."""

    host: str
    reason: str
    unreachable: bool = False


Row = Callable[[str, Mapping[str, Any]], "dict[str, Any] | Missing"]


def collect(hostvars: Any, hosts: Iterable[str] | None, row: Row) -> dict[str, list[dict[str, Any]]]:
    """Return the document of `hosts`, or of all hosts of the inventory.

    row returns the row of a host from its name and variables; a host for which it raises AnsibleError or NettuneError
    is missing. Raises InvalidOption for an input other than hostvars, or hosts other than a list.
    """
    if not isinstance(hostvars, Mapping):
        raise InvalidOption(f"the input is the variable hostvars, not a {type(hostvars).__name__}")
    if isinstance(hosts, (str, Mapping)):
        raise InvalidOption(f"hosts is {hosts!r}; it must be a list of names, such as groups.web")
    names = _inventory(hostvars) if hosts is None else plain(list(hosts))
    rows = [_row(hostvars, name, row) for name in names]
    return {
        "hosts": [each for each in rows if not isinstance(each, Missing)],
        "missing": [
            {"host": each.host, "unreachable": each.unreachable, "reason": one_line(each.reason)}
            for each in rows
            if isinstance(each, Missing)
        ],
    }


def facts_row(host: str, variables: Mapping[str, Any], registered: str | None) -> dict[str, Any] | Missing:
    """Return the facts of a host: `nettune_tcp`, with the other facts as sections `sysctl` and `nofile`.

    registered: the variable with the result of gathering facts. If that failed, the host is missing; older facts from a
    cache do not count. Raises MalformedInput for facts that are not dictionaries.
    """
    failure = _failure(host, variables.get(registered)) if registered else None
    facts = plain(facts_among(variables))
    if failure or not facts:
        return failure or Missing(host, "no facts were gathered or cached")
    for name, fact in facts.items():
        if not isinstance(fact, Mapping) and (fact is not None or name == "nettune_tcp"):
            raise MalformedInput(f"{name} is not a dictionary")
    sections = {section: facts[name] for section, name in _SECTIONS.items() if facts.get(name) is not None}
    return {"host": host, **facts.get("nettune_tcp", {}), **sections}


def result_row(host: str, variables: Mapping[str, Any], registered: str) -> dict[str, Any] | Missing:
    """Return the result that a host has registered, without the keys that Ansible adds."""
    result = variables.get(registered)
    failure = _failure(host, result)
    if failure:
        return failure
    if not isinstance(result, Mapping) or result.get("skipped"):
        return Missing(host, f"no result in {registered}: the task did not run on this host")
    return {"host": host, **{key: plain(result[key]) for key in result if key not in _BOOKKEEPING}}


def facts_among(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return this collection's facts among a host's variables, from the top level or from `ansible_facts`."""
    found = variables.get("ansible_facts", {})
    namespaced = found if isinstance(found, Mapping) else {}
    places = {name: place for place in (variables, namespaced) for name in _FACTS if name in place}
    return {name: place[name] for name, place in places.items()}


def reason_of(missing: Mapping[str, Any]) -> str:
    """Return why a host of `missing` has no result, with `unreachable` in front if it is."""
    return f"unreachable: {missing['reason']}" if missing["unreachable"] else str(missing["reason"])


def one_line(text: str) -> str:
    """Return `text` on one line, cut if it is very long."""
    line = " ".join(text.split())
    return line if len(line) <= _MAX_REASON else line[: _MAX_REASON - 1] + "…"


def _inventory(hostvars: Mapping[str, Any]) -> list[str]:
    """Return all hosts of the inventory, with localhost only if it is in the inventory or has facts."""
    # In ansible-core 2.18 hostvars lists no host until it was asked for localhost, and then lists that one as well.
    localhost = hostvars.get("localhost")
    listed = list(hostvars)
    if "localhost" in listed and not (localhost.get("group_names") or facts_among(localhost)):
        listed.remove("localhost")
    return listed


def _row(hostvars: Mapping[str, Any], host: str, row: Row) -> dict[str, Any] | Missing:
    if host not in hostvars:
        return Missing(host, "not in the inventory")
    try:
        return row(host, hostvars[host])
    except (AnsibleError, NettuneError) as error:
        return Missing(host, f"its variables cannot be read: {error}")


def _failure(host: str, result: Any) -> Missing | None:
    """Return why a task has no result on a host, or None if it did not fail.

    With `failed_when: false` a module that failed has left its message.
    """
    if not isinstance(result, Mapping):
        return None
    suppressed = result.get("failed_when_result") is False and result.get("msg")
    if not (result.get("unreachable") or result.get("failed") or suppressed):
        return None
    return Missing(host, _reason(result), bool(result.get("unreachable")))


def _reason(result: Mapping[str, Any]) -> str:
    """Return the message of a failed module, after a line of output if it could not even start.

    That is the last line, or the last one that says what was not found: pyenv gives advice below it.
    """
    texts = (str(result.get(name) or "").strip() for name in ("module_stderr", "module_stdout"))
    lines = next((text.splitlines() for text in texts if text), [""])
    unknown = [text for text in lines if text.endswith("not found")] if result.get("rc") == _NO_COMMAND else []
    output = (unknown or lines)[-1]
    message = without_prefix(str(result.get("msg") or "").strip(), _PREFIX)
    return ": ".join(text for text in (output, message) if text) or "failed without a message"
