# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel parameters that the files of a host set, as items, with the verdicts of the linter."""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import admit, request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host, Reading

from ..lint import engine
from ..lint.row import CRITICAL, OK, ORDERING, SEVERITY, WARNING
from .item import Item, obstacle, setting
from .role import Role

# Files of packages, and files that a program writes at each boot.
_NOT_OWN = ("/usr/lib/", "/lib/", "/boot/", "/run/")
# Parameters of interfaces that programs create and remove: of containers, virtual machines and tunnels.
_FLEETING = re.compile(
    r"net[.]ipv[46][.](?:conf|neigh)[.]"
    r"(?:veth|cali|lxc|tap|tun|vnet|virbr|br-|docker|podman|cni|flannel|cilium|kube-|nodelocaldns|dummy|vxlan|wg)"
    r"[^.]*[.]"
)
_MOST_SHADOWED = 3
_INSTEAD = re.compile(r"([^\s#=]+) = (.*)")

# A result of host_settings.
Result = Mapping[str, Any]

_NOT_JUDGED: Mapping[str, Any] = {"verdict": OK, "message": "", "suggestion": ""}


def items(result: Result, role: Role) -> list[Item]:
    """Return the parameters that lines of the host's own files name or match, in the order of the lines."""
    lines = _by_place(result)
    place = {f"{path}:{number}": at for at, (path, number) in enumerate(lines)}
    made = (_item(name, fact, result, lines) for name, fact in result["keys"].items())
    found = sorted(filter(None, made), key=lambda item: place.get(item.source, -1))
    return _without_aliases(_judged(found, result, role))


def is_own(path: str) -> bool:
    """Return whether a file is neither of a package nor written by a program."""
    return not path.startswith(_NOT_OWN)


def of_packages(result: Result) -> dict[str, int]:
    """Return how many parameters each file of a package, or of a program, sets on its own."""
    counts: dict[str, int] = {}
    lines = _by_place(result)
    for name, fact in result["keys"].items():
        path = (fact["boot_source"] or {}).get("path") or ""
        if path and not is_own(path) and not _own_lines(name, fact, lines) and not _FLEETING.match(name):
            counts[path] = counts.get(path, 0) + 1
    return counts


def fleeting(result: Result) -> dict[str, list[str]]:
    """Return {line: names}: lines with a pattern, and the parameters of interfaces that come and go that they set."""
    found: dict[str, list[str]] = {}
    lines = _by_place(result)
    for name, fact in result["keys"].items():
        line = _winner(fact, lines)
        if line is not None and line["pattern"] and _FLEETING.match(name) and is_own(line["path"]):
            found.setdefault(f"{line['path']}:{line['line']}: {line['name']} = {line['value']}", []).append(name)
    return found


def _item(name: str, fact: Mapping[str, Any], result: Result, lines: Mapping[Any, Any]) -> Item | None:
    """Return the item of a parameter, without a verdict; None if no line of the host's own files matters to it."""
    source, own = fact["boot_source"] or {}, _own_lines(name, fact, lines)
    path = source.get("path") or ""
    line = _winner(fact, lines)
    place = _place(source)
    if not fact["boot_source"] or (line is not None and line["pattern"] and _FLEETING.match(name)):
        return None
    if not is_own(path) or (source.get("program") and line is None) or fact["boot_reason"]:
        return _not_decided_here(name, fact, own, line, result)
    if not _names(line, name):
        later = f"{line['name'] if line else ''} is the same parameter and is set later"
        return Item(name, str(own[-1]["value"]), _place(own[-1]), left_out=later) if own else None
    value = fact["boot_value"] if line is None or line["value"] != catalogue.HIDDEN else catalogue.HIDDEN
    notes = [f"by the pattern {line['name']}"] if line is not None and line["pattern"] else []
    notes += [f'"{line["comment"]}"'] if line is not None and line["comment"] else []
    made = Item(name, str(value), place, notes=(*notes, *_shadowed(fact)))
    return made._replace(left_out=_unwritable(made, result))


def _not_decided_here(
    name: str, fact: Mapping[str, Any], own: Sequence[Mapping[str, Any]], line: Mapping[str, Any] | None, result: Result
) -> Item | None:
    """Return the item of a parameter that something else sets, or may set, after the host's own files."""
    source = fact["boot_source"]
    last = own[-1] if own else None
    reason = str(fact["boot_reason"] or "")
    if reason and line is not None and not source.get("program") and line["value"] is not None:
        made = Item(name, " ".join(line["value"].split()), _place(source))
        if line["cut"]:
            return made._replace(value=f"{made.value}…", left_out="the value is too long to be copied")
        # The line is applied only if a module is loaded early enough, and the collection loads it.
        made = made._replace(notes=(f"at boot {reason}",))
        return made._replace(left_out=_unwritable(made, result))
    if last is None:
        return None
    made = Item(name, str(last["value"]), _place(last))
    if not reason and last["value"] == fact["boot_value"]:
        made = made._replace(notes=(f"{_by(source)} sets it to the same value later",))
        return made._replace(left_out=_unwritable(made, result))
    if not reason:
        later = f"it has no effect: {_by(source)} sets it to {fact['boot_value']} later"
        return made._replace(left_out=later)
    if fact["value"] is not None and fact["value"] == last["value"]:
        made = made._replace(notes=(f"at boot {reason}; the running value is this one",))
        return made._replace(left_out=_unwritable(made, result))
    return made._replace(left_out=f"the value at boot is {reason}, and the running value is {fact['value']}")


def _unwritable(item: Item, result: Result) -> str:
    """Return why an item cannot become a variable, empty if it can."""
    if item.value == catalogue.HIDDEN:
        return "it is a secret, which is not copied: take it from a vault"
    if obstacle(item.name, item.value):
        return obstacle(item.name, item.value)
    is_unknown = item.name in result["unknown"]
    return "neither this host nor nettune.tcp knows this parameter, so the module would refuse it" if is_unknown else ""


def _refusal(item: Item, result: Result) -> str:
    """Return why the module would refuse the value, empty if it would not: a parameter may be unknown to the linter."""
    host = Host(result["kernel"], {item.name: Reading(result["keys"][item.name]["value"])})
    try:
        request.from_option(admit.describe(item.name, host), item.value)
    except NettuneError as error:
        return f"the module would refuse it: {error}"
    return ""


def _judged(found: Sequence[Item], result: Result, role: Role) -> list[Item]:
    """Return the items with the verdicts of the linter on all of them together, and notes on the host and the role."""
    clean = [item for item in found if not obstacle(item.name, item.value) and item.value != catalogue.HIDDEN]
    # Without this, the linter says of every such line only that something overrides it.
    acting = [item for item in clean if not item.left_out or item.name in result["unknown"]]
    rows = dict(zip((item.name for item in acting), _rows(acting, result)))
    judged = (_with_verdict(item, rows[item.name]) if item.name in rows else item for item in found)
    judged = (item if item.left_out else item._replace(left_out=_refusal(item, result)) for item in judged)
    return [item._replace(notes=(*item.notes, *_about(item, result, role))) for item in judged]


def _rows(found: Sequence[Item], result: Result) -> list[Mapping[str, Any]]:
    """Return the row of the linter for each item; the order of lines, which a profile does not have, is not judged."""
    rows = _lint(found, result)
    return [
        _lint([item], result)[0] if row["verdict"] == ORDERING and len(found) > 1 else row
        for item, row in zip(found, rows)
    ]


def _lint(found: Sequence[Item], result: Result) -> list[Mapping[str, Any]]:
    """Return the row of the linter for each item."""
    facts = {
        "nettune_sysctl": {"keys": {**result["running"], **result["keys"]}},
        "nettune_tcp": {"listeners": [{"port": port} for port in result["listeners"]]},
    }
    text = "".join(f"{item.name} = {item.value}\n" for item in found)
    rows = engine.check(text, name="sysctl.conf", kernel=result["kernel"], facts=facts).rows
    by_line = {row["line"]: row for row in rows if "count" not in row}
    return [by_line.get(number, _NOT_JUDGED) for number in range(1, len(found) + 1)]


def _with_verdict(item: Item, row: Mapping[str, Any]) -> Item:
    """Return the item with a verdict; a critical one or a warning comments it out."""
    verdict = OK if row["verdict"] == ORDERING else row["verdict"]
    bad = SEVERITY[verdict] in (CRITICAL, WARNING)
    matches = (_INSTEAD.fullmatch(text) for text in row["suggestion"].split("\n"))
    instead = tuple(setting(*match.groups()) for match in matches if match) if verdict != OK else ()
    left_out = verdict if bad else item.left_out
    return item._replace(verdict=verdict, message=row["message"], left_out=left_out, instead=instead)


def _about(item: Item, result: Result, role: Role) -> Iterator[str]:
    """Yield notes on the running value, on other programs that set the parameter, and on the role."""
    fact = result["keys"][item.name]
    if not item.left_out:
        if fact["value"] is None and fact["reason"]:
            yield f"there is no running value: {fact['reason']}"
        elif fact["drift"]:
            yield f"the running value is {fact['value']}"
        yield from (f"also set by {owner}" for owner in fact["owners"])
    if role.sets(item.name):
        yield f"the role sets {role.sets(item.name)}"


def _without_aliases(found: Sequence[Item]) -> list[Item]:
    """Comment out all but the last of several names of one parameter, which the module would refuse."""
    last = {catalogue.current_name(item.name): item.name for item in found if not item.left_out}
    return [
        item
        if item.left_out or last[catalogue.current_name(item.name)] == item.name
        else item._replace(left_out=f"{last[catalogue.current_name(item.name)]} is the same parameter and is set later")
        for item in found
    ]


def _winner(fact: Mapping[str, Any], lines: Mapping[Any, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the line that decides the value at boot; None if no line of a file does."""
    source = fact["boot_source"] or {}
    return lines.get((source.get("path"), source.get("line")))


def _by_place(result: Result) -> dict[tuple[str, int], Mapping[str, Any]]:
    return {(line["path"], line["line"]): line for line in result["lines"]}


def _names(line: Mapping[str, Any] | None, name: str) -> bool:
    """Return whether a line of sysctl.d has the name, not another one of the same value, or a pattern.

    A line of another program, which is None here, has.
    """
    return line is None or bool(line["pattern"]) or line["name"] == name


def _own_lines(name: str, fact: Mapping[str, Any], lines: Mapping[Any, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the overridden lines of the host's own files."""
    return [
        line
        for line in fact["shadowed"]
        if is_own(line["path"]) and not line.get("program") and _names(lines.get((line["path"], line["line"])), name)
    ]


def _shadowed(fact: Mapping[str, Any]) -> Iterator[str]:
    others = fact["shadowed"]
    for line in others[:_MOST_SHADOWED]:
        yield f"overrides {_place(line)} = {line['value']}"
    if len(others) > _MOST_SHADOWED:
        yield f"overrides {len(others) - _MOST_SHADOWED} more lines"


def _place(source: Mapping[str, Any]) -> str:
    return f"{source['path']}:{source['line']}" if source.get("line") else str(source.get("path") or "")


def _by(source: Mapping[str, Any]) -> str:
    program, place = source.get("program"), _place(source)
    return f"{program} ({place})" if program and place else program or place
