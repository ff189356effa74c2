# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The linter: a verdict for each kernel parameter that a text sets."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Iterator, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.nearest import nearest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

from . import (
    keys,
    reading,
    rules_limits,
    rules_order,
    rules_path,
    rules_ports,
    rules_together,
    rules_values,
    target,
    value,
    yaml_text,
)
from .approval import Approval
from .case import Case, Rule, Scene
from .row import (
    COLLIDES,
    HAZARD,
    INVALID,
    LOWERS,
    OK,
    ORDERING,
    REFUSED,
    REMOVE,
    REMOVED,
    RENAMED,
    SHARE,
    TYPO,
    VERDICTS,
    WRONG_DIRECTION,
    Finding,
    Setting,
    as_clause,
    more,
    row,
)

RULES: tuple[Rule, ...] = (
    *rules_values.RULES,
    *rules_ports.RULES,
    *rules_limits.RULES,
    *rules_together.RULES,
    *rules_path.RULES,
)
# A line with one of these changes nothing, so it neither overrides another line nor needs one before it.
_HARM = (HAZARD, COLLIDES, WRONG_DIRECTION, LOWERS)
_MOST_BYTES = 16 * 2**20
# So many different settings are judged only once each, however often they are repeated.
_REMEMBERED = 4096
# So many settings of each verdict get a row of their own.
MOST_ROWS = 10_000
_INEFFECTIVE = {TYPO, REMOVED, RENAMED, INVALID}


class Checked(NamedTuple):
    """What became of each line.

    rows: see row.row(), and at the end row.more(). comments, other_lines: how many there are. others: (number, text) of
    the first other lines.
    """

    rows: list[dict[str, Any]]
    comments: int = 0
    others: Sequence[tuple[int, str]] = ()
    other_lines: int = 0


def lint(
    given: str | bytes | Mapping[str, Any], *, kernel: Any = None, facts: Any = None, idle_timeout: Any = None
) -> list[dict[str, Any]]:
    """Return the rows of check()."""
    return check(given, kernel=kernel, facts=facts, idle_timeout=idle_timeout).rows


def check(
    given: str | bytes | Mapping[str, Any],
    *,
    name: str = "",
    kernel: Any = None,
    facts: Any = None,
    idle_timeout: Any = None,
) -> Checked:
    """Return a row for each setting of a text or a dictionary, and its other lines.

    given: plain types. name: of the file. kernel: a release; by default that of the facts, or the newest known one.
    facts: see target.parse_facts(). idle_timeout: see target.parse_idle_timeout(). Raises InvalidOption if an argument
    is not what it must be.
    """
    host = target.parse_facts(facts)
    release = host.release if kernel is None or kernel == "" else kernel
    read = _read(given, name)
    settings = read.settings
    scene = Scene(
        settings,
        kernel=target.parse_kernel(release) if release else target.NEWEST,
        host=host,
        idle_timeout=target.parse_idle_timeout(idle_timeout),
        assumed=not release,
    )
    judge = _Judge(scene)
    # Findings are judged again for a row rather than kept: a large document has many.
    verdicts = [_verdict(judge.findings(setting)) for setting in settings]
    effective = [_is_effective(setting, verdict) for setting, verdict in zip(settings, verdicts)]
    order = rules_order.findings(settings, scene, effective)
    rows: list[dict[str, Any]] = []
    counts = dict.fromkeys(VERDICTS, 0)
    for index, setting in enumerate(settings):
        placed = order.pop(index, ())
        verdict = min(verdicts[index], _verdict(placed), key=VERDICTS.index) if placed else verdicts[index]
        counts[verdict] += 1
        if counts[verdict] <= MOST_ROWS:
            rows.append(judge.row(setting, judge.findings(setting) + placed))
    others = [(number, str(printable(text))) for number, text in read.others]
    rows += [more(verdict, count - MOST_ROWS) for verdict, count in counts.items() if count > MOST_ROWS]
    return Checked(rows, read.comments, others, read.other_lines)


def require_size(size: int) -> None:
    """Raise InvalidOption if a text of `size` bytes is too large to be checked."""
    if size > _MOST_BYTES:
        raise InvalidOption(f"the text has {size / 2**20:.1f} MiB; at most {_MOST_BYTES >> 20} MiB can be checked")


def _read(given: Any, name: str) -> reading.Reading:
    if isinstance(given, (bytes, str)):
        require_size(len(given))
    if isinstance(given, bytes):
        given = given.decode("utf-8", "replace")
    if isinstance(given, Mapping):
        try:
            return reading.Reading(yaml_text.of_mapping(given, reading.settings), 0, [])
        except RecursionError:
            raise InvalidOption("the settings are nested too deeply") from None
    if not isinstance(given, str):
        raise InvalidOption(f"expected text or a dictionary of settings, not a {type(given).__name__}")
    return reading.read(given, name)


class _Judge:
    """Judges settings; those that differ only in their line only once, as long as they are remembered."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._approval = Approval(scene, _judge)
        self._findings = functools.lru_cache(maxsize=_REMEMBERED)(self._judged)
        self._conclusion = functools.lru_cache(maxsize=_REMEMBERED)(self._concluded)

    def findings(self, setting: Setting) -> tuple[Finding, ...]:
        """Return the findings about a setting, except those about its position."""
        # Where it stands only matters to a renamed key, which another line may set under its current name.
        line = 0 if catalogue.current_name(setting.key) == setting.key else setting.line
        return self._findings(setting._replace(line=line, repeated=False, last=0))

    def row(self, setting: Setting, findings: tuple[Finding, ...]) -> dict[str, Any]:
        """Return the row of a setting with all the findings about it."""
        made = row(setting, *self._conclusion(findings))
        text = f"{made['key']}{made['value']}{made['message']}{made['suggestion']}"
        return made if text.isascii() else printable(made)

    def _judged(self, setting: Setting) -> tuple[Finding, ...]:
        return tuple(_judge(setting, self._scene))

    def _concluded(self, findings: tuple[Finding, ...]) -> tuple[Finding, list[tuple[str, str]]]:
        return self._approval.approved(*_conclusion(findings))


def _verdict(findings: Sequence[Finding]) -> str:
    """Return the most severe verdict."""
    if len(findings) == 1:
        return findings[0].verdict
    return min((one.verdict for one in findings), key=VERDICTS.index, default=OK)


def _is_effective(setting: Setting, verdict: str) -> bool:
    return value.is_literal(setting) and verdict not in _INEFFECTIVE


def _judge(setting: Setting, scene: Scene) -> list[Finding]:
    if setting.how == REFUSED:
        return [_refused(setting)]
    known = keys.judge(setting, scene)
    if known.parameter is None and setting.flaw and all(finding.verdict == OK for finding in known.findings):
        return [Finding(INVALID, setting.flaw, REMOVE)]
    if known.parameter is None:
        return [_with_value(finding, setting, scene) for finding in known.findings]
    return [*known.findings, *_judge_value(setting._replace(key=known.name), known.parameter, scene)]


def _refused(setting: Setting) -> Finding:
    """Return the finding about a line that no loader accepts, with the setting that it probably means."""
    near = nearest(setting.key) if setting.value and not setting.key.count(" ") else None
    hint = f"; probably {near}" if near else ""
    return Finding(INVALID, f"{setting.flaw}{hint}", (near, setting.value) if near else REMOVE)


def _with_value(finding: Finding, setting: Setting, scene: Scene) -> Finding:
    """Return the finding about a misspelt key, extended by those about the value that the right key would get."""
    known = catalogue.find(finding.write[0]) if finding.verdict == TYPO and finding.write else None
    if known is None:
        return finding
    meant = setting._replace(key=known.name)
    others = [one for one in _judge_value(meant, known.on(scene.kernel.release), scene) if one.verdict != OK]
    writes = (one.write for one in others if one.write is not None and one.write[0] == known.name)
    message = "; ".join([finding.message, *(one.message for one in others)])
    return finding._replace(message=message, write=next(writes, finding.write))


def _judge_value(setting: Setting, parameter: Parameter, scene: Scene) -> Iterator[Finding]:
    if not value.is_literal(setting):
        share = setting.how == SHARE
        problem = value.wrong_share(parameter, setting) if share else ""
        if problem:
            yield Finding(INVALID, problem, REMOVE)
            return
        yield Finding(OK, "calculated from the host's memory" if share else "not judged: the value is filled in later")
        return
    try:
        text = value.normal(parameter, setting)
    except InvalidOption as error:
        meant = value.meant(parameter, setting.value)
        better = REMOVE if meant is None else _better(Case(setting, parameter, meant, scene))
        yield Finding(INVALID, str(error), better)
        return
    case = Case(setting, parameter, text, scene)
    if setting.flaw:
        yield Finding(INVALID, setting.flaw, _better(case))
    elif setting.remark:
        yield Finding(OK, setting.remark, (setting.key, text))
    found = [finding for rule in RULES for finding in rule(case)]
    if text == parameter.default_on(scene.kernel.release):
        yield Finding(OK, "the kernel's default")
    elif parameter.note and not found:
        yield Finding(OK, as_clause(parameter.note))
    yield from found


def _better(case: Case) -> tuple[str, str]:
    """Return the setting with the value of the case, or with the value that a rule suggests instead."""
    found = (finding for rule in RULES for finding in rule(case))
    instead = (one.write for one in found if one.verdict != OK and one.write and one.write[0] == case.name)
    return next(instead, case.write(case.text))


def _conclusion(findings: Sequence[Finding]) -> tuple[Finding, list[tuple[str, str]]]:
    """Return the most severe verdict with its messages, and the suggestions.

    Messages of OK are only kept if nothing is wrong. If a line is overridden or misplaced, nothing else matters.
    """
    ranked = sorted(findings, key=lambda finding: VERDICTS.index(finding.verdict))
    if not ranked:
        return Finding(OK, ""), []
    verdict = ranked[0].verdict
    kept = [one for one in ranked if verdict in (OK, RENAMED) or one.verdict != OK]
    if verdict == ORDERING:
        # A line that is overridden does no harm; one that only stands in the wrong place will.
        misplaced = any(one.verdict == ORDERING and one.write != REMOVE for one in kept)
        harm = [one for one in kept if one.verdict in _HARM] if misplaced else []
        kept = [one for one in kept if one.verdict == ORDERING and not (harm and one.write)] or [
            one._replace(write=REMOVE) for one in kept if one.verdict == ORDERING
        ]
        kept += [one._replace(write=None) for one in harm]
    message = "; ".join(dict.fromkeys(one.message for one in kept if one.message))
    refused = verdict == INVALID and kept[0].write == REMOVE
    return Finding(verdict, message), [REMOVE] if refused else _writes(kept)


def _writes(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Return one suggestion for each key. Removing the line is only suggested if nothing else is."""
    writes = [finding.write for finding in findings if finding.write is not None]
    by_key = {key: (key, value) for key, value in reversed(writes) if key}
    return list(reversed(list(by_key.values()))) or writes[:1]
