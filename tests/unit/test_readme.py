# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""README.md and README.zh-CN.md have the same headings, commands, tables, names and links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Callable

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"\s+# .*$", re.MULTILINE)
# A name, command or value between backquotes.
_CODE = re.compile(r"`([^`\n]+)`")


def headings(text: str) -> list[int]:
    """Return the level of each heading."""
    return [len(found) for found in re.findall(r"^(#+) ", _FENCED.sub("", text), re.MULTILINE)]


def blocks(text: str) -> list[tuple[str, str]]:
    """Return the language and text of each code block, without comments."""
    return [(language, _COMMENT.sub("", block)) for language, block in _FENCED.findall(text)]


def tables(text: str) -> list[list[str]]:
    """Return, for each row of each table, what is between backquotes, sorted."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [[str(row.count(" |")), *sorted(_CODE.findall(row))] for row in rows]


def links(text: str) -> list[str]:
    """Return the targets of links and pictures, without those to the other README."""
    return sorted(set(re.findall(r"\]\(([^)]+)\)", text)) - {ENGLISH, CHINESE})


def names(text: str) -> set[str]:
    """Return everything between backquotes outside code blocks and tables."""
    return set(_CODE.findall("\n".join(line for line in _FENCED.sub("", text).splitlines() if line[:1] != "|")))


@pytest.mark.parametrize("part", [headings, blocks, tables, links, names], ids=lambda part: part.__name__)
def test_both_languages_have_the_same(part: Callable[[str], object]) -> None:
    assert part((ROOT / CHINESE).read_text()) == part((ROOT / ENGLISH).read_text())


@pytest.mark.parametrize("name", [ENGLISH, CHINESE])
def test_links_lead_to_files(name: str) -> None:
    targets = [link.partition("#")[0] for link in links((ROOT / name).read_text()) if not link.startswith("https://")]
    # Some of these files are not in the tarball, but all are in a checkout.
    if (ROOT / "Makefile").exists():
        assert [target for target in targets if not (ROOT / target).exists()] == []
    assert targets


def test_the_parts_that_are_compared_are_found() -> None:
    text = (ROOT / ENGLISH).read_text()
    assert len(headings(text)) > 10
    assert len(blocks(text)) > 10
    assert ("console", "$ ansible-playbook nettune.tcp.report -i inventory\n") in blocks(text)
    assert len(tables(text)) > 30
    assert "become" in names(text)
