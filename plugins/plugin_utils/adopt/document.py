# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of variables that the playbook adopt writes."""

from __future__ import annotations

import textwrap
from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Sequence

from ..screens.host_names import short
from ..screens.line import count, listed, printable
from . import parameters, role
from .item import Item, quoted, setting
from .limits import Limits, limits

_WIDTH = 100
_MOST = 200
_LONGEST = 400
_MOST_KERNELS = 3
# Characters that YAML does not allow, besides those that printable() escapes.
_NOT_YAML = str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})


class Adopted(NamedTuple):
    """The variables made from the files of a host. others: sentences about what else these files have."""

    profile: str
    kernel: str
    loader: str
    items: list[Item]
    limits: Limits
    others: tuple[str, ...]

    @property
    def text(self) -> str:
        """The file, without the names of the hosts."""
        return "\n".join(_lines(self)) + "\n"


def adopt(result: Mapping[str, Any], profile: str) -> Adopted:
    """Return what the result of host_settings becomes in a profile."""
    own = role.of_profile(profile)
    found = parameters.items(result, own)
    kept = limits(result["limits"], own)
    return Adopted(profile, result["kernel"], result["loader"], found, kept, tuple(_others(result)))


def with_heading(adopted: Adopted, hosts: Sequence[str], kernels: Sequence[str]) -> str:
    """Return the file with a heading. hosts: the hosts that it was made from. kernels: their releases."""
    playbook = role.PLAYBOOKS.get(adopted.profile)
    use = (
        f"ansible-playbook nettune.tcp.{playbook} -e @FILE --check --diff"
        if playbook
        else "the role nettune.tcp.tuning takes these variables, for example by vars_files"
    )
    heading = [
        f"Written by nettune.tcp.adopt from the files of {short(hosts)} (Linux {listed(kernels, most=_MOST_KERNELS)};"
        f" sysctl.d is read by {adopted.loader}).",
        f"To use it: {use}.",
        "Lines that are commented out are not carried over, for the reason above them. On the host they stay in effect"
        " as long as its files have them.",
    ]
    return "---\n" + "".join(f"{line}\n" for text in heading for line in _comment(text)) + "\n" + adopted.text


def _others(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each thing that could not be read or that cannot become a variable."""
    for row in result["partial"]:
        yield f"not read: {row['reason']}"
    for row in result["refused"]:
        yield f"{row['path']}:{row['line']}: {row['text']}: no loader accepts this line"
    for row in result["unused"]:
        yield f"{row['path']}: {row['reason']}"
    for line in result["lines"]:
        if line["value"] is None and parameters.is_own(line["path"]):
            yield f"{line['path']}:{line['line']}: -{line['name']} excludes it from patterns, so it is not set"
    for line, names in parameters.fleeting(result).items():
        yield (
            f"{line}: it also matches {count(len(names), 'parameter')} of interfaces that come and go; a profile has no"
            " patterns, so keep this line in its file"
        )
    for path, number in parameters.of_packages(result).items():
        yield f"{path}: {count(number, 'parameter')} of a package or a program; the file stays in effect"


def _lines(adopted: Adopted) -> Iterator[str]:
    if adopted.profile not in role.PLAYBOOKS:
        yield f"tuning_profile: {adopted.profile}"
        yield ""
    active = any(not item.left_out for item in adopted.items)
    yield "tuning_settings:" if active else "tuning_settings: {}"
    if adopted.items and not active:
        yield "  # To carry one of these over, remove the {} too."
    for item in adopted.items:
        yield from _item_lines(item)
    yield from _limit_lines(adopted.limits)
    rest = [*adopted.limits.left_out, *adopted.others]
    if rest:
        yield ""
        yield "# Not among the variables:"
    for text in rest[:_MOST]:
        yield from _comment(f"- {text}", hanging="  ")
    if len(rest) > _MOST:
        yield f"# - and {len(rest) - _MOST} more"


def _item_lines(item: Item) -> Iterator[str]:
    said = ": ".join(filter(None, (item.verdict, item.message)))
    reason = item.left_out if item.left_out != item.verdict else ""
    yield ""
    yield from _comment(f"{item.source}: {reason or said}", indent="  ")
    for note in item.notes:
        yield from _comment(note, indent="  ", hanging="  ", first="  ")
    for text in item.instead:
        yield from _comment(f"write instead: {text}", indent="  ", hanging="  ", first="  ")
    line = setting(item.name, item.value)
    yield f"  # {_cut(line)}" if item.left_out else f"  {line}"


def _limit_lines(found: Limits) -> Iterator[str]:
    if not found.nofile:
        return
    yield ""
    for note in found.notes:
        yield from _comment(note)
    yield f"tuning_nofile: {found.nofile}"
    yield "tuning_users:"
    for user in found.users:
        yield f"  - {quoted(user)}"


def _comment(text: str, *, indent: str = "", hanging: str = "", first: str = "") -> Iterable[str]:
    """Return a text as lines of a comment. hanging: what all lines but the first begin with; first: the first one."""
    return textwrap.wrap(
        _cut(text),
        width=_WIDTH,
        initial_indent=f"{indent}# {first}",
        subsequent_indent=f"{indent}# {hanging}",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _cut(text: str) -> str:
    shown = printable(" ".join(text.split())).translate(_NOT_YAML)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
