# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The linter: a verdict for each setting of a text."""

from __future__ import annotations

from typing import Any, Iterator, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

from . import host as lint_host
from . import kernel as lint_kernel
from . import key as lint_key
from . import (
    names,
    rules_lowers,
    rules_memory,
    rules_order,
    rules_ports,
    rules_together,
    rules_values,
)
from . import row as lint_row
from . import text as lint_text
from . import value as lint_value
from .case import Case, Rule, Scene
from .row import INVALID, OK, ORDERING, REMOVED, RENAMED, SHARE, TYPO, Finding, Setting

RULES: tuple[Rule, ...] = (
    *rules_values.RULES,
    *rules_ports.RULES,
    *rules_memory.RULES,
    *rules_lowers.RULES,
    *rules_together.RULES,
)
# A line with one of these changes nothing, so that it neither undoes another nor needs one before it.
_IDLE = {TYPO, REMOVED, RENAMED, INVALID}


def of_text(text: str, *, kernel: Any = None, facts: Any = None) -> list[dict[str, Any]]:
    """The rows of the settings in a text; see of_settings()."""
    return of_settings(lint_text.settings(text), kernel=kernel, facts=facts)


def of_settings(settings: Sequence[Setting], *, kernel: Any = None, facts: Any = None) -> list[dict[str, Any]]:
    """A row for each setting: {line, key, value, verdict, message, suggestion}; suggestion is empty for none.

    kernel: a release; else that of the facts, else the newest that is known. facts: see lint_host.from_facts().
    Raises InvalidOption for a kernel or facts that are none.
    """
    host = lint_host.from_facts(facts)
    release = host.release if kernel is None or kernel == "" else kernel
    scene = Scene(settings, kernel=lint_kernel.of(release) if release else lint_kernel.NEWEST, host=host)
    judged = [_judge(setting, scene) for setting in settings]
    effective = [
        lint_value.is_settled(setting) and not _IDLE & {finding.verdict for finding in findings}
        for setting, findings in zip(settings, judged)
    ]
    placed = rules_order.findings(settings, scene, effective)
    rows = (
        lint_row.row(setting, *_conclusion([*judged[index], *placed.get(index, [])]))
        for index, setting in enumerate(settings)
    )
    return [printable(row) for row in rows]


def _judge(setting: Setting, scene: Scene) -> list[Finding]:
    known = lint_key.look(setting, scene)
    if known.parameter is None:
        return [_with_its_value(finding, setting, scene) for finding in known.findings]
    return [*known.findings, *_of_value(setting._replace(key=known.name), known.parameter, scene)]


def _with_its_value(finding: Finding, setting: Setting, scene: Scene) -> Finding:
    """What is said of a misspelt name, with what there is to say of the value that the right one would get."""
    known = names.find(finding.write[0]) if finding.verdict == TYPO and finding.write else None
    if known is None:
        return finding
    meant = setting._replace(key=known.name)
    others = [one for one in _of_value(meant, known.on(scene.kernel.release), scene) if one.verdict != OK]
    writes = (one.write for one in others if one.write is not None and one.write[0] == known.name)
    message = "; ".join([finding.message, *(one.message for one in others)])
    return finding._replace(message=message, write=next(writes, finding.write))


def _of_value(setting: Setting, parameter: Parameter, scene: Scene) -> Iterator[Finding]:
    if not lint_value.is_settled(setting):
        share = setting.how == SHARE
        said = "worked out of the host's memory" if share else "its value is put in later, and not judged"
        yield Finding(OK, said)
        return
    try:
        text = lint_value.normal(parameter, setting)
    except InvalidOption as error:
        meant = lint_value.meant(parameter, setting.value)
        better = lint_row.GO if meant is None else _better(Case(setting, parameter, meant, scene))
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
        yield Finding(OK, lint_row.inside_a_sentence(parameter.note))
    yield from found


def _better(case: Case) -> tuple[str, str]:
    """The setting with the value of the case, or with one that no rule finds fault with."""
    found = (finding for rule in RULES for finding in rule(case))
    instead = (one.write for one in found if one.verdict != OK and one.write and one.write[0] == case.name)
    return next(instead, case.write(case.text))


def _conclusion(findings: Sequence[Finding]) -> tuple[Finding, list[tuple[str, str]]]:
    """What is said in the end: the gravest verdict, and the reasons of all but those that are content.

    Of a line that never holds, nothing else matters.
    """
    ranked = sorted(findings, key=lambda finding: lint_row.VERDICTS.index(finding.verdict))
    if not ranked:
        return Finding(OK, ""), []
    verdict = ranked[0].verdict
    said = [one for one in ranked if verdict in (OK, RENAMED) or one.verdict != OK]
    if verdict == ORDERING:
        said = [one for one in said if one.verdict == ORDERING]
    message = "; ".join(dict.fromkeys(one.message for one in said if one.message))
    return Finding(verdict, message), _writes(said)


def _writes(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """What to write, a line for each key; that the line should go is said where nothing else is."""
    written = [finding.write for finding in findings if finding.write is not None]
    lines = {key: (key, value) for key, value in reversed(written) if key}
    return list(reversed(list(lines.values()))) or written[:1]
