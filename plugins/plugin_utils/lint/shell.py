# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings made by shell commands: sysctl, and writing to /proc/sys with echo, printf or tee."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._formats import sysctl_conf
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue

from . import keys, lines

_SYSCTL = re.compile(r"(?<![\w.-])sysctl((?:\s+-{1,2}[\w=-]+)*)\s+([^;&|]*)", re.ASCII)
_PAIR = re.compile(r"(?P<open>[\"']?)(?P<key>[A-Za-z][\w./*:@-]*)(?P<left>\s*)=(?!=)(?P<right>\s*)", re.ASCII)
_INTO = r"(?:>{1,2}|\|\s*(?:sudo\s+)?tee(?:\s+-a)?)\s*[\"']?/proc/sys/(?P<path>[\w./*:@%+-]+)"
_ECHO = re.compile(
    r"(?<![\w.-])(?:echo|printf)\s+(?:-\w+\s+)*(?P<value>\"[^\"]{0,200}\"|'[^']{0,200}'|[^>|;&\"']{0,200}?)\s*" + _INTO,
    re.ASCII,
)
_TEE = re.compile(
    r"(?<![\w.-])tee\s+/proc/sys/(?P<path>[\w./*:@%+-]+)\s*<<<\s*(?P<value>\"[^\"]*\"|'[^']*'|\S+)", re.ASCII
)
_THEN = re.compile(r"\|\||&&")
# Commands that mention settings without making them.
_READS = re.compile(
    r"(?:sudo\s+)?(?:sed|[ef]?grep|awk|perl|if|test|\[\[?|diff|man|docker\s+inspect|(?:/\S*/)?sysctl\s+-a)\s"
)
_LISTS = re.compile(r"(?:sudo\s+)?(?:(?:/\S*/)?sysctl\s|cat\s+/proc/sys/)", re.ASCII)
_COMMAND = re.compile(
    r"(?:sudo\s+)?(?:(?:/\S*/)?(?:sysctl|cat|tee|echo|printf|vim?|nano|modprobe|ulimit|systemctl|export|exit|cp|mv|touch|"
    r"chmod|mkdir|sleep|set\s+-\w+|fi|done|EOF|EOT|END)\b|/etc/\S+|\.\s|```|~~~|\[[\w .-]+\]$|---|\.\.\.$)",
    re.ASCII,
)


class Assignment(NamedTuple):
    """One setting. key: canonical. value: without quotes. flaw: why the command would not do what was meant."""

    key: str
    value: str
    flaw: str = ""


def settings(text: str) -> list[Assignment]:
    """Return the settings that the commands of a line make."""
    return [*_by_sysctl(text), *_by_writing(text)]


def without_reading(text: str) -> str:
    """Return the line without the commands that only search for settings, such as grep."""
    if not _READS.search(text):
        return text
    return " ; ".join(part.strip() for part in _THEN.split(text) if not _READS.match(part.strip()))


def lists(text: str) -> bool:
    """Return whether the command prints values, if it sets none."""
    return _LISTS.match(text) is not None


def is_command(text: str) -> bool:
    """Return whether the line belongs to a script, a here-document or a code block rather than to prose."""
    return _COMMAND.match(text) is not None


def _by_sysctl(text: str) -> Iterator[Assignment]:
    for command in _SYSCTL.finditer(text):
        at, arguments = 0, command.group(2)
        while True:
            pair = _PAIR.search(arguments, at)
            if pair is None:
                break
            assignment, at = _assignment(pair, arguments)
            yield assignment


def _assignment(pair: re.Match[str], arguments: str) -> tuple[Assignment, int]:
    key, quote = keys.canonical(pair.group("key")), pair.group("open")
    spaced = not quote and bool(pair.group("left") or pair.group("right"))
    flaw = "on a command line there must be no space beside the =" if spaced else ""
    rest = lines.after(arguments, pair)
    if quote and quote in rest:
        value = rest[: rest.index(quote)]
        return Assignment(key, value.strip(), flaw), pair.end() + len(value) + 1
    words = lines.leading_value(rest, catalogue.find(key))
    value = words.value
    if not (words.quoted or spaced or lines.is_template(value)):
        flaw = "the shell splits it at the spaces; quote the value" if " " in value else ""
        value = value.rstrip(",;")
    return Assignment(key, value, flaw), len(arguments) - len(words.rest)


def _by_writing(text: str) -> Iterator[Assignment]:
    for pattern in (_ECHO, _TEE):
        for command in pattern.finditer(text):
            name = sysctl_conf.from_path(command.group("path").strip("/"))
            yield Assignment(name, command.group("value").strip().strip("\"'").strip())
