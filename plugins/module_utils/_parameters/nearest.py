# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameter that an unknown name means: "did you mean …?" for modules and for the linter.

Besides letters, people mistake the structure of a name: they write `_` for `.`, repeat or lose its beginning, leave out
its path, and write an interface's name with dots, as `ip` shows it, although these must be written as slashes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Callable, Iterable, Iterator

from .._common.suggest import closest, is_slip
from . import catalogue
from .row import is_newer

# How similar a suggestion must be: its last part alone, or else the whole name.
_SIMILAR_LAST, _SIMILAR_WHOLE = 0.75, 0.85
_INTERFACE = re.compile(r"net[._/]?(ipv[46])[._/]?(conf|neigh)[._/](.+)", re.IGNORECASE)
_WIDE = re.compile(r"^(?:all|default)[./]", re.IGNORECASE)
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_DOUBLED = re.compile(r"(.{3,})\1")
# Where to look for a last part without its path, the most usual place first.
_PLACES = ("net.ipv4.", "net.core.", "net.netfilter.", "fs.", "vm.", "kernel.", "net.")
# So many letters may be lost at the beginning, and so many must be left.
_LOST, _LEFT = 2, 8


def nearest(name: str, among: Iterable[str] = ()) -> str | None:
    """Return the name most probably meant by an unknown one, from the catalogue and `among`; None if none is similar.

    >>> nearest("net.ipv4.conf.eth0.7.rp_filter")
    'net.ipv4.conf.eth0/7.rp_filter'
    """
    interface = _INTERFACE.fullmatch(name)
    if interface and re.search(r"[._/]", interface[3]):
        own = _of_interface(interface, name, set(among))
        if own or re.search(r"[./]", _WIDE.sub("", interface[3])):
            return own
    written = re.sub(r"[/\s\"']+", lambda found: "." if "/" in found[0] else "", name).strip(".")
    asked = written.lower()
    known = sorted({*catalogue.real_names(), *_with_interface(asked), *among} - {name})
    ways: tuple[Callable[[str, list[str]], str | None], ...] = (
        _same_letters,
        _with_path,
        _same_words,
        _beginning_lost,
        _similar,
    )
    found = next(filter(None, (way(asked, known) for way in ways)), None) if asked else None
    return _as_written(found, written) if found else None


def with_path(name: str) -> str | None:
    """Return the parameter whose last parts are `name`, such as tcp_fin_timeout; None if there is none."""
    return _with_path(name, catalogue.real_names())


def is_very_near(name: str, near: str) -> bool:
    """Return whether a name is surely a mistake for `near`: the same last part elsewhere, or a slip in one letter.

    >>> is_very_near("kernel.pid_mx", "kernel.pid_max"), is_very_near("kernel.panic_on_oops", "vm.panic_on_oom")
    (True, False)
    """
    return _last(name) == _last(near) or is_slip(name, near)


def may_be_newer(name: str, release: str, among: Iterable[str] = ()) -> bool:
    """Return whether an unknown name may be a parameter that came after the catalogue.

    That is so below net.* on a kernel newer than the catalogue, unless the name is very near to a known one.
    """
    if not name.startswith("net.") or not is_newer(release, catalogue.NEWEST):
        return False
    near = nearest(name, among)
    return near is None or not is_very_near(name, near)


def _of_interface(found: re.Match[str], name: str, among: set[str]) -> str | None:
    """Return the parameter of the same interface: its name may have dots, and the last part may be misspelt."""
    family = f"net.{found[1]}.{found[2]}".lower()
    leaves = {one.rpartition(".")[2]: one for one in catalogue.patterns() if one.startswith(f"{family}.*.")}
    rest = found[3]
    exact = [leaf for leaf in leaves if rest.lower().endswith(leaf) and rest[: -len(leaf)][-1:] in tuple("._/")]
    if exact:
        leaf = max(exact, key=len)
        interface = rest[: -len(leaf) - 1]
    else:
        interface, dot, last = rest.rpartition(".")
        leaf = closest(last.lower(), leaves, cutoff=_SIMILAR_LAST) if dot else None
    interface = re.sub(r"[\"'\s]", "", interface).replace(".", "/").strip("/")
    if not leaf or not interface:
        return None
    meant = f"{family}.{interface}.{leaf}"
    return meant if meant != name and (catalogue.find(meant) or meant in among) else None


def _as_written(found: str, written: str) -> str:
    """Return the parameter with the interface's name as it was written: capitals matter there only."""
    parts = {part.lower(): part for part in written.split(".") if part.lower() not in _parts()}
    return ".".join(parts.get(part, part) for part in found.split("."))


@lru_cache(maxsize=1)
def _parts() -> frozenset[str]:
    return frozenset(part for name in (*catalogue.names(), *catalogue.patterns()) for part in name.split("."))


def _with_path(asked: str, known: list[str]) -> str | None:
    """Return the parameter that ends with the asked name, or with its last part: net.ipv4.somaxconn, tcp_sack."""
    for ending in dict.fromkeys((asked, _last(asked))):
        found = {name for name in known if name == ending or name.endswith("." + ending)} if ending else set()
        usual = next((place + ending for place in ("", *_PLACES) if place + ending in found), None)
        if found:
            return usual or closest(asked, sorted(found), cutoff=0.0)
    return None


def _same_letters(asked: str, known: list[str]) -> str | None:
    """Return the parameter with the same letters and other separators, perhaps after something that is repeated."""
    by_letters = {_letters(name): name for name in known}
    letters = _letters(asked)
    once = _DOUBLED.sub(r"\1", letters)
    endings = (letters[at:] for at in range(1, len(letters) - _LEFT))
    return next((by_letters[one] for one in (letters, once, *endings) if one in by_letters), None)


def _same_words(asked: str, known: list[str]) -> str | None:
    """Return the parameter with the same words in another order: net.ipv4.tcp_timeout_fin."""
    words = sorted(_SEPARATORS.split(asked))
    return next((name for name in known if len(name) == len(asked) and sorted(_SEPARATORS.split(name)) == words), None)


def _beginning_lost(asked: str, known: list[str]) -> str | None:
    """Return the parameter, or the last part of one, of which the asked name lacks the first letters."""
    if len(asked) < _LEFT:
        return None
    return next((name for name in known if name.endswith(asked) and _lost(name, asked) <= _LOST), None)


def _lost(name: str, ending: str) -> int:
    """Return how many letters of a part stand before the ending."""
    before = name[: -len(ending)]
    return len(before.rpartition(".")[2])


def _similar(asked: str, known: list[str]) -> str | None:
    """Return the parameter with similar letters.

    The last part weighs most because people confuse the parts before it.
    """
    by_last: dict[str, list[str]] = {}
    for candidate in known:
        by_last.setdefault(_last(candidate), []).append(candidate)
    last = closest(_last(asked), by_last, cutoff=_SIMILAR_LAST)
    return closest(asked, known, cutoff=_SIMILAR_WHOLE) if last is None else closest(asked, by_last[last], cutoff=0.0)


def _letters(name: str) -> str:
    return _SEPARATORS.sub("", name)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _with_interface(name: str) -> Iterator[str]:
    """Yield the catalogue's patterns, with the part of `name` that is in place of their `*`, or `all`."""
    parts = name.split(".")
    for pattern in catalogue.patterns():
        if pattern.endswith("*"):
            continue  # anything would be such a name
        at = pattern.partition("*")[0].count(".")
        same_length = len(parts) == pattern.count(".") + 1
        yield pattern.replace("*", parts[at] if same_length else "all")
