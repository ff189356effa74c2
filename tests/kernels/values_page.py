# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that says why each value. `python -m tests.kernels` writes docs/docsite/rst/explanation_values.rst.

The reasons are those in the defaults of the roles; reasons.py has facts about the parameters.
"""

from __future__ import annotations

from typing import Any, Iterator

import yaml
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue

from .known import hazards, life_cycle, plain
from .page import KERNELS, ROOT, default_on_kernels
from .reasons import ABOUT, NUMBERS
from .recommended import ROLES, Setting, by_value, defaults, grouped, of_remedies, of_role, ours

PAGE = ROOT / "docs" / "docsite" / "rst" / "explanation_values.rst"
HEAD = """\
..
  SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
  SPDX-License-Identifier: GPL-3.0-or-later

  Made by `python -m tests.kernels`.

.. _ansible_collections.nettune.tcp.docsite.explanation_values:

Why each value
==============

The first part of this page has the values of each role, with the reason for each. The second part explains each
parameter: its default, what a new value applies to, what the value costs, and which of the five sources recommend
which values, with file, line and verdict as in :ref:`ansible_collections.nettune.tcp.docsite.report_lint`. What was
measured is in :ref:`ansible_collections.nettune.tcp.docsite.explanation_sources`.

*At least* and *at most* are bounds: a host that already has a better value keeps it. ``tuning_settings`` replaces a
value, see :ref:`ansible_collections.nettune.tcp.docsite.guide_tuning`.

"""


def text() -> str:
    """Return the page."""
    return HEAD + "\n".join([*map(_role, ROLES), _remedies(), *map(_parameter, names())])


def names() -> list[str]:
    """Return the parameters that a role or a set of remedies sets."""
    return sorted({setting.name for _who, setting in ours()})


def numbers(role: str) -> dict[str, Any]:
    """Return the numbers among the default variables of a role, such as its open-file limit."""
    own = (pair for pair in defaults(role).items() if pair[0].startswith(f"{role}_"))
    return {name: value for name, value in own if isinstance(value, int)}


def _title(title: str) -> str:
    return f"{title}\n{'-' * len(title)}\n"


def _role(role: str) -> str:
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())
    about = specs["argument_specs"]["main"]["description"][0].strip()
    lines = [_title(f"The role {role}"), f"{about} See :ansplugin:`nettune.tcp.{role}#role`.\n"]
    lines += map(_setting, of_role(role))
    lines += [f"- ``{name}``: at least ``{number}``: {NUMBERS[name]}." for name, number in numbers(role).items()]
    return "\n".join(lines).replace("count``: at least", "count``:") + "\n"


def _remedies() -> str:
    lines = [_title("The sets of tuning_remedies"), "Sets that a diagnosis can advise to add, by name.\n"]
    for name, settings in of_remedies().items():
        lines += [f"``{name}``:\n", *map(_setting, settings), ""]
    return "\n".join(lines)


def _setting(setting: Setting) -> str:
    return f"- `{setting.name}`_: {setting.shown()}: {plain(setting.reason)} ({plain(setting.source)})."


def _parameter(name: str) -> str:
    about, row = ABOUT[name], catalogue.find(name)
    lines = [_title(name), f"{about.does} {plain(row.note)}".rstrip() + "\n"]
    lines += ["- *Set by*: " + "; ".join(f"{value} ({', '.join(who)})" for value, who in by_value(name).items())]
    lines += [f"- *Default*: {about.default or default_on_kernels(row, KERNELS)}"]
    lines += [f"- *Applies to*: {about.effect}", f"- *Cost*: {about.cost}"]
    cycle, harm = life_cycle(row), hazards(row)
    lines += [f"- *Life cycle*: {cycle}"] * bool(cycle) + [f"- *Hazards*: {'; '.join(harm)}"] * bool(harm)
    lines += [f"- *Why we differ from a source*: {about.differs}"] * bool(about.differs)
    lines += _sources(name)
    return "\n".join(lines) + "\n"


def _sources(name: str) -> Iterator[str]:
    found = grouped(name)
    if found:
        yield "- *The sources*:\n"
    for (value, verdict, message), where in found.items():
        shown = f"``{value}``" if value else "no value"
        yield f"  - {shown} ({where}): *{verdict}*{': ' if message else ''}{plain(message.removeprefix('lowers it: '))}"
