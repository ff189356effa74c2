# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the documentation, with the output and the files that are shown beside them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Iterator, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted(ROOT.glob("roles/*/README.md")), *sorted(ROOT.glob("docs/docsite/rst/*.rst"))]
_MARKDOWN = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_RST = re.compile(r"^\.\. code-block:: (\w+)\n((?:[ \t]*\n|[ ]{2,}.*\n)+)", re.MULTILINE)
# A block that begins with its name, such as "# local.yml" or "# pod.yml: what must be allowed".
_FILE = re.compile(r"# ((?:[\w.]+/)*[\w-]+\.ya?ml)\b.*\n")
_COMMENT = re.compile(r"\s{2,}# .*$", re.MULTILINE)


class Command(NamedTuple):
    """A command as it is printed, without its comment. shown: the lines of output below it."""

    document: str
    text: str
    shown: list[str]


def blocks(document: Path) -> list[tuple[str, str]]:
    """Return the language and the text of each code block of a Markdown or reStructuredText document."""
    pattern = _MARKDOWN if document.suffix == ".md" else _RST
    text = document.read_text(encoding="utf-8")
    return [(language, textwrap.dedent(block).strip("\n") + "\n") for language, block in pattern.findall(text)]


def commands(document: Path) -> Iterator[Command]:
    """Yield the commands of a document, in order."""
    name = str(document.relative_to(ROOT))
    for language, block in blocks(document):
        if language == "console":
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                lines = part.splitlines()
                last = min(number for number, line in enumerate(lines) if not line.endswith("\\"))
                text = _COMMENT.sub("", "\n".join(lines[: last + 1]))
                yield Command(name, text, [line for line in lines[last + 1 :] if line.strip(" .")])


def files(document: Path) -> dict[str, str]:
    """Return {path: text} of the YAML files that a document shows; paths are relative."""
    found = {}
    for language, block in blocks(document):
        named = _FILE.match(block) if language in ("yaml", "yml") else None
        if named:
            found[named[1]] = block
    return found


def missing_words(shown: list[str], output: str) -> list[str]:
    """Return the words of four letters or more that are shown and that the output does not have."""
    found = set(_words(output))
    return sorted(set(_words("\n".join(shown))) - found)


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z_]{4,}", text)
