# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find misspelt and renamed variables by their names.

A user's own variables may begin with the prefix of a role (web_root), so only names that are similar to one of ours are
reported. Names that begin with nettune_ are ours alone.
"""

from __future__ import annotations

from typing import Collection, Iterable, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.suggest import closest, did_you_mean, is_slip

from . import rows
from .renamed import RENAMED

OURS, BASE, TARGET = "nettune_", "tuning_", "target"
_KNOWN = (*rows.NAMES, *rows.FACTS)
# How similar the part after the prefix must be. 0.7 would take `web_files` for web_nofile.
_SIMILAR = {OURS: 0.6, BASE: 0.7}
_SIMILAR_OF_ROLE = 0.75
# How similar the whole name must be if its prefix is misspelt too, as in `tunning_nofile`.
_SIMILAR_WHOLE = 0.92


def prefixes(roles: Iterable[str]) -> tuple[str, ...]:
    """Return the prefixes of variables that are checked where these roles are applied."""
    return tuple(dict.fromkeys((OURS, BASE, *(f"{role}_" for role in roles))))


class Found(NamedTuple):
    """A misspelt name. message: a sentence. refused: whether it is an error; if not, it is worth a warning."""

    name: str
    message: str
    refused: bool


def misspelt(name: str, *, known: Collection[str], prefixes: Collection[str], from_command: bool) -> Found | None:
    """Return what is wrong with the name of a variable, or None.

    known: the variables of the roles. prefixes: of the roles that are applied. from_command: whether it comes from -e.
    """
    spelt = name.replace("-", "_").lower()
    # Names that are not identifiers cannot be used as variables.
    if name in _KNOWN or name in known or not spelt.isidentifier():
        return None
    prefix = next((each for each in (OURS, BASE, *prefixes) if spelt.startswith(each)), None)
    near = TARGET if spelt == OURS + TARGET else _nearest(spelt, prefix, [*rows.NAMES, *known], prefixes)
    if prefix == OURS:
        meant = did_you_mean(near) or f"; -e {rows.HELP}=true lists the options of a playbook."
        return Found(name, f"unknown variable {_described(name)}{meant}{_permit(name)}", True)
    if near is None:
        return None
    refused = from_command or near.startswith((OURS, BASE))
    text = f"{_described(name)} is not a variable of nettune.tcp; did you mean {near}?{_permit(name)}"
    return Found(name, text, refused)


def renamed(name: str) -> str | None:
    """Return what to write instead of an option that has a new name or is misspelt, or None. The name comes from -e.

    Only a playbook knows that `target` is an option: in a play of a user, similar names are the user's own.
    """
    if name != TARGET and is_slip(name, TARGET):
        return f"-e: {name} is not a variable of nettune.tcp; did you mean {TARGET}?{_permit(name)}"
    new = RENAMED.get(name)
    if new is None:
        return None
    if new == "nettune_from":
        return f"-e: {name} is now nettune_from=cache."
    return f"-e: {name} is now called {new}."


def _nearest(name: str, prefix: str | None, known: Iterable[str], prefixes: Iterable[str]) -> str | None:
    if prefix is None:
        return _with_a_misspelt_prefix(name, known, (OURS, BASE, *prefixes))
    rests = {each[len(prefix) :]: each for each in known if each.startswith(prefix)}
    rest = name[len(prefix) :]
    cutoff = _SIMILAR.get(prefix, _SIMILAR_OF_ROLE)
    near = closest(rest, rests, cutoff=cutoff) or _with_the_same_words(rest, rests)
    return rests[near] if near else None


def _with_a_misspelt_prefix(name: str, known: Iterable[str], prefixes: tuple[str, ...]) -> str | None:
    if not closest(name.partition("_")[0], [each.partition("_")[0] for each in prefixes]):
        return None
    return closest(name, [each for each in known if each.startswith(prefixes)], cutoff=_SIMILAR_WHOLE)


def _with_the_same_words(rest: str, rests: Iterable[str]) -> str | None:
    """Return the only name that contains all words of `rest`: hazards for accept_hazards."""
    words = set(rest.split("_"))
    found = [each for each in rests if words < set(each.split("_"))]
    return found[0] if len(found) == 1 else None


def _described(name: str) -> str:
    """Return the name, and which of its letters is not ASCII: it may look like one that is."""
    other = next((letter for letter in name if not letter.isascii()), "")
    return f"{name} (with the letter {other}, U+{ord(other):04X})" if other else name


def _permit(name: str) -> str:
    return f" To use it anyway, set {rows.ALLOW}: [{name}]."
