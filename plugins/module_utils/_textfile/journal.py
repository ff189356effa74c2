# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of textfiles with metrics: their paths, with digests of what we wrote into each.

It is written before a file is replaced and again afterwards. If a run is interrupted in between, the file has one of
the digests.
"""

from __future__ import annotations

import hashlib
from typing import Any, Mapping, Tuple

from .._common.journal_format import Format
from .._common.json_shape import Each, check

DOCUMENT = "textfile"
NAME = "nettune_tcp.prom"
FORMAT = Format("the journal of textfiles (/var/lib/nettune/tcp/textfile.json)", 1, "1.0.0", {})

# Digests by path, the current one last.
State = Mapping[str, Tuple[str, ...]]
_SHAPE = {"files": Each([str])}


def parse(document: Mapping[str, Any]) -> State:
    """Return the state that a document holds; an empty one for {}.

    Raises JournalError if it is damaged or a later release wrote it.
    """
    if not document:
        return {}
    fields = FORMAT.read(document)
    try:
        check(fields, _SHAPE)
        for path in fields["files"]:
            _check_path(path)
        return {path: tuple(digests) for path, digests in fields["files"].items()}
    except (LookupError, TypeError, ValueError) as error:
        raise FORMAT.damaged(error) from error


def render(state: State) -> dict[str, Any]:
    """Return the document of a state, {} if it is empty."""
    return FORMAT.write({"files": {path: list(digests) for path, digests in state.items()}}) if state else {}


def digest(text: str) -> str:
    """Return the SHA-256 of a text that HostFiles has read, or writes."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def is_directory_path(path: str) -> bool:
    """Return whether a path is one that a textfile can be in: absolute, without `..` and other detours."""
    return path.startswith("/") and not {"", ".", ".."} & set(path.split("/")[1:])


def _check_path(path: str) -> None:
    directory, _slash, name = path.rpartition("/")
    if name != NAME or not is_directory_path(directory):
        raise ValueError(f"{path!r} is not the path of a textfile")
