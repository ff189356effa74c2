# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words of a shell command line. Anything can be read: a quote that is not closed is an ordinary character."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.text import without_prefix

_TOKEN = re.compile(
    r"""(?P<double>"(?:[^"\\]|\\.)*")
    |(?P<single>'[^']*')
    |(?P<into>&?[12]?>{1,2}\|?)(?!\()\s*
    |(?P<given><<<)\s*
    |(?P<document><<-?)\s*
    |(?P<end>\|\||&&|\|&?|;;?|&|\n|`)
    |(?P<call>\((?=["'])|(?<=["'])[\])]+)
    |(?P<plain>\$\([^()]*\)|\$\{\{.*?\}\}|\{\{.*?\}\}|\$\{[^}]*\}|\\.|[^\s"'|;&<>`\\{(]+|[^\s])
    |(?P<blank>\s+)""",
    re.VERBOSE | re.DOTALL,
)


class Command(NamedTuple):
    """One command of a line.

    words: without their quotes; what is in the brackets of a call in code is a word of its own. quoted: whether each
    word had quotes. into: the files that its output is written to, by itself or by tee or dd after it. given: the text
    of its here-string.
    """

    words: list[str]
    quoted: list[bool]
    into: list[str]
    given: str = ""


class _Reader:
    """Collects words until a command ends."""

    def __init__(self) -> None:
        self.done: list[Command] = []
        self.pipes = [False]
        self._start()

    def _start(self) -> None:
        self.words: list[tuple[str, bool, str]] = []
        self.part, self.in_quotes, self.role = "", False, ""

    def add(self, text: str, *, quoted: bool) -> None:
        self.part += text
        self.in_quotes |= quoted

    def end_word(self) -> None:
        if self.part or self.in_quotes:
            self.words.append((self.part, self.in_quotes, self.role))
            self.role = ""
        self.part, self.in_quotes = "", False

    def end_command(self, *, pipe: bool) -> None:
        self.end_word()
        plain = [(text, quoted) for text, quoted, role in self.words if not role]
        into = [text for text, _quoted, role in self.words if role == "into"]
        given = "".join(text for text, _quoted, role in self.words if role == "given")
        if self.words:
            self.done.append(Command([one for one, _q in plain], [quoted for _one, quoted in plain], into, given))
            self.pipes.append(pipe)
        self._start()


@functools.lru_cache(maxsize=256)
def commands(text: str) -> Sequence[Command]:
    """Return the commands of a line; the output of one that is piped into tee or dd is written to the files of that."""
    reader = _Reader()
    comment = 0
    for token in _TOKEN.finditer(text):
        kind, found = token.lastgroup, token.group()
        if token.start() < comment:
            continue
        if found.startswith("#") and token.start() and not reader.part and not reader.in_quotes:
            comment = text.find("\n", token.start()) % (len(text) + 1)
            continue
        if kind in ("double", "single"):
            inner = found[1:-1]
            reader.add(re.sub(r'\\(["\\$`])', r"\1", inner) if kind == "double" else inner, quoted=True)
        elif kind == "plain":
            reader.add(found[1:] if found.startswith("\\") and len(found) == 2 else found, quoted=False)
        elif kind == "end":
            reader.end_command(pipe=found.startswith("|") and found != "||")
        else:
            reader.end_word()
            if kind in ("into", "given"):
                reader.role = kind
            elif kind == "document":
                reader.role = "document"
    reader.end_command(pipe=False)
    return list(_with_files(reader.done, reader.pipes))


def _with_files(found: Sequence[Command], pipes: Sequence[bool]) -> list[Command]:
    result = []
    for at, command in enumerate(found):
        following = at + 1
        files = _files(found[following]) if following < len(found) and pipes[following] else []
        own = _files(command)
        result.append(command._replace(into=[*command.into, *files, *own]) if files or own else command)
    return result


def _files(command: Command) -> list[str]:
    """Return the files that tee, sponge or dd writes its input to."""
    words = [word for word in command.words if word != "sudo"]
    name = words[0].rpartition("/")[2] if words else ""
    if name == "dd":
        return [without_prefix(word, "of=") for word in words[1:] if word.startswith("of=")]
    return [word for word in words[1:] if not word.startswith("-")] if name in ("tee", "sponge") else []
