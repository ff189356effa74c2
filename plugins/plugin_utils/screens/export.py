# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the results of a run to a file on the controller, as JSON, compressed JSON, CSV, HTML, metrics or variables."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import tempfile
from typing import Any, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption

from ..fleet import recording
from .line import DIM, Line, Screen, printable

SUFFIXES = (".json", ".csv")
# Of the report, which has a page in place of rows.
PAGE_SUFFIXES = (".html", ".json")
# Of variables.
YAML_SUFFIXES = (".yml", ".yaml")
# Also in full width, which some spreadsheets take for the same.
_FORMULAS = tuple("=+-@＝＋－＠")


def write(screen: Screen, path: str | None) -> list[Line]:
    """Write the screen's document or rows to `path` with mode 0600, and return a line that says so; nothing without it.

    One of the screen's texts gets mode 0644. A relative path starts at the current directory. Raises InvalidOption for
    a name with another suffix than those of the screen, for a file that cannot be written, and for a new file that
    exists.
    """
    if not path:
        return []
    target = os.path.abspath(os.path.expanduser(path))
    if screen.files is not None:
        return _write_new(screen.files, target)
    text = contents(screen, target)
    try:
        _replace(target, text, 0o644 if target.endswith(tuple(screen.texts)) else 0o600)
    except OSError as error:
        raise InvalidOption(f"nettune_output: cannot write {target}: {error.strerror}") from None
    return [Line(f"written: {target}", DIM)]


def contents(screen: Screen, path: str) -> str | bytes:
    """Return the contents of the file; its suffix chooses the format."""
    for suffix, text in screen.texts.items():
        if path.endswith(suffix):
            return text
    if path.endswith(recording.SUFFIX):
        return recording.packed(screen.document)
    if path.endswith(".json"):
        return json.dumps(screen.document, indent=2, ensure_ascii=False) + "\n"
    if screen.page and path.endswith(".html"):
        return screen.page()
    if not screen.page and path.endswith(".csv"):
        return _csv(screen.rows)
    suffixes = PAGE_SUFFIXES if screen.page else SUFFIXES
    raise InvalidOption(f"nettune_output is {path}; its name must end with {' or '.join(suffixes)}")


def require_new(path: str) -> None:
    """Raise InvalidOption if a file exists that may have been edited since it was written."""
    if os.path.lexists(path):
        raise InvalidOption(f"nettune_output: {path} exists and is not overwritten; remove it or choose another file")


def _write_new(files: Mapping[str, str], target: str) -> list[Line]:
    stem, suffix = os.path.splitext(target)
    texts = {f"{stem}{part}{suffix}": text for part, text in files.items()}
    for path in texts:
        require_new(path)
    for path, text in texts.items():
        try:
            _replace(path, text, 0o600)
        except OSError as error:
            raise InvalidOption(f"nettune_output: cannot write {path}: {error.strerror}") from None
    return [Line(f"written: {path}", DIM) for path in texts]


def _csv(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_cell(name) for name in columns])
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Return lists and dictionaries as JSON, and text that a spreadsheet would execute with a quote in front.

    Control characters are escaped, as the file may be shown in a terminal.
    """
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return "" if value is None else value
    return printable(f"'{value}" if value.lstrip()[:1] in _FORMULAS and value != "-" else value)


def _replace(target: str, text: str | bytes, mode: int) -> None:
    """Replace the file in one step, so that readers never find half of it; write to a device such as /dev/stdout."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as file:
            file.write(data)
        return
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".nettune-")  # created with mode 0600
    try:
        with open(handle, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), mode)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
