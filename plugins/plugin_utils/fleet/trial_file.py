# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the results of a trial from the JSON file that the playbook trial writes to nettune_output.

docs/schemas/trial.json describes the file. It may come from someone else, so all of it that is used is checked.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._common.json_shape import Maybe, Whole, check
from ansible_collections.nettune.tcp.plugins.module_utils._trial.analysis import BETTER, SAME, UNKNOWN, WORSE

from . import json_file

OPTION = "nettune_trial"
_WANTED = "name a file that nettune.tcp.trial -e nettune_output=trial.json has written"
_NUMBERS = ("median", "expected", "effect", "effect_percent", "noise")
_CANDIDATE = Whole({**dict.fromkeys(("candidate", "verdict", "reason"), str), **dict.fromkeys(_NUMBERS, Maybe(object))})
_MARK = Whole({"seconds": float, **dict.fromkeys(("what", "before", "after"), str)})
_HOST = Whole(
    {
        **dict.fromkeys(("host", "key", "aim", "objective", "status", "before", "after", "verdict"), str),
        **dict.fromkeys(("best", "started"), Maybe(str)),
        "candidates": [_CANDIDATE],
        "baselines": [Whole({"median": Maybe(object)})],
        "samples": Maybe(Whole({"seconds": [float], "readings": [object], "marks": [_MARK]})),
    }
)
_FILE = Whole({"hosts": [_HOST], "missing": [Whole({"host": str, "unreachable": bool, "reason": str})]})


def read(path: str) -> dict[str, Any]:
    """Return {hosts, missing} of a trial from its file. Raises InvalidOption: one sentence."""
    try:
        with json_file.opened(path) as file:
            return checked(json_file.load(file))
    except OSError as error:
        raise InvalidOption(f"{OPTION}: cannot read {path}: {error.strerror}; {_WANTED}") from None
    except MalformedInput as error:
        raise InvalidOption(f"{OPTION}: {path} is not a result of the playbook trial: {error}; {_WANTED}") from None


def checked(found: dict[str, Any]) -> dict[str, Any]:
    """Return an object that has the form that the playbook trial writes. Raises MalformedInput if it does not."""
    rows = found.get("hosts")
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "candidates" in row for row in rows):
        raise MalformedInput("it has no candidates of hosts")
    try:
        check(found, _FILE)
    except TypeError as error:
        raise MalformedInput(str(error)) from None
    for row in rows:
        if not all(each["verdict"] in (BETTER, SAME, UNKNOWN, WORSE) for each in row["candidates"]):
            raise MalformedInput("the verdict of a candidate is unknown")
        samples = row.get("samples") or {"seconds": [], "readings": []}
        numbers = [each.get(name) for each in row["candidates"] for name in _NUMBERS]
        numbers += [each.get("median") for each in row["baselines"]]
        known = [*(each for each in numbers if each is not None), *samples["readings"]]
        if not all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in known):
            raise MalformedInput("a number in it is not a number")
        if len(samples["seconds"]) != len(samples["readings"]):
            raise MalformedInput("its samples do not have a time for each reading")
    names = [row["host"] for part in ("hosts", "missing") for row in found[part]]
    if len(set(names)) < len(names):
        raise MalformedInput("a host is in it twice")
    return found
