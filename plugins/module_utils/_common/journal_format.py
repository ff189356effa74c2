# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of the journal's documents: a later release reads, migrates and reverts what an earlier one wrote.

Every document of the journal carries three fields. `version` is the number of its format, `written_by` the release of
the collection that wrote it, `readable_from` the oldest release that reads this format.
"""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Dict, Mapping, NamedTuple

from .errors import JournalError

# The release of the collection, as galaxy.yml has it: managed hosts get no galaxy.yml.
COLLECTION = "1.0.0"

Fields = Dict[str, Any]
_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)", re.ASCII)
# What to do about a damaged journal.
NEXT_STEP = (
    "it holds the original state of this host, so it is not overwritten: repair it, or move it away to treat the"
    " current state as the original one"
)
STAMP = ("version", "written_by", "readable_from")


# Far above what a document of ours has. Python is slow to read long numbers, and cannot read deep lists.
_MOST_DIGITS = 100
_DEEPEST = 50


def json_document(text: str) -> Any:
    """Return the value of a JSON text. Raises ValueError if it is malformed, nested too deeply or has a huge number."""
    try:
        document = json.loads(text, parse_int=_number, parse_constant=_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    level, depth = [document], 0
    while level:
        if depth > _DEEPEST:
            raise ValueError("it is nested too deeply")
        level = [inner for value in level for inner in _inside(value)]
        depth += 1
    return document


def check_path(path: str) -> None:
    """Raise ValueError unless a path of a journal is one that we may write: absolute, below /etc, without `..`."""
    parts = path.split("/")
    if parts[:2] != ["", "etc"] or {"", ".", ".."} & set(parts[1:]):
        raise ValueError(f"{path!r} is not the path of a file below /etc")


def _number(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"a number has {len(text)} digits")
    return int(text)


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


class Format(NamedTuple):
    """The format of one kind of document.

    what: its name in messages, such as `the journal of open-file limits`. version: the number of the format that this
    release writes; the first is 1. readable_from: the release that introduced that format. migrations: by number of
    each older format, the function that returns the fields of the next format. A pending change that an older release
    armed may put rows of an older format into a newer document, which then has the lower number, so a migration must
    leave rows that already have the newer form as they are. if_damaged: what to do about a damaged document.
    """

    what: str
    version: int
    readable_from: str
    migrations: Mapping[int, Callable[[Fields], Fields]]
    if_damaged: str = NEXT_STEP

    def stamp(self) -> Fields:
        """Return the fields that say who wrote a document and who can read it."""
        return {"version": self.version, "written_by": COLLECTION, "readable_from": self.readable_from}

    def write(self, fields: Mapping[str, Any]) -> Fields:
        """Return the document that holds `fields`."""
        return {**self.stamp(), **fields}

    def read(self, document: Mapping[str, Any]) -> Fields:
        """Return the fields of a document in this format, without its stamp.

        Raises JournalError if a later release wrote a document that this one cannot read, or if it is damaged.
        """
        version = document.get("version")
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            raise self.damaged(f"its version is {version!r}, not a number from 1 to {self.version}")
        if version > self.version or _is_later(document.get("readable_from")):
            raise JournalError(self._too_new(document))
        fields = {name: value for name, value in document.items() if name not in STAMP}
        try:
            for number in range(version, self.version):
                fields = self.migrations[number](fields)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise self.damaged(error) from error
        return fields

    def damaged(self, problem: object) -> JournalError:
        """Return the error for a document that cannot be read. problem: a text, or the exception of the reader."""
        if isinstance(problem, KeyError):
            problem = f"the field {problem} is missing"
        elif isinstance(problem, Exception) and not isinstance(problem, ValueError):
            problem = f"a field is missing or has the wrong type ({problem})"
        return JournalError(f"{self.what} is damaged: {problem}; {self.if_damaged}")

    def _too_new(self, document: Mapping[str, Any]) -> str:
        wrote, needed = document.get("written_by"), document.get("readable_from")
        if not (_release(wrote) and _is_later(needed)):
            return (
                f"{self.what} has format {document['version']}, and nettune.tcp {COLLECTION} reads formats up to"
                f" {self.version}; nothing was changed: run the playbook with the release of nettune.tcp that wrote it"
            )
        return (
            f"{self.what} was written by nettune.tcp {wrote}, which needs at least {needed} to read it; this is"
            f" {COLLECTION}, and nothing was changed: run the playbook with nettune.tcp {needed} or later"
        )


def _release(text: Any) -> tuple[int, ...]:
    """Return the numbers of a release such as 1.4.0, without a suffix for a pre-release; () for anything else."""
    found = _NUMBERS.match(text) if isinstance(text, str) else None
    return tuple(int(number) for number in found.groups()) if found else ()


def _is_later(release: Any) -> bool:
    return _release(release) > _release(COLLECTION)
