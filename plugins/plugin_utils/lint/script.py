# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts: shell, Dockerfiles and systemd units. What a line only prints or looks for is no setting."""

from __future__ import annotations

import json
import re
from typing import Callable, Iterable, Iterator, NamedTuple, Sequence

from . import shell, text, words
from .lines import Line
from .row import COMMAND, FILE, VALUE, Setting

# A quoted text of more lines is not one.
_MOST_LINES = 100
# Added to the number of a block.
_STOPS = 1000
_LONGEST = 10_000
_DOCUMENT = re.compile(r"(?<!<)<<(?P<tabs>-?)\s*\\?[\"']?(?P<tag>[A-Za-z_]\w*)[\"']?(?!<)", re.ASCII)
# A here-document that becomes a value, such as the user_data of Terraform.
_ASSIGNED = re.compile(r"\s*[\w.\"-]+\s*[=:]\s*(?:[a-z0-9]+\()?<<", re.ASCII)
_INSTRUCTION = re.compile(r"(?:ONBUILD\s+)?(?:RUN|CMD|ENTRYPOINT|SHELL)\s+(?:--\S+\s+)*", re.ASCII)
# Instructions whose here-document becomes a file, or is run.
_COPY = re.compile(r"(?:COPY|ADD)\s.*\s(?P<path>\S+)\s*$", re.ASCII)
_RUN = re.compile(r"\s*<<-?\s*[\"']?\w+[\"']?\s*$", re.ASCII)
_EXEC = re.compile(r"Exec(?:StartPre|StartPost|Start|Reload|Condition|Stop|StopPost)\s*=\s*[-+!@:|]*", re.ASCII)
# What podman turns into options.
_QUADLET = {"Sysctl": "sysctl -w ", "PodmanArgs": "podman run "}
_OPTION = re.compile(r"(?P<name>Sysctl|PodmanArgs)\s*=\s*(?=\S)")
# What a unit begins with; a script may write one.
_UNIT = re.compile(r"\s*\[[A-Z]\w+\]\s*$", re.ASCII)
_BRANCH = re.compile(r"(?:else|elif|fi|esac|\}|;;)\b|.*;;\s*$|.*\)\s*$|[\w-]+\s*\(\)", re.ASCII)
_PRINTS = re.compile(r"(?:echo|printf)\s")
_INTERESTING = re.compile(r"[./](?:\w|\{)")
_RUNS = {
    "sh",
    "bash",
    "dash",
    "ash",
    "zsh",
    "ssh",
    "kubectl",
    "oc",
    "docker",
    "podman",
    "sysctl",
    "sudo",
    "helm",
    "lxc",
    "augtool",
}

Read = Callable[[str, str], "list[Setting]"]


class _Logical(NamedTuple):
    """Lines that belong together: continued by a backslash, or by a quote that is still open."""

    lines: Sequence[Line]
    text: str


def settings(lines: Iterable[Line], raw: Sequence[str], read: Read) -> Iterator[Setting]:
    """Yield the settings of a script. read: reads a document inside it, by its text and name."""
    at, block = 0, 0
    first = next((one for one in raw if one.strip() and not one.lstrip("\ufeff \t").startswith(("#", ";"))), "")
    unit = _UNIT.match(first.lstrip("\ufeff")) is not None
    taken = [
        line if line.prompt and not line.comment else _as_written(line.number, one) for line, one in zip(lines, raw)
    ]
    taken = list(_written_together(taken))
    patience = 0
    while at < len(taken):
        if not taken[at].text or (taken[at].comment and not taken[at].prompt):
            at += 1
            continue
        logical = _logical(taken, at, quotes=at >= patience)
        if len(logical.lines) == 1 and _is_open(logical.text):
            patience = at + _MOST_LINES
        at += len(logical.lines)
        block += bool(_BRANCH.match(logical.text))
        document = _DOCUMENT.search(logical.text)
        if document is not None:
            end = _end_of(raw, at, document["tag"])
            yield from (one._replace(block=block) for one in _document(logical.text, raw, at, end, read))
            at = end + 1
        if _INTERESTING.search(logical.text) and (not unit or _runs(logical.lines[0].text)):
            # What runs when a unit stops overrides nothing that runs when it starts.
            own = block + _STOPS if unit and logical.lines[0].text.startswith("ExecStop") else block
            yield from (one._replace(block=own) for one in _of_logical(logical))


def _runs(line: str) -> bool:
    """Return whether a line of a unit becomes a command."""
    return bool(_EXEC.match(line) or _OPTION.match(line))


def _written_together(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines; each command of { …; } > file writes to that file."""
    into, until = "", 0
    for at, line in enumerate(lines):
        if line.text in ("{", "(") and at >= until:
            ends = (
                end for end in range(at, min(at + _MOST_LINES, len(lines))) if lines[end].text.startswith(("}", ")"))
            )
            until = next(ends, 0)
            into = lines[until].text[1:].strip() if until else ""
        written = at < until and into.startswith((">", "|")) and _PRINTS.match(line.text) and ">" not in line.text
        yield line._replace(text=f"{line.text} {into}") if written else line


def begins_document(line: str) -> bool:
    """Return whether a line has a here-document that a command writes or runs."""
    found = words.commands(line) if _DOCUMENT.search(line) else []
    return any(one.into for one in found) or any(word in _RUNS for one in found for word in one.words)


def _as_written(number: int, raw: str) -> Line:
    text = raw.strip("\ufeff \t")
    return Line(number, text[:_LONGEST], comment=text.startswith(("#", ";")))


def _logical(lines: Sequence[Line], at: int, *, quotes: bool) -> _Logical:
    """Return the line with those that continue it. quotes: whether an open quote continues it."""
    taken = [lines[at]]
    joined = _plain(lines[at].text)
    while len(taken) < _MOST_LINES and at + len(taken) < len(lines):
        following = lines[at + len(taken)]
        if joined.endswith("\\") and not joined.endswith("\\\\"):
            joined = f"{joined[:-1]} " + ("" if following.comment else following.text)
        elif quotes and _is_open(joined):
            joined = f"{joined}\n{following.text}"
        else:
            break
        taken.append(following)
    closed = not quotes or not _is_open(joined)
    return _Logical(taken, joined) if closed else _Logical(taken[:1], _plain(lines[at].text))


def _plain(line: str) -> str:
    """Return the command of an instruction of a Dockerfile, or of a line of a unit."""
    option = _OPTION.match(line)
    if option is not None:
        return _QUADLET[option["name"]] + line[option.end() :]
    unit = _EXEC.match(line)
    found = unit or _INSTRUCTION.match(line)
    if found is None:
        return line
    rest = line[found.end() :]
    if rest.startswith("["):
        try:
            return " ".join(f"'{word}'" if " " in str(word) else str(word) for word in json.loads(rest))
        except (ValueError, RecursionError):
            return rest
    return rest


def _is_open(line: str) -> bool:
    """Return whether a quote of the line is not closed."""
    if '"' not in line and "'" not in line:
        return False
    rest = re.sub(r"\\.|'[^']*'|\"(?:[^\"\\]|\\.)*\"|(?<=\w)'(?=\w)|(?<=\s)#.*", "", line, flags=re.DOTALL)
    return '"' in rest or "'" in rest


def _end_of(raw: Sequence[str], at: int, tag: str) -> int:
    return next((end for end in range(at, len(raw)) if raw[end].strip() == tag), len(raw))


def _document(command: str, raw: Sequence[str], at: int, end: int, read: Read) -> Iterator[Setting]:
    """Yield the settings of a here-document, unless it is only printed."""
    found = words.commands(command)
    copied = _COPY.match(command)
    files = [copied["path"]] if copied else [path for one in found for path in one.into]
    body = "\n".join(raw[at:end])
    proc = next((path for path in files if "/proc/sys/" in path), None)
    if proc is not None:
        yield from _of_logical(_Logical([Line(at, "")], f"echo '{body.strip()}' > {proc}"))
    elif (
        files
        or _ASSIGNED.match(command)
        or _RUN.match(command)
        or any(word.rpartition("/")[2] in _RUNS for one in found for word in one.words)
    ):
        name = next((path for path in files if not path.startswith(("/dev/", "&"))), "")
        yield from (one._replace(line=one.line + at, last=one.last + at if one.last else 0) for one in read(body, name))


def _of_logical(logical: _Logical) -> Iterator[Setting]:
    found = shell.settings(logical.text)
    for made in found:
        line = _line_of(logical, made.key)
        yield Setting(
            line, made.key, " ".join(made.value.split()), FILE if made.in_file else COMMAND, VALUE, 0, made.flaw
        )
    kept = "" if found else shell.without_reading(logical.text)
    if kept:
        whole = len(logical.lines) == 1 or kept != logical.text
        parts = [Line(_line_of(logical, ""), kept)] if whole else logical.lines
        for line in parts:
            yield from text.inside(line)


def _line_of(logical: _Logical, key: str) -> int:
    """Return the line, of those that belong together, that has the key."""
    last = key.rpartition(".")[2]
    return next((line.number for line in logical.lines if last and last in line.text), logical.lines[0].number)
