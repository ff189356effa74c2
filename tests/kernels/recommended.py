# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who recommends which value of a kernel parameter: the roles, the sets of `tuning_remedies`, and the five sources."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Iterator, Mapping, NamedTuple

import yaml
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, nearest, value
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import TYPO

from ..lint.report import FIXTURES, SOURCES

ROOT = Path(__file__).resolve().parents[2]
# The roles that set kernel parameters. Each has ROLE_settings, ROLE_nofile and ROLE_services in its defaults.
ROLES = tuple(
    path.parents[1].name
    for path in sorted(ROOT.glob("roles/*/defaults/main.yml"))
    if (yaml.safe_load(path.read_text()) or {}).get(f"{path.parents[1].name}_settings")
)
_REMEDIES = ROOT / "roles" / "tuning" / "vars" / "main.yml"


class Setting(NamedTuple):
    """A value that a role or a set of remedies gives a parameter. how: value, at_least, at_most, include …"""

    name: str
    how: str
    value: Any
    reason: str
    source: str

    def shown(self) -> str:
        """Return the value as RST, such as "at least ``1024 65535``"."""
        if self.how == "include":
            return "at least the ports of listeners and ``tuning_reserved_ports``"
        numbers = " ".join(map(str, self.value)) if isinstance(self.value, list) else str(self.value)
        if self.how == "share_of_memory":
            return f"at least ``{numbers}`` percent of the memory"
        return f"{'' if self.how == 'value' else self.how.replace('_', ' ') + ' '}``{numbers}``"

    def normal(self) -> str:
        """Return the value in normal form; "" if it depends on the host."""
        row = catalogue.find(self.name)
        return value.requested(row, self.value) if self.how in ("value", "at_least", "at_most") and row else ""


class Advice(NamedTuple):
    """A setting of a source, with the linter's verdict. file: its part of the source, such as `squid`."""

    source: str
    file: str
    line: int
    name: str
    value: str
    verdict: str
    message: str


@lru_cache(maxsize=None)
def defaults(role: str) -> Mapping[str, Any]:
    """Return the default variables of a role."""
    return yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text())


def of_role(role: str) -> list[Setting]:
    """Return the kernel parameters of a role."""
    return list(_settings(defaults(role)[f"{role}_settings"]))


def of_remedies() -> dict[str, list[Setting]]:
    """Return {set of remedies: its kernel parameters}."""
    sets = yaml.safe_load(_REMEDIES.read_text())["__tuning_remedy_sets"]
    return {name: list(_settings(given)) for name, given in sets.items()}


def by_value(name: str) -> dict[str, list[str]]:
    """Return {value as RST: who gives it} for a parameter."""
    found: dict[str, list[str]] = {}
    for who, setting in ours():
        if setting.name == name:
            found.setdefault(setting.shown(), []).append(who)
    return found


@lru_cache(maxsize=None)
def ours() -> tuple[tuple[str, Setting], ...]:
    """Return (who, setting) for each value of a role or a set of remedies, such as ("role ``web``", …)."""
    found = [(f"role ``{role}``", one) for role in ROLES for one in of_role(role)]
    found += [(f"remedy ``{name}``", one) for name, settings in of_remedies().items() for one in settings]
    return tuple(found)


@lru_cache(maxsize=None)
def advice() -> tuple[Advice, ...]:
    """Return every setting of the sources, with today's names of the parameters."""
    return tuple(
        Advice(
            source,
            path.stem.partition("-")[2].replace("-", " "),
            row["line"],
            _name(row),
            row["value"],
            row["verdict"],
            # Remarks on the order of lines are about the file, not about the value.
            "; ".join(part for part in row["message"].split("; ") if not part.startswith("line ")),
        )
        for source in SOURCES
        for path in sorted((FIXTURES / source).iterdir())
        for row in engine.lint(path.read_text())
    )


def grouped(name: str) -> dict[tuple[str, str, str], str]:
    """Return {(value, verdict, message): where} of the advice on a parameter, such as where `000 general, line 4`."""
    places: dict[tuple[str, str, str], dict[tuple[str, str], list[int]]] = {}
    for one in advice():
        if one.name == name:
            files = places.setdefault((_normal(one), one.verdict, one.message), {})
            files.setdefault((one.source, one.file), []).append(one.line)
    return {key: _places(files) for key, files in sorted(places.items(), key=_order)}


def unexplained(name: str) -> bool:
    """Return whether a source gives a sound value that is in no role, so that only people can say why."""
    own = {setting.normal() for _who, setting in ours() if setting.name == name}
    return any(verdict == "ok" and given not in own for given, verdict, _message in grouped(name))


def _settings(given: Mapping[str, Any]) -> Iterator[Setting]:
    for name, value_or_row in given.items():
        row = value_or_row if isinstance(value_or_row, Mapping) else {"value": value_or_row}
        how = next((word for word in row if word not in ("reason", "source")), "value")
        yield Setting(name, how, row[how], row.get("reason", ""), row.get("source", ""))


def _name(row: Mapping[str, Any]) -> str:
    meant = nearest.nearest(row["key"]) if row["verdict"] == TYPO else None
    return catalogue.current_name(meant or row["key"])


def _normal(one: Advice) -> str:
    row = catalogue.find(one.name)
    return value.normal(row, one.value) if row else one.value


def _order(item: tuple[tuple[str, str, str], Any]) -> tuple[list[int], str]:
    (given, verdict, _message), _files = item
    return [int(number) for number in given.split() if number.isdigit()], verdict


def _places(files: Mapping[tuple[str, str], list[int]]) -> str:
    found = [(source, file, list(dict.fromkeys(lines))) for (source, file), lines in files.items()]
    return "; ".join(
        f"{source} {file}, line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"
        for source, file, lines in found
    )
