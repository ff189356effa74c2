# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arithmetic over named numbers: dotted paths, numbers, `+ - * /`, parentheses, and one comparison at the top.

    states.LAST_ACK + states.FIN_WAIT1
    states.ESTABLISHED >= 0.8 * baseline.states.ESTABLISHED

Text is parsed into a tree and the tree is walked; nothing of it is ever run. What cannot be known (a path without a
number, a division by zero) makes the whole unknown, which is None.
"""

from __future__ import annotations

import math
import operator
import re
from typing import Callable, Iterator, NamedTuple, Union

from .._common.errors import InvalidOption

LONGEST, DEEPEST = 400, 20
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<path>[A-Za-z_]\w*(?:\.\w+)*)|(?P<sign><=|>=|==|!=|[-+*/()<>]))", re.ASCII
)
_ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
_COMPARISON = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_ALLOWED = "allowed are paths such as states.LAST_ACK, numbers, + - * /, parentheses and one of < <= > >= == !="


class Number(NamedTuple):
    """A number as it was written."""

    value: float


class Path(NamedTuple):
    """The name of a number."""

    name: str


class Operation(NamedTuple):
    """Two operands; sign: of _ARITHMETIC, or of _COMPARISON at the top."""

    sign: str
    left: Node
    right: Node


Node = Union[Number, Path, Operation]
LookUp = Callable[[str], Union[float, None]]


def parse(text: str) -> Node:
    """The tree of an expression. Raises InvalidOption saying what stands where, and what is allowed."""
    if not isinstance(text, str) or not text.strip():
        raise InvalidOption(f"{text!r} is no expression; {_ALLOWED}")
    if len(text) > LONGEST:
        raise InvalidOption(f"an expression of {len(text)} characters is too long; allowed are {LONGEST}")
    return _Parser(text).whole()


def is_comparison(node: Node) -> bool:
    """Whether the tree answers yes or no rather than with a number."""
    return isinstance(node, Operation) and node.sign in _COMPARISON


def paths(node: Node) -> Iterator[str]:
    """The names in the tree, from left to right."""
    if isinstance(node, Path):
        yield node.name
    elif isinstance(node, Operation):
        yield from paths(node.left)
        yield from paths(node.right)


def evaluate(node: Node, look_up: LookUp) -> float | None:
    """The tree's number, or for a comparison 1.0 where it holds and 0.0 where it does not; None where it is unknown."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Path):
        return look_up(node.name)
    left, right = evaluate(node.left, look_up), evaluate(node.right, look_up)
    if left is None or right is None or (node.sign == "/" and right == 0):
        return None
    result = float({**_ARITHMETIC, **_COMPARISON}[node.sign](left, right))
    return result if math.isfinite(result) else None


class _Token(NamedTuple):
    """kind: number, path, sign or end. at: its place, from 0."""

    kind: str
    text: str
    at: int


class _Parser:
    """Descends through comparison, sum, product and operand."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._depth = 0
        self._next = self._token(0)

    def whole(self) -> Node:
        tree = self._sum()
        if self._next.text in _COMPARISON:
            tree = Operation(self._take(), tree, self._sum())
        if self._next.text in _COMPARISON:
            raise self._error("a second comparison stands")
        if self._next.kind != "end":
            raise self._error("an operator is missing")
        return tree

    def _sum(self) -> Node:
        tree = self._product()
        while self._next.text in ("+", "-"):
            tree = Operation(self._take(), tree, self._product())
        return tree

    def _product(self) -> Node:
        tree = self._operand()
        while self._next.text in ("*", "/"):
            tree = Operation(self._take(), tree, self._operand())
        return tree

    def _operand(self) -> Node:
        if self._next.kind == "number":
            return Number(float(self._take()))
        if self._next.kind == "path":
            return Path(self._take())
        if self._next.text not in ("-", "("):
            raise self._error("a number or a path is missing")
        return self._nested()

    def _nested(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._error(f"more than {DEEPEST} levels are nested")
        if self._take() == "-":
            tree: Node = Operation("-", Number(0.0), self._operand())
        else:
            tree = self._sum()
            if self._next.text != ")":
                raise self._error("a closing parenthesis is missing")
            self._take()
        self._depth -= 1
        return tree

    def _take(self) -> str:
        taken = self._next
        self._next = self._token(taken.at + len(taken.text))
        return taken.text

    def _token(self, start: int) -> _Token:
        found = _TOKEN.match(self._text, start)
        if found is None:
            rest = self._text[start:].lstrip()
            kind = "stray" if rest else "end"
            return _Token(kind, rest[:1], len(self._text) - len(rest))
        kind = found.lastgroup or ""
        return _Token(kind, found.group(kind), found.start(kind))

    def _error(self, what: str) -> InvalidOption:
        token = self._next
        stands = f"at {self._text[token.at :][:20]!r} (character {token.at + 1})"
        where = "at its end" if token.kind == "end" else stands
        return InvalidOption(f"{self._text!r} cannot be read: {what} {where}; {_ALLOWED}")
