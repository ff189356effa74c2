# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings made by shell commands: sysctl, sed -i, and writing to /proc/sys or to a file with echo, printf or tee."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.text import without_prefix
from ansible_collections.nettune.tcp.plugins.module_utils._formats import sysctl_conf
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue

from . import keys, lines, sed, tools
from .words import Command, commands

_PROC = re.compile(r"/proc/sys/(?P<path>(?:[\w./*:@%+-]|\$\w+|\$?\{[^/]*\})+)$", re.ASCII)
_KEY = r"-?(?:/proc/sys/)?[A-Za-z][\w./*:@%+{}$-]*"
_PAIR = re.compile(rf"(?P<key>{_KEY})(?P<left>\s*)=(?!=)(?P<right>\s*)(?P<value>.*)", re.ASCII | re.DOTALL)
_BARE = re.compile(rf"(?P<key>{_KEY})(?P<equals>=?)", re.ASCII)
_NUMBERS = re.compile(r"-?\d+", re.ASCII)
# No file: what is written there is lost, or only shown.
_NO_FILE = re.compile(r"/dev/|&|/tmp/net|/tmp/proc")
# Commands that mention settings without making them, if they are the first word of a command.
_READERS = {"grep", "egrep", "fgrep", "zgrep", "rg", "awk", "test", "[", "[[", "diff", "man", "which", "head", "tail"}
_PRINTS = re.compile(
    r"(?:\w+(?:\.|::))*(?:echo|printf?|log|logger|info|warn|error|die|debug|msg|say|notice|fail|abort|usage)(?![a-z])"
)
_LISTS = re.compile(r"(?:sudo\s+)?(?:(?:/\S*/)?sysctl\s|cat\s+/proc/sys/)", re.ASCII)
_COMMAND = re.compile(
    r"@?(?:sudo\s+)?(?:(?:/\S*/)?(?:sysctl|cat|tee|echo|printf|vim?|nano|modprobe|ulimit|systemctl|export|exit|cp|mv|touch|"
    r"chmod|mkdir|sleep|set\s+-\w+|fi|done|EOF|EOT|END|sed|grep|apt|apt-get|yum|dnf|service|source|then|else|docker|"
    r"kubectl|helm|podman)\b|/etc/\S+|\.\s|```|~~~|\[[\w .-]+\]$|---|\.\.\.$)",
    re.ASCII,
)
_PRINT_CALL = re.compile(
    r"(?:\w+(?:\.|::))*(?:(?:log|print|info|warn|warning|error|debug|fatal)(?:f|ln|_\w+)?!?|assert\w*!?|raise\s+\w+|throw\s+new\s+\w+)"
    r"\((?!.*\bfile=)",
    re.ASCII | re.IGNORECASE,
)
_HINT = re.compile(r"[sS]ysctl|/proc/sys|(?<![\w-])(?:echo|printf|sed|perl|tee)\s", re.ASCII)
# Functions of scripts: set_sysctl net.core.somaxconn 8192.
_HELPER = re.compile(
    r"(?:set|try|apply|update|write|add|put|ensure|change|tune|safe|do|run)\w*sysctl|sysctl_?(?:set|apply|write|update)",
    re.IGNORECASE | re.ASCII,
)
_ASKS = re.compile(r"unset|check|get|test|verify|assert|show|is_|has_|remove|del|restore|backup|save", re.IGNORECASE)
_PREFIX = {
    "sudo",
    "then",
    "do",
    "else",
    "time",
    "exec",
    "command",
    "if",
    "while",
    "!",
    "{",
    "(",
    "nohup",
    "env",
    "-",
    "RUN",
    # Of ifupdown.
    "up",
    "pre-up",
    "post-up",
}
_VARIABLE = re.compile(r"[A-Z_a-z]\w*=(?!=)\S*", re.ASCII)
# When cron runs a command.
_NAMED_TIME = re.compile(r"@(?:reboot|hourly|daily|midnight|weekly|monthly|yearly|annually)")
_TIME = re.compile(r"[\d*/,-]+|[A-Za-z]{3}")
_ESCAPE = re.compile(r"\\[nrt]|\\0?1[25]")


# Most commands of most scripts, which need no closer look.
_PLAIN = re.compile(r"(?:sudo )?(?:/\S*/)?sysctl -w (?P<key>[a-z]\w*[./][\w./-]+)=(?P<value>\d+)", re.ASCII)


class Assignment(NamedTuple):
    """One setting. key: canonical. value: without quotes. flaw: why the command would not do what was meant.

    in_file: whether the command writes a line of a file, rather than the value.
    """

    key: str
    value: str
    flaw: str = ""
    in_file: bool = False


def settings(text: str) -> list[Assignment]:
    """Return the settings that the commands of a line make."""
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return [Assignment(keys.canonical(plain["key"]), plain["value"])]
    if not _HINT.search(text):
        return []
    return [found for command in commands(text) for found in _of_command(command)]


def reads_only(text: str) -> bool:
    """Return whether every command of the line only searches for or prints what it mentions."""
    return all(_only_reads(command) for command in commands(text))


def without_reading(text: str) -> str:
    """Return the line without the commands that only search for or print what they mention."""
    found = commands(text)
    kept = [command for command in found if not _only_reads(command)]
    if len(kept) == len(found):
        return text
    return " ; ".join(
        " ".join(f'"{word}"' if quoted else word for word, quoted in zip(command.words, command.quoted))
        for command in kept
    )


def prints(text: str) -> bool:
    """Return whether a line of code only prints a text, compares it, or fails with it."""
    return _PRINT_CALL.match(text) is not None


def lists(text: str) -> bool:
    """Return whether the command prints values, if it sets none."""
    return _LISTS.match(text) is not None


def is_command(text: str) -> bool:
    """Return whether the line belongs to a script, a here-document or a code block rather than to prose."""
    return _COMMAND.match(text) is not None


def written_lines(text: str) -> Iterator[Assignment]:
    """Yield the settings of text that is written to a file."""
    for one in _ESCAPE.sub("\n", text).split("\n"):
        pair = _PAIR.fullmatch(one.strip())
        if pair is not None and (keys.has_root(pair["key"].lstrip("-")) or keys.resembles(pair["key"])):
            yield Assignment(keys.canonical(pair["key"].lstrip("-")), pair["value"].strip(), in_file=True)


def value_flaw(text: str) -> str:
    """Return what is wrong with a value on a command line, or an empty text."""
    return "the shell splits it at the spaces; quote the value" if " " in text else ""


def _of_command(command: Command) -> Iterator[Assignment]:
    words = _without_prefix(command.words)
    if not words or _name(words[0]) in _READERS:
        return
    name = _name(words[0])
    if name in ("echo", "printf"):
        yield from _written(_printed(name, words[1:]), command)
        return
    if name in ("tee", "cat", "dd", "sponge") and command.given:
        yield from _written(command.given, command)
        return
    if name in ("sed", "perl"):
        for replaced in sed.replacements(words, redirected=bool(command.into)):
            yield from written_lines(replaced)
        return
    for key, value, in_file in tools.settings(name, words):
        yield Assignment(key, value, in_file=in_file)
    for at, word in enumerate(words):
        if _name(word) == "sysctl" and " " not in word:
            after = at + 1
            yield from _by_sysctl(words[after:], command.quoted[len(command.words) - len(words) + after :])
            return
    if _HELPER.search(name) and not _ASKS.match(name) and len(words) > 2 and "=" not in words[1]:
        if keys.is_name(words[1]) and not words[2].startswith("-"):
            yield Assignment(keys.canonical(words[1]), words[2])
        return
    if _PRINTS.match(words[0]) is None:
        # Code in an argument, or in a text that is a command of its own, as in os.system("...").
        quoted = command.quoted[len(command.words) - len(words) :]
        for word in (one for one, in_quotes in zip(words, quoted) if in_quotes and re.search(r"\s", one)):
            yield from settings(_without_rest(word.rstrip(":,;")))


def _without_rest(text: str) -> str:
    """Return a text without the quote at its end that closes one which began before it."""
    return text[:-1] if text[-1:] in ("'", '"') and text.count(text[-1]) % 2 else text


def _by_sysctl(words: Sequence[str], quoted: Sequence[bool]) -> Iterator[Assignment]:
    """Yield the settings among the arguments of sysctl: key=value, or key = value, which it refuses."""
    at = 0
    while at < len(words):
        # docker run --sysctl=key=value
        word, in_quotes = without_prefix(words[at], "--sysctl="), quoted[at]
        at += 1
        if word.startswith("-"):
            if word in ("-p", "--load", "-f", "-n", "-a", "-r", "--pattern") or word.startswith("-p"):
                return
            continue
        pair, bare = _PAIR.fullmatch(word), _BARE.fullmatch(word)
        spaced = at < len(words) and bool(bare) and (words[at].startswith("=") or bare["equals"] == "=")
        if spaced and not re.search(r"[._/]|^somaxconn$", word):
            return
        if spaced and not in_quotes and (bare["equals"] or words[at] != "=" or at + 1 < len(words)):
            rest = " ".join(words[at:])
            value = lines.leading_value(rest.lstrip("= "), catalogue.find(keys.canonical(bare["key"]))).value
            flaw = "on a command line there must be no space beside the ="
            yield Assignment(keys.canonical(bare["key"]), value, flaw)
            return
        if pair is None and not spaced and not re.search(r"[._/${]", word):
            return  # a sentence about a sysctl setting
        if pair is None or not re.search(r"[._/]|^somaxconn$", pair["key"]) or pair["value"].startswith(">"):
            continue
        key, value, flaw = keys.canonical(pair["key"]), pair["value"].strip(), ""
        split = [value]
        while not in_quotes and at < len(words) and _NUMBERS.fullmatch(words[at]):
            split.append(words[at])
            at += 1
        if len(split) > 1:
            value, flaw = " ".join(split), "the shell splits it at the spaces; quote the value"
        elif not in_quotes and not lines.is_template(value):
            value = lines.leading_value(value, catalogue.find(key)).value.rstrip(",;")
        yield Assignment(key, value, flaw)


def _written(text: str, command: Command) -> Iterator[Assignment]:
    """Yield the settings of text that a command writes to a file, if it writes it anywhere."""
    for path in command.into:
        proc = _PROC.search(path)
        if proc is not None:
            yield Assignment(sysctl_conf.from_path(proc["path"].strip("/")), _ESCAPE.sub(" ", text).strip())
        elif not _NO_FILE.match(path):
            yield from written_lines(text)


def _printed(name: str, words: Sequence[str]) -> str:
    """Return what echo or printf prints."""
    flags = 0
    while flags < len(words) and re.fullmatch(r"-[neE]+|--", words[flags]):
        flags += 1
    rest = list(words[flags:])
    if name == "printf" and rest and "%" in rest[0] and len(rest) > 1:
        text = rest[0]
        for word in rest[1:]:
            text = (
                re.sub(r"%[sdbi]", lambda _found, word=word: word, text, count=1) if "%" in text else f"{text}\n{word}"
            )
        return text if "=" in text or len(rest) == 2 else "\n".join(rest[1:])
    return " ".join(rest)


def _only_reads(command: Command) -> bool:
    words = _without_prefix(command.words)
    name = _name(words[0]) if words else ""
    printed = _PRINTS.match(name) is not None and not command.into
    searched = name in _READERS or name in ("sed", "perl") or (name == "cat" and not command.into)
    return not words or printed or searched or (name == "sysctl" and any(word in ("-a", "-n") for word in words))


def _without_prefix(words: Sequence[str]) -> Sequence[str]:
    at = _schedule(words)
    while at < len(words) and (words[at] in _PREFIX or _VARIABLE.fullmatch(words[at])):
        at += 1
    return words[at:]


def _schedule(words: Sequence[str]) -> int:
    """Return how many words at the beginning are the time and the user of a line of cron."""
    named = words[:1] and _NAMED_TIME.fullmatch(words[0])
    count = 1 if named else 5 if len(words) > 5 and all(map(_TIME.fullmatch, words[:5])) else 0
    return count + (count and words[count : count + 1] == ["root"])


def _name(word: str) -> str:
    return word.rpartition("/")[2].lstrip("@-+!:")
