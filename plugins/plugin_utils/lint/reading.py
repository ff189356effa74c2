# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which reader a text needs, by its name and its shape, and what became of each of its lines.

Documents inside documents, such as a script in YAML or a code block in prose, are read with the reader they need.
"""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Sequence

from . import blocks, code, conf, diff, lines, resources, script, tables, text, yaml_text
from .row import REFUSED, Setting

_SYSCTL_NAME = re.compile(
    r"(?:.*/)?(?:sysctl\.conf|.*sysctl\.d/[^/]+|sysctl[\w.-]*\.conf)(?:\.j2|\.erb|\.epp|\.tmpl)?", re.IGNORECASE
)
_CONF_NAME = re.compile(r".*\.conf(?:\.j2|\.erb|\.epp|\.tmpl)?", re.IGNORECASE)
_YAML_NAME = re.compile(r".*\.(?:ya?ml|json|sls|ign|bu)(?:\.j2)?", re.IGNORECASE)
_SCRIPT_NAME = re.compile(
    r".*\.(?:sh|bash|zsh|service|socket|target|mount|dockerfile|cmd|cron|container|pod)"
    r"|(?:.*/)?(?:(?:Docker|Container)file[\w.-]*|cron\.d/[^/]+|crontab)",
    re.IGNORECASE,
)
_YAML_START = re.compile(r"\ufeff?\s*(?:#cloud-config|---\s|\{\s*\")")
_SCRIPT_START = re.compile(
    r"\ufeff?(?:#!.*\b(?:ba|da|z|k|a)?sh\b"
    r"|(?:[ \t]*#.*\n|[ \t\r]*\n)*(?:FROM|ARG)\s+\S+"
    r"|(?:[ \t]*[#;].*\n|[ \t\r]*\n)*\[(?:Unit|Service|Container|Pod)\])"
)
_FENCE = re.compile(r"^[ \t>]*(?P<fence>```+|~~~+)[ \t]*(?P<kind>[\w.+-]*)[^\n`]*$", re.MULTILINE)
_SECTION = re.compile(r"^\s*\[(?P<name>[\w .-]+)\]\s*$")
# An asterisk continues a comment if it is indented; otherwise it is a line of cron, or an item of a list.
_COMMENT = re.compile(r"\s*(?:#|;|//|/\*|\*/\s*$|<!--|--\s|\{#|<%#)|\s+\*\s")
_NAMES = {"yaml": "x.yml", "yml": "x.yml", "json": "x.json", "sh": "x.sh", "bash": "x.sh", "shell": "x.sh"}
_MORE_NAMES = {
    "diff": "x.diff",
    "patch": "x.diff",
    "dockerfile": "Dockerfile",
    "docker": "Dockerfile",
    "systemd": "x.service",
    "conf": "x.conf",
}
_LONGEST_READ, _LONGEST_SHOWN = 1000, 120
# So many of the other lines are listed; all of them are counted.
MOST_OTHERS = 10_000
_DEEPEST = 4


class Reading(NamedTuple):
    """A text that was read. comments, other_lines: how many there are. others: (number, text) of the first of these."""

    settings: list[Setting]
    comments: int
    others: list[tuple[int, str]]
    other_lines: int = 0


def read(given: str, name: str = "") -> Reading:
    """Return the settings of a text and what its other lines are. name: of the file, with or without its path."""
    found = settings(given, name)
    kept = [one for one in found if one.flaw or one.how != REFUSED]
    used = _used(kept, given)
    comments, count, others = 0, 0, []
    for number, raw in enumerate(lines.raw(given), start=1):
        if used[number] or not raw or raw.isspace():
            continue
        if _COMMENT.match(raw.lstrip("\ufeff")):
            comments += 1
            continue
        count += 1
        if count <= MOST_OTHERS:
            shown = " ".join(raw[:_LONGEST_READ].split())
            others.append((number, shown if len(shown) <= _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 1]}…"))
    return Reading(kept, comments, others, count)


def _used(found: Sequence[Setting], given: str) -> bytearray:
    """Return for each line, from 1, whether it belongs to a setting."""
    used = bytearray(given.count("\n") + given.count("\r") + 2)
    for one in found:
        first, end = one.line, max(one.line, one.last) + 1
        used[first:end] = b"\1" * (end - first)
    return used


def settings(given: str, name: str = "", depth: int = 0) -> list[Setting]:
    """Return the settings of a text, in the order of their lines."""
    if depth > _DEEPEST:
        return []

    def inside(text: str, its_name: str) -> list[Setting]:
        return settings(text, its_name, depth + 1)

    return sorted(_settings(given, name, inside), key=lambda one: one.line)


def _settings(given: str, name: str, inside: script.Read) -> list[Setting]:
    if _SYSCTL_NAME.fullmatch(name):
        return list(conf.settings(lines.lines(given), lines.raw(given)))
    if not (_SCRIPT_NAME.fullmatch(name) or _YAML_NAME.fullmatch(name)):
        hunks = diff.hunks(_split(given), name) if "@@" in given or diff.NAME.fullmatch(name) else []
        if hunks:
            return _changed(given, hunks, inside)
    if _SCRIPT_NAME.fullmatch(name) or _SCRIPT_START.match(given):
        return list(script.settings(lines.lines(given), _split(given), inside))
    fenced = None if _YAML_NAME.fullmatch(name) else _fenced(given, inside)
    if fenced is not None:
        return fenced
    yaml = yaml_text.parsed(given, inside)
    if yaml or yaml is not None and (_YAML_NAME.fullmatch(name) or _YAML_START.match(given)):
        return yaml
    if conf.looks_like(lines.lines(given), named=bool(_CONF_NAME.fullmatch(name))):
        return list(conf.settings(lines.lines(given), lines.raw(given)))
    return _mixed(given, inside)


def _changed(given: str, hunks: Sequence[diff.Hunk], inside: script.Read) -> list[Setting]:
    """Return the settings of the files that a diff makes, and of the text around the diff."""
    rest, found = _split(given), []
    for hunk in hunks:
        begin, header, end = hunk.begin, max(hunk.begin - 1, 0), hunk.begin + len(hunk.lines)
        rest[header:end] = [""] * (end - header)
        found += _moved(inside("\n".join(hunk.lines), hunk.name), begin)
    return [*found, *inside("\n".join(rest), "")]


def _moved(read: Sequence[Setting], begin: int) -> Iterator[Setting]:
    """Yield settings of a document that begins after line `begin` of another one, as settings of that one."""
    for one in read:
        yield one._replace(
            line=one.line + begin, last=one.last + begin if one.last else 0, block=one.block + 1000 * (begin + 1)
        )


def _mixed(given: str, inside: script.Read) -> list[Setting]:
    """Return the settings of a text of several kinds: resources, a section, YAML between other lines, and prose."""
    raw = _split(given)
    sections = _in_sections(raw)
    if sections is not None:
        return sections
    found = resources.settings(given)
    document = not found and _has_document(raw)
    for begin, end in [] if found or document else _paragraphs(raw):
        part = yaml_text.parsed("\n".join(raw[begin:end]), inside) if _is_yaml(raw[begin:end]) else None
        for one in part or []:
            found.append(
                one._replace(line=one.line + begin, last=one.last + begin if one.last else 0, block=1000 + begin)
            )
        if part:
            raw[begin:end] = [""] * (end - begin)
    raw = _without(raw, found)
    in_blocks = blocks.settings("\n".join(raw)) + code.settings(raw) + tables.settings(raw)
    raw = _without(raw, in_blocks)
    rest = "\n".join(raw)
    others = script.settings(lines.lines(rest), raw, inside) if document else text.settings(rest)
    return [*found, *in_blocks, *others]


def _without(raw: list[str], found: Sequence[Setting]) -> list[str]:
    """Return the lines with those of the settings made empty."""
    taken = {number for one in found for number in range(one.line, max(one.line, one.last) + 1)}
    return ["" if number in taken else one for number, one in enumerate(raw, start=1)]


def _is_yaml(part: Sequence[str]) -> bool:
    """Return whether a paragraph has the structure of YAML, which lines of prose or of a settings file lack."""
    return any(re.match(r"\s+\S|\s*-\s+\{?\s*[\w.]+:", one) for one in part) and any(
        re.search(r":(?:\s|$)", one) for one in part
    )


def _has_document(raw: Sequence[str]) -> bool:
    return any("<<" in one and script.begins_document(one) for one in raw)


def _paragraphs(raw: Sequence[str]) -> list[tuple[int, int]]:
    """Return (begin, end) of each run of lines without a blank one."""
    found, begin = [], 0
    for number, one in enumerate([*raw, ""]):
        if not one.strip():
            if number - begin > 1:
                found.append((begin, number))
            begin = number + 1
    return found


def _in_sections(raw: Sequence[str]) -> list[Setting] | None:
    """Return the settings in the section [sysctl] of a tuned profile; None if there is no such section."""
    names = [found["name"] if found else "" for found in map(_SECTION.match, raw)]
    if "sysctl" not in names:
        return None
    section, kept = "", []
    for name, one in zip(names, raw):
        section = name or section
        kept.append(one if section == "sysctl" and not name else "")
    # TuneD removes the quotes around a value.
    found = text.settings("\n".join(kept))
    return [one._replace(flaw="") if one.flaw == text.QUOTED else one for one in found]


def _fenced(given: str, inside: script.Read) -> list[Setting] | None:
    """Return the settings of prose and of the code blocks in it; None if there are no code blocks."""
    if "```" not in given and "~~~" not in given:
        return None
    raw = _split(given)
    found: list[Setting] = []
    opened, kind, prose = 0, "", list(raw)
    for number, one in enumerate(raw, start=1):
        fence = _FENCE.fullmatch(one)
        if fence is None:
            continue
        prose[number - 1] = "```"
        if not opened:
            opened, kind = number, fence["kind"].lower()
            continue
        body = raw[opened : number - 1]
        # What is typed at a prompt has its output below it, so it is no script.
        typed = any(one.lstrip().startswith("$ ") for one in body)
        its_name = "" if typed else {**_NAMES, **_MORE_NAMES}.get(kind, "")
        found += _moved(inside("\n".join(body), its_name), opened)
        prose[opened : number - 1] = [""] * len(body)
        opened = 0
    in_tables = tables.settings(prose)
    return [*found, *in_tables, *text.settings("\n".join(_without(prose, in_tables)))]


def _split(given: str) -> list[str]:
    return list(lines.raw(given))
