# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings in any text: a sysctl.conf, a shell script or transcript, or prose around any of these.

If most lines are settings, the text is read as a file, and anything that sysctl would not accept is a flaw. Otherwise
it is prose: the words around a setting are skipped, and each run of settings is a file of its own.
"""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.value import NUMERIC

from . import keys, lines, shell
from .lines import Line
from .row import AT_LEAST, COMMAND, FILE, VALUE, Setting

_SEPARATOR = r"\s*(?P<sep>=(?!=|>(?!\s*\d))|:(?![:/]))\s*"
_WHOLE = re.compile(
    r"(?P<key>-?[A-Za-z][\w./*:@%+-]*?|-?/proc/sys/[\w./*:@%+-]+)\s*(?P<close>[\"'`]?)" + _SEPARATOR, re.ASCII
)
_INSIDE = re.compile(
    r"(?:(?<![\w./$-])|(?<=(?<![\w./])sysctl\.)|(?<=lxc\.sysctl\.)|(?<=linux\.sysctl\.))(?P<key>(?:net|fs|kernel|vm|user|dev|abi|crypto|sunrpc)"
    r"(?:[./](?:[\w*:@%+-]|[$#]\{[^{}\n]*\})+)+)(?P<close>[`\"'*\]}]{0,3})"
    r"\s*(?P<sep>=>(?:\s*\{\s*[\"']?value[\"']?\s*=>)?(?=\s*[\"'\d\[$-])|=(?![=>])|:(?![:/])|,(?=\s*[\"'\d-]))"
    r"\s*(?P<nix>\(?(?:lib\.)?mk(?:Default|Force|Override\s+\d+)\s+)?",
    re.ASCII | re.IGNORECASE,
)
# The kernel's command line: sysctl.net.core.somaxconn=4096.
_BOOT = re.compile(r"(?<![\w.])sysctl\.$")
_BOOT_VALUE = re.compile(r"\"([^\"]*)\"|[^\s\"'`,)\]]+")
# Where the next setting begins in a list without spaces.
_NEXT_PAIR = re.compile(r"[,;](?=(?:net|fs|kernel|vm)[./][\w./-]+=)")
# An escaped line break in a string of code.
_ESCAPED = re.compile(r"\\[nr](?=-?(?:net|fs|kernel|vm|user|dev)[./]|[\"'\\]|$)")
# NixOS writes 1 and 0 for these.
_NIX = {"true": "1", "false": "0"}
# Attributes of Chef: ['net']['ipv4']['tcp_sack'].
_LOOKED_UP = re.compile(r"(?<=\[[\"'])(?:net|fs|kernel|vm)(?:[\"']\]\[[\"'][\w-]+)+(?=[\"']\])", re.ASCII)
_BRACKETS = re.compile(r"[\"']\]\[[\"']")
# A line of the kernel's source: net/core/dev.c:2997.
_SOURCE = re.compile(r"/\w+\.[chS]$", re.IGNORECASE)
# An attribute or option of something else, such as net.port of MongoDB.
_OTHERS = re.compile(r"net\.[^.]+$")
# What a line with a setting has.
_POSSIBLE = re.compile(r"[=:]|(?:net|fs|kernel|vm|user|dev|abi|crypto|sunrpc)[./]", re.ASCII | re.IGNORECASE)
_LIST = re.compile(r"\[([^\[\]]*)\]")
_OPENING = re.compile(r"(?<![\w\\])([\"'`])")
_SHORT = re.compile(r"(?<![\w./$-])(?P<key>[a-z]{2,}_[a-z0-9_]+)\s*=(?!=)\s*(?=\d)", re.ASCII)
_WITHOUT = re.compile(r"(?P<key>(?:net|fs|kernel|vm)(?:[./][\w*:@%+-]+)+)\s+(?P<value>-?\d[\d ]*)$", re.ASCII)
# A text is a file if it has at most this many lines of prose for each line with settings.
_FILE = 1 / 3
_NO_EQUALS = "the = between key and value is missing"
_COMMENT_READ = "a comment after the value becomes part of it; put it on a line of its own"
QUOTED = "the quotes become part of the value"
COLON = "sysctl.conf separates key and value by =, not by :"
_SEMICOLON = "the ; after the value becomes part of it"
_COMMENT_IGNORED = "the comment after the value becomes part of it; the kernel only happens to ignore it"


class RawSetting(NamedTuple):
    """One setting as it was read. clean: whether the line contains only it. short: whether its key lacks the path."""

    line: Line
    key: str
    value: str
    form: str = FILE
    clean: bool = True
    flaw: str = ""
    how: str = VALUE
    short: bool = False
    remark: str = ""


class ReadLine(NamedTuple):
    """One line with the settings in it. prose: whether it is prose.

    breaks: whether the next settings belong to another file. lists: whether it is a command that prints parameters.
    """

    line: Line
    found: list[RawSetting]
    prose: bool = False
    breaks: bool = False
    lists: bool = False


# What the lines without settings are read as, which is most of a large text.
_BLANK = ReadLine(Line(0, ""), [])
_PROSE = ReadLine(Line(0, ""), [], prose=True, breaks=True)


def settings(text: str) -> list[Setting]:
    """Return the settings of a text, in order."""
    read = [_read(line, commented=True) for line in lines.lines(text)]
    is_file = _is_file(read)
    plainly = is_file and any(one.form == FILE for reading in read for one in reading.found)
    if not plainly and not text.lstrip("\ufeff").startswith("#!"):
        # Outside files and scripts, `# sysctl ...` is not a comment: `#` is root's prompt.
        read = [_read(line, commented=False) for line in lines.lines(text)]
        is_file = _is_file(read)
    read = list(_without_output(read))
    return list(_in_file(read) if is_file else _in_prose(read))


def _without_output(read: list[ReadLine]) -> Iterator[ReadLine]:
    """Yield the readings without the settings that a command only printed, such as those that `sysctl -w` made."""
    listing = False
    made: set[tuple[str, str]] = set()
    for reading in read:
        if reading.line.prompt and not reading.line.comment:
            listing = reading.lists and not reading.found
        elif reading.prose:
            listing = False
        printed = listing or (bool(reading.found) and {_made(one) for one in reading.found} <= made)
        if reading.line.prompt or not printed:
            made = {_made(one) for one in reading.found if one.form == COMMAND}
            printed = listing
        yield reading._replace(found=[]) if printed else reading


def _made(one: RawSetting) -> tuple[str, str]:
    return keys.canonical(one.key), " ".join(one.value.split())


def _is_file(read: list[ReadLine]) -> bool:
    with_settings = sum(bool(one.found) and not one.prose for one in read)
    return with_settings > 0 and sum(one.prose for one in read) <= with_settings * _FILE


def _read(line: Line, *, commented: bool) -> ReadLine:
    if line.comment and (commented or not line.prompt):
        return ReadLine(line, []) if line.prompt else _BLANK
    lists = shell.lists(line.text)
    if not line.text or (shell.is_command(line.text) and shell.reads_only(line.text)):
        return ReadLine(line, [], lists=lists)
    if "(" in line.text and shell.prints(line.text):
        return _PROSE
    commands = [
        RawSetting(line, one.key, one.value, FILE if one.in_file else COMMAND, flaw=one.flaw)
        for one in shell.settings(line.text)
    ]
    if commands or line.comment:
        return ReadLine(line, commands)
    found = (whole(line) or [*_inside(line)]) if _POSSIBLE.search(line.text) else []
    command = shell.is_command(line.text) or bool(line.prompt)
    prose = not command and not (found and all(one.clean for one in found))
    if prose and not found:
        return _PROSE
    return ReadLine(line, found, prose=prose, breaks=not found, lists=lists)


def whole(line: Line) -> list[RawSetting]:
    """Return the setting that a line consists of; a comment may follow it."""
    without = _WITHOUT.match(line.text)
    if without and catalogue.find(keys.canonical(without["key"])):
        return [RawSetting(line, without["key"], without["value"].strip(), flaw=_NO_EQUALS)]
    whole = _WHOLE.match(line.text)
    if whole is None or _SOURCE.search(whole["key"]):
        return []
    key = keys.of_container(whole["key"].lstrip("-"))
    rooted = keys.has_root(key)
    if not rooted and not keys.resembles(key):
        return []
    found = _setting(line, key, lines.after(line.text, whole), separator=whole["sep"])
    rest = lines.after(line.text, whole)
    return [_of_quoted(found, whole, rest)._replace(short=not rooted)] if found and found.clean else []


def _of_quoted(setting: RawSetting, found: re.Match[str], rest: str) -> RawSetting:
    """Return the setting of a key in quotes, as TOML and NixOS have it: "net.ipv4.ip_forward" = true;"""
    if not found["close"] or found["sep"] != "=":
        return setting
    flaw = "" if setting.flaw == QUOTED else setting.flaw
    nix = rest.rstrip().endswith(";")
    value = _NIX.get(setting.value, setting.value) if nix else setting.value
    return setting._replace(value=value, flaw=flaw, how=VALUE)


def inside(line: Line) -> Iterator[Setting]:
    """Yield the settings in a line of code or prose."""
    for one in whole(line) or _inside(line):
        kept = _as_in_prose(one)
        if kept is not None:
            yield to_setting(kept, block=0, repeated=True)


def mentions(line: Line) -> bool:
    """Return whether there are settings in a line of code or prose."""
    return next(_inside(line), None) is not None


def _inside(line: Line) -> Iterator[RawSetting]:
    at = 0
    if "\\" in line.text:
        line = line._replace(text=_ESCAPED.sub("\u23ce", line.text).replace('\\"', '"'))
    if "][" in line.text:
        line = line._replace(text=_LOOKED_UP.sub(lambda one: _BRACKETS.sub(".", one[0]), line.text))
    while True:
        found = _INSIDE.search(line.text, at)
        if found is None:
            break
        at = found.end()
        separator = "=" if found["sep"].startswith(("=>", ",")) else found["sep"]
        rest = _of_boot(line.text, found) or _without_list(_in_quotes(line.text, found))
        rest = _NEXT_PAIR.split(rest, maxsplit=1)[0]
        if _SOURCE.search(found["key"]) or found["sep"] == "," and not _is_literal(rest):
            continue
        setting = _setting(line, found["key"], rest, separator=separator)
        if setting is not None:
            yield _of_quoted(setting, found, rest)._replace(clean=False)
    for short in _SHORT.finditer(line.text):
        name = keys.with_path(short["key"]) if keys.is_short(short["key"]) else None
        if name is not None:
            words = lines.leading_value(lines.after(line.text, short), catalogue.find(name))
            yield RawSetting(line, name, words.value, clean=False, short=True)


def _in_quotes(text: str, found: re.Match[str]) -> str:
    """Return the text after a separator, up to the end of the quotes around key and value, if there are any."""
    at = found.end()
    if found["close"]:
        return text[at:]
    for quote in _OPENING.finditer(text, 0, found.start()):
        end = text.find(quote[1], found.start())
        if end >= at and text.count(quote[1], quote.start(), found.start()) % 2:
            return text[at:end]
    return text[at:]


def _of_boot(text: str, found: re.Match[str]) -> str:
    """Return the value of sysctl.key=value on the kernel's command line, up to a blank; else an empty text."""
    if _BOOT.search(text, 0, found.start("key")) is None:
        return ""
    value = _BOOT_VALUE.match(text, found.end())
    return f'"{value[1] or value[0]}"' if value else ""


def _without_list(rest: str) -> str:
    """Return the text after a separator with a list at its beginning as words: [4096, 87380] becomes "4096 87380"."""
    found = _LIST.match(rest)
    words = " ".join(re.findall(r"[^\s,\"']+", found[1])) if found else ""
    return f'"{words}"{lines.after(rest, found)}' if found else rest


def _is_literal(rest: str) -> bool:
    return re.match(r"[\"']?-?\d[\d ]*(?:[\"'),;\]]|$)", rest, re.ASCII) is not None


def _setting(line: Line, key: str, rest: str, *, separator: str) -> RawSetting | None:
    """Return the setting of a key and the text after its separator; None if that continues a sentence."""
    how, rest = (AT_LEAST, rest[1:]) if rest.startswith(">") and rest[1:].strip()[:1].isdigit() else (VALUE, rest)
    # Bold text of Markdown.
    key = key[:-2] if key.endswith("**") else key
    parameter = catalogue.find(keys.canonical(key))
    words = lines.leading_value(rest, parameter)
    flaw = f"{line.foreign!r} is not the plain character it looks like" if line.foreign else ""
    remark = ""
    if words.quoted:
        flaw = QUOTED
    elif words.commented:
        numbers = parameter is None or parameter.kind in NUMERIC
        ignored = numbers and words.rest[:1].isspace()
        remark = _COMMENT_IGNORED if ignored else ""
        flaw = flaw if ignored else _SEMICOLON if words.rest.strip() == ";" else _COMMENT_READ
    if separator == ":":
        flaw = flaw or COLON
        if not words.value or (not words.value[0].isdigit() and not (words.alone and _is_word(parameter))):
            return None
    return RawSetting(line, key, words.value, clean=words.alone, flaw=flaw, how=how, remark=remark)


def _is_word(parameter: Parameter | None) -> bool:
    return parameter is not None and parameter.kind == "word"


def _in_file(read: list[ReadLine]) -> Iterator[Setting]:
    found = [one for reading in read for one in reading.found]
    if 2 * sum(one.flaw == COLON for one in found) > len(found):
        # Then it is a file in another format, such as YAML with a mistake.
        found = [one._replace(flaw="") if one.flaw == COLON else one for one in found]
    for one in found:
        begins = one.clean or one.line.text.lstrip("-").startswith(one.key)
        kept = one if begins else _as_in_prose(one)
        if kept is not None:
            yield to_setting(kept, block=0, repeated=one.form == FILE or not one.line.prompt)


def _in_prose(read: list[ReadLine]) -> Iterator[Setting]:
    """Yield the settings of prose: a run of them, with comments and blank lines, is a file. Skip a command's output."""
    block, last = 0, None
    for reading in read:
        block += reading.breaks
        for one in reading.found:
            if last is not None and last.form == COMMAND and one.form == FILE and last[1:3] == one[1:3]:
                last = one
                continue
            block += last is not None and last.form != one.form
            last = one
            kept = _as_in_prose(one)
            if kept is not None:
                yield to_setting(kept, block=block, repeated=one.form == FILE and not one.short)


def _as_in_prose(one: RawSetting) -> RawSetting | None:
    """Return the setting as a person would read it; None if it is only a sentence with a = in it."""
    if one.form == COMMAND:
        return one
    if one.flaw == _NO_EQUALS:
        return None
    key = keys.with_path(one.key) if one.short else one.key
    parameter = catalogue.find(keys.canonical(key)) if key else None
    numeric = parameter is None or parameter.kind in ("int", "vector", "ports")
    if parameter is None and key and _OTHERS.match(keys.canonical(key)) and not keys.resembles(key):
        return None
    sentence = not one.clean and numeric and one.value and one.value[0] not in "0123456789-+${"
    return one._replace(key=key, value=one.value.rstrip(".,;:"), flaw="", remark="") if key and not sentence else None


def to_setting(one: RawSetting, *, block: int, repeated: bool) -> Setting:
    """Return the setting that was read."""
    key = keys.canonical(one.key)
    return Setting(
        one.line.number, key, " ".join(one.value.split()), one.form, one.how, block, one.flaw, repeated, one.remark
    )
