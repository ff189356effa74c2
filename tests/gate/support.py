# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The support matrix of both READMEs, made from docs/support.json and the trees in tests/fixtures/distributions.

    python -m tests.gate.support    add what the tests of this checkout ran on, and write both files

A test of the gate compares README.md with docs/support.json, which only has what tests really ran on.
"""

from __future__ import annotations

import json
from typing import Any, Iterable

from tests.unit.support import distributions

from . import ran_on
from .places import ROOT

_DATA, README, CHINESE = ROOT / "docs" / "support.json", ROOT / "README.md", ROOT / "README.zh-CN.md"
# The words of the matrix in README.zh-CN.md.
_IN_CHINESE = {
    "ran on": "实际运行过",
    "file layout only": "仅文件布局",
    "ansible-core (controller's Python)": "ansible-core（控制机的 Python）",
    "Python of managed hosts, each module": "被管理主机的 Python，每个模块",
    "containers with systemd": "带 systemd 的容器",
    "virtual machines that reboot": "会重启的虚拟机",
    "other distributions": "其他发行版",
}
_START, _END = "<!-- Written by `make docs`. -->\n", "<!-- End of the support matrix. -->\n"
# kind of a note -> the field that names a version, and the field that says more about it. Both are cut to two numbers.
_FIELDS = {
    "controller": ("core", "controller"),
    "target": ("target", "core"),
    "container": ("system", "python"),
    "machine": ("system", "kernel"),
}
_KEPT_WHOLE = ("system",)


def merged(data: dict[str, dict[str, list[str]]], notes: Iterable[dict[str, str]]) -> dict[str, Any]:
    """Return the data with `notes` added: {kind: {version: further versions}}."""
    found = {kind: {key: set(more) for key, more in data.get(kind, {}).items()} for kind in _FIELDS}
    for note in notes:
        # Each run of versions.py has a controller and a target.
        for kind in ("controller", "target") if "core" in note else (note["kind"],):
            name, more = (_shortened(note, field) for field in _FIELDS[kind])
            found[kind].setdefault(name, set()).add(more)
    return {
        kind: {key: sorted(rows[key], key=_numbers) for key in sorted(rows, key=_numbers)}
        for kind, rows in found.items()
    }


def table(data: dict[str, dict[str, list[str]]], layouts: Iterable[str]) -> str:
    """Return the support matrix as Markdown. layouts: the distributions whose file layout is all that was tried."""
    rows = {
        "ansible-core (controller's Python)": _listed(data["controller"], ""),
        "Python of managed hosts, each module": ", ".join(data["target"]),
        "containers with systemd": _listed(data["container"], "Python "),
        "virtual machines that reboot": _listed(data["machine"], "Linux "),
    }
    lines = ["| | ran on | file layout only |", "|---|---|---|"]
    lines += [f"| {name} | {text} | |" for name, text in rows.items() if text]
    lines.append(f"| other distributions | | {', '.join(layouts)} |")
    return "\n".join(lines) + "\n"


def rendered(readme: str, matrix: str) -> str:
    """Return the README with this matrix between its markers."""
    before, _start, rest = readme.partition(_START)
    _old, end, after = rest.partition(_END)
    if not end:
        raise ValueError(f"README.md lacks {_START.strip()} or {_END.strip()}")
    return f"{before}{_START}\n{matrix}\n{_END}{after}"


def in_chinese(matrix: str) -> str:
    """Return the matrix with Chinese headings."""
    for english, chinese in _IN_CHINESE.items():
        matrix = matrix.replace(f"| {english} |", f"| {chinese} |")
    return matrix


def matrix_of(text: str) -> str:
    """Return the matrix for the text of docs/support.json."""
    layouts = sorted(map(distributions.title, distributions.NAMES), key=_numbers)
    return table(json.loads(text), layouts)


def main() -> None:
    """Add the notes of this checkout to docs/support.json, and write the matrix in both languages."""
    data = merged(json.loads(_DATA.read_text()) if _DATA.exists() else {}, ran_on.notes())
    _DATA.write_text(json.dumps(data, indent=2) + "\n")
    matrix = matrix_of(_DATA.read_text())
    README.write_text(rendered(README.read_text(), matrix))
    CHINESE.write_text(rendered(CHINESE.read_text(), in_chinese(matrix)))


def _shortened(note: dict[str, str], field: str) -> str:
    return note[field] if field in _KEPT_WHOLE else ".".join(note[field].split("-")[0].split(".")[:2])


def _listed(rows: dict[str, list[str]], what: str) -> str:
    return ", ".join(f"{name} ({what}{', '.join(more)})" for name, more in rows.items())


def _numbers(text: str) -> list[Any]:
    """Return a key that sorts numbers in a text by their value: Debian 9 before Debian 10."""
    words = text.replace(".", " ").replace(",", " ").split()
    return [(word.isdigit(), int(word) if word.isdigit() else 0, word) for word in words]


if __name__ == "__main__":
    main()
