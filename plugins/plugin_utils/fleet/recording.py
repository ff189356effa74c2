# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording: a fleet in one compressed file, from which playbooks later compute what they show of live hosts.

    {"format": "nettune-recording", "version": 1, "collection": "1.0.0", "at": "2026-11-29T09:30:00Z",
     "anonymised": false, "hosts": [...], "missing": [...]}

The rows of hosts are those of fleet.rows; those in `missing` also have their groups and addresses. A recording may
come from someone else, so all of it is checked.
"""

from __future__ import annotations

import calendar
import gzip
import json
import time
import zlib
from typing import Any, Mapping, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._common.journal_format import COLLECTION
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import shown

from . import json_file
from .rows import Fleet, checked

SUFFIX = ".json.gz"
FORMAT, VERSION = "nettune-recording", 1
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def document(fleet: Fleet) -> dict[str, Any]:
    """Return a fleet as a recording that is made now."""
    now = time.strftime(_TIME, time.gmtime())
    head = {"format": FORMAT, "version": VERSION, "collection": COLLECTION, "at": now, "anonymised": False}
    return {**head, **fleet}


def packed(recording: Mapping[str, Any]) -> bytes:
    """Return the contents of the file. Raises InvalidOption if it would be too large to be read again."""
    text = json.dumps(recording, separators=(",", ":")).encode()
    most = json_file.MOST_BYTES
    if len(text) > most:
        raise InvalidOption(
            f"the recording would be {len(text) >> 20} MB before compression, more than {most >> 20} MB:"
            " record fewer hosts in a file, or fewer samples"
        )
    return gzip.compress(text, mtime=0)


def read(path: str, option: str = "nettune_from") -> Fleet:
    """Return the fleet in a file. A host without usable facts is missing. Raises InvalidOption: one sentence.

    option: the one that names the file.
    """
    try:
        found = _unpacked(path, option)
        _check_head(found)
        return checked(found)
    except MalformedInput as error:
        raise InvalidOption(f"{option}: {path} is not a recording that can be read: {error}") from None


def columns(series: Sequence[Mapping[str, Any]], changes: Sequence[Mapping[str, str]] = ()) -> dict[str, Any] | None:
    """Return the samples of tcp_watch as {start, seconds, series, marks}: columns compress better than rows.

    start: the time of the first sample, in UTC. seconds: of each sample, since then. series: values by name. marks:
    kernel parameters that changed, as {seconds, what, before, after}.
    """
    if not series:
        return None
    start = _seconds(series[0]["time"])
    names = [name for name in series[0] if name not in ("time", "host")]
    return {
        "start": series[0]["time"],
        "seconds": [_seconds(sample["time"]) - start for sample in series],
        "series": {name: [sample[name] for sample in series] for name in names},
        "marks": [
            {"seconds": _seconds(one["time"]) - start, **{name: one[name] for name in ("what", "before", "after")}}
            for one in changes
        ],
    }


def _seconds(text: str) -> int:
    """Return a time in UTC as seconds since the epoch."""
    return calendar.timegm(time.strptime(text, _TIME))


def _unpacked(path: str, option: str) -> dict[str, Any]:
    """Return the JSON object in a file. Raises MalformedInput, or InvalidOption if the file cannot be opened."""
    try:
        with json_file.opened(path) as packed_file, gzip.open(packed_file) as file:
            return json_file.load(file)
    except gzip.BadGzipFile:
        raise MalformedInput("it is not compressed with gzip, or damaged") from None
    except (EOFError, zlib.error):
        raise MalformedInput("it is truncated or damaged") from None
    except OSError as error:
        raise InvalidOption(f"{option}: cannot read {path}: {error.strerror}") from None


def _check_head(found: Mapping[str, Any]) -> None:
    if found.get("format") != FORMAT:
        raise MalformedInput("it was not written by the playbook record")
    if found.get("version") != VERSION:
        raise MalformedInput(
            f"its version is {shown(found.get('version'))}, and this release of nettune.tcp reads version {VERSION};"
            f" it was written by {shown(found.get('collection'))}"
        )
