# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible's `default` and `minimal` callbacks print (results as YAML), taken apart and made short."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any, Iterable, Iterator, NamedTuple

import yaml

_TASK = re.compile(r"^TASK \[(?:[\w.]+ : )?(.*)\] \**$")
_VERDICT = re.compile(r"^(ok|changed|failed|fatal): \[(\S+?)\](?: => ?(.*))?$")
_BANNER = re.compile(r"^(PLAY|PLAY RECAP|HANDLER|RUNNING HANDLER)\b.*\*{3,}$")
_RECAP = re.compile(r"^(\S+)\s+: (ok=\d+ .*)$")
_ADHOC = re.compile(r"^(\S+) \| ([A-Z]+)!? =>\s*", re.MULTILINE)


class AnsibleFailed(Exception):
    """A command of Ansible's ended with an error; the message has what it said last."""


class Result(NamedTuple):
    """One task on one host. `text` is its diff and what it shows, without the callback's indentation."""

    task: str
    verdict: str
    host: str
    text: list[str]


def task_name(line: str) -> str | None:
    """The task that this line begins, without its role; None for any other line."""
    match = _TASK.match(line)
    return match[1] if match else None


def task_results(lines: Iterable[str]) -> Iterator[Result]:
    """Every result in the order printed. A diff stands before its verdict, what a task shows after it."""
    task, before = "", []
    found: Result | None = None
    for line in lines:
        verdict = _VERDICT.match(line)
        if found and line.startswith("    "):
            found.text.append(line[4:])
            continue
        if found:
            yield found
            found = None
        if verdict:
            found = Result(task, verdict[1], verdict[2], before)
            before = []
        elif task_name(line) is not None or _BANNER.match(line):
            task, before = task_name(line) or "", []
        elif line.strip():
            before.append(line)
    if found:
        yield found


def short(results: Iterable[Result], *, of: str, diffs_only: bool) -> list[str]:
    """What changed, and of the host `of` what that was: its diffs, and unless `diffs_only` what tasks show."""
    lines: list[str] = []
    for task, group in itertools.groupby(results, key=lambda result: result.task):
        parts = list(group)
        said = [line for part in parts if part.host == of for line in _said(part, diffs_only=diffs_only)]
        changed = sorted(part.host for part in parts if part.verdict == "changed")
        verdict = [f"changed: {', '.join(changed)}"] if changed else []
        if said or verdict:
            lines += [f"{task}:", *(f"  {line}" for line in said + verdict)]
    return lines


def _said(result: Result, *, diffs_only: bool) -> list[str]:
    if result.verdict == "changed":
        return result.text
    return [] if diffs_only else message(result.text)


def message(text: list[str]) -> list[str]:
    """The lines of what a task shows in its `msg`, a text or a list of texts; any other text unchanged."""
    try:
        shown = yaml.safe_load("\n".join(text))
    except yaml.YAMLError:
        return text
    told = shown.get("msg") if isinstance(shown, dict) else None
    if isinstance(told, str):
        return told.splitlines()
    if isinstance(told, list) and all(isinstance(line, str) for line in told):
        return told
    return text


def recap(lines: Iterable[str]) -> dict[str, dict[str, int]]:
    """Each host's counts from PLAY RECAP: {"web1": {"ok": 9, "changed": 2, ...}}."""
    found = {}
    for match in filter(None, map(_RECAP.match, lines)):
        counts = (count.split("=") for count in match[2].split())
        found[match[1]] = {name: int(number) for name, number in counts}
    return found


def answers(output: str) -> dict[str, Any]:
    """What each host answered to an ad-hoc command: {"web1": {...}}; raises AnsibleFailed where one failed."""
    found = {}
    for match in _ADHOC.finditer(output):
        host, verdict = match.groups()
        if verdict not in ("SUCCESS", "CHANGED"):
            raise AnsibleFailed(f"{host}: {output[match.start() :].strip()}")
        try:
            found[host], _end = json.JSONDecoder().raw_decode(output, match.end())
        except ValueError as error:
            raise AnsibleFailed(
                f"what {host} answered is not JSON ({error}): {output[match.start() :][:200]}"
            ) from error
    return found
