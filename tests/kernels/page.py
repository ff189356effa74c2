# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference page of the kernel parameters, from the catalogue and from what kernels on virtual machines accepted.

`python -m tests.kernels` writes docs/docsite/rst/reference_parameters.rst.
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Iterator, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import HOST_WIDE, NEVER, Parameter, has

from .known import hazards, life_cycle, plain
from .reasons import effect
from .recommended import by_value, grouped

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "docsite" / "rst" / "reference_parameters.rst"
_FIXTURES = ROOT / "tests" / "fixtures"
# The bounds that were found on kernels, and {kernel: the other parameters whose boundaries were written as expected}.
_FOUND = json.loads((_FIXTURES / "kernel_bounds.json").read_text("utf-8"))
WRITTEN = _FIXTURES / "kernel_boundaries.json"
KERNELS = tuple(_FOUND["kernels"])
HEAD = """\
..
  SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
  SPDX-License-Identifier: GPL-3.0-or-later

  Made by `python -m tests.kernels`.

.. _ansible_collections.nettune.tcp.docsite.reference_parameters:

Kernel parameters by kernel
===========================

The kernel parameters that the collection knows, with the numbers that each kernel accepts:
Linux 5.10 (Debian 11), 6.1 (Debian 12), 6.12 (Debian 13) and 7.3 (backports of Debian 13). Kernels between them are
known too; :ref:`ansible_collections.nettune.tcp.docsite.guide_lint` shows how to name one.

- *Seen on* lists the kernels that were booted and asked: numbers within the bounds and next to them were written to the
  parameter and read back. For other kernels the source is the kernel's code.
- A default of ``-`` depends on the machine, or is not known. *memory / 10240* is one for each 10240 bytes of memory. At
  boot, systemd raises ``fs.file-max``, ``fs.nr_open`` and ``net.unix.max_dgram_qlen``.
- *From* names the first of these four kernels with another default or other bounds.
- In *Bounds*, ``INT_MAX`` is 2147483647, ``INT_MIN`` is -2147483648, ``UINT_MAX`` is 4294967295 and ``ULONG_MAX`` is
  18446744073709551615. *Some only* gives the numbers that every kernel of the version accepts; others depend on
  how the kernel was built, or on its stable updates.
- Parameters with an asterisk exist once for each interface.

Below each table is what else is known: the *life cycle*, what a new value *applies to*, the *hazards*, and which values
are *recommended* by the roles and by the five sources, with files and lines as in
:ref:`ansible_collections.nettune.tcp.docsite.report_lint`. A hazard with a name is refused unless it is accepted with
``tuning_accept_hazards``; values with other hazards are accepted by the kernel and reported by the linter. The reasons
of the roles' values are in :ref:`ansible_collections.nettune.tcp.docsite.explanation_values`.

"""
_REMOVED = "Removed parameters"
_NAMES = {2**31 - 1: "INT_MAX", -(2**31): "INT_MIN", 2**32 - 1: "UINT_MAX", 2**64 - 1: "ULONG_MAX"}
_NONE = "\\-"
_FAMILY_PARTS = 2


def text() -> str:
    """Return the page."""
    known = sorted(
        (row for row in catalogue.rows() if any(on(row, kernel) for kernel in KERNELS)), key=lambda row: row.name
    )
    sections = [_section(name, list(rows)) for name, rows in groupby(known, key=family)]
    return HEAD + "\n".join([*sections, _removed({row.name for row in known})])


def family(row: Parameter) -> str:
    """Return the first parts of a name, such as `net.ipv4`; of others than net its first part, such as `fs`."""
    parts = row.name.split(".")
    return ".".join(parts[:_FAMILY_PARTS] if parts[0] == "net" else parts[:1])


def on(row: Parameter, kernel: str) -> bool:
    """Return whether a kernel has a parameter."""
    return not row.is_missing_on(kernel) and not (row.removed and has(kernel, row.removed))


def seen(name: str) -> list[str]:
    """Return the kernels on which the bounds of a parameter were tried."""
    pairs = _FOUND["bounds"].get(name, [])
    found = [kernel for kernel, pair in zip(KERNELS, pairs * (len(KERNELS) // max(len(pairs), 1))) if pair]
    written = json.loads(WRITTEN.read_text("utf-8"))
    return [kernel for kernel in KERNELS if kernel in found or name in written.get(kernel, ())]


def bounds(row: Parameter, kernel: str) -> str:
    """Return the numbers that a kernel accepts, as text."""
    if not on(row, kernel):
        return "not there"
    here = row.on(kernel)
    if not row.writable:
        return "read-only"
    if here.low is None or here.high is None:
        return {"word": "a word", "words": "words"}.get(row.kind, "any")
    shown = f"{_number(here.low)} to {_number(here.high)}"
    return f"{shown} (some only {_number(here.sure[0])} to {_number(here.sure[1])})" if here.sure else shown


def default(row: Parameter, kernel: str) -> str:
    """Return the default on a kernel, as text."""
    found = row.default_on(kernel) if on(row, kernel) else None
    if row.by_memory and found is None:
        part, most = row.by_memory
        return f"memory / {part}" + (f", at most ``{most}``" if most < 2**31 else "")
    return _NONE if found is None else f"``{found}``" if found else "empty"


def default_on_kernels(row: Parameter, kernels: Sequence[str]) -> str:
    """Return the default on those of the kernels that have a parameter, as text."""
    there = [kernel for kernel in kernels if on(row, kernel)]
    return _by_kernel([default(row, kernel) for kernel in there], there)


def _number(number: int) -> str:
    return _NAMES.get(number, str(number))


def _section(name: str, rows: list[Parameter]) -> str:
    head = [name, "-" * len(name), "", ".. list-table::", "   :header-rows: 1", "   :widths: 36 10 34 10 10", ""]
    cells = [("Parameter", "Default", "Bounds", "Scope", "Seen on")]
    for row in rows:
        scope = "host" if row.scope == HOST_WIDE else row.scope.partition(" ")[0]
        where = seen(row.name)
        cells.append(
            (
                f"``{row.name}``",
                default_on_kernels(row, KERNELS),
                _by_kernel([bounds(row, kernel) for kernel in KERNELS], KERNELS),
                scope,
                "all" if len(where) == len(KERNELS) else ", ".join(where) or _NONE,
            )
        )
    table = [*head, *(line for cell in cells for line in _lines(cell)), ""]
    return "\n".join([*table, *(line for row in rows for line in _more(row))])


def _removed(shown: set[str]) -> str:
    """Return the section of the parameters that none of the kernels has."""
    gone = [row for row in catalogue.rows() if row.removed not in ("", NEVER) and row.name not in shown]
    about = "Guides still recommend these. None of the four kernels has them."
    lines = [_REMOVED, "-" * len(_REMOVED), "", about, ""]
    return "\n".join([*lines, *(line for row in sorted(gone) for line in _more(row))])


def _more(row: Parameter) -> Iterator[str]:
    """Yield what is known of a parameter besides its table: nothing, or an entry of a definition list."""
    parts = {"": plain(row.note), "Life cycle": life_cycle(row)}
    parts["Applies to"] = effect(row.name)
    parts["Hazards"] = "; ".join(hazards(row))
    parts["Recommended"] = "; ".join(_recommended(row.name))
    known = [f"*{name}*: {part}" if name else part for name, part in parts.items() if part]
    if known:
        yield f"``{row.name}``"
        yield from (f"  | {part.rstrip('.')}." for part in known)
        yield ""


def _recommended(name: str) -> Iterator[str]:
    for shown, who in by_value(name).items():
        yield f"{shown} ({', '.join(who)})"
    for (value, verdict, _message), where in grouped(name).items():
        if value:
            yield f"``{value}`` ({where}{'' if verdict == 'ok' else f': {verdict}'})"


def _by_kernel(texts: list[str], kernels: Sequence[str]) -> str:
    """Return a text for each run of kernels with the same, such as `0 to 1`; from 6.1: `0 to 2`."""
    found = []
    for text, pairs in groupby(zip(texts, kernels), lambda pair: pair[0]):
        _text, kernel = next(pairs)
        found.append(f"from {kernel}: {text}" if found else text)
    return "; ".join(found) or _NONE


def _lines(cells: tuple[str, ...]) -> Iterator[str]:
    for number, cell in enumerate(cells):
        yield f"   {'*' if number == 0 else ' '} - {cell}"
