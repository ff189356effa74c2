# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arithmetic expressions over named numbers: dotted paths, numbers, `+ - * /`, parentheses, one comparison at the top.

    states.LAST_ACK + states.FIN_WAIT1
    states.ESTABLISHED >= 0.8 * baseline.states.ESTABLISHED

Text is parsed into a tree that is evaluated by walking it; nothing is executed as code. If a part is unknown (a path
without a number, a division by zero), the result is unknown: None.
"""

from __future__ import annotations

import math
import operator
import re
from typing import Callable, Iterator, NamedTuple, Union

from .._common.errors import InvalidOption

MAX_LENGTH, MAX_DEPTH = 400, 20
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
    """A literal number."""

    value: float


class Path(NamedTuple):
    """The name of a number."""

    name: str


class Operation(NamedTuple):
    """sign: of _ARITHMETIC, or of _COMPARISON at the top."""

    sign: str
    left: Node
    right: Node


Node = Union[Number, Path, Operation]
LookUp = Callable[[str], Union[float, None]]


def parse(text: str) -> Node:
    """Parse an expression into a tree. Raises InvalidOption naming the place of the error, and what is allowed."""
    if not isinstance(text, str) or not text.strip():
        raise InvalidOption(f"{text!r} is not an expression; {_ALLOWED}")
    if len(text) > MAX_LENGTH:
        raise InvalidOption(f"an expression of {len(text)} characters is too long; allowed are {MAX_LENGTH}")
    return _Parser(text).parse()


def is_comparison(node: Node) -> bool:
    """Return whether the result is true or false rather than a number."""
    return isinstance(node, Operation) and node.sign in _COMPARISON


def paths(node: Node) -> Iterator[str]:
    """Yield the paths in the tree, from left to right."""
    if isinstance(node, Path):
        yield node.name
    elif isinstance(node, Operation):
        yield from paths(node.left)
        yield from paths(node.right)


def evaluate(node: Node, look_up: LookUp) -> float | None:
    """Return the number, or for a comparison 1.0 if it is true and 0.0 if not; None if it is unknown."""
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
    """kind: number, path, sign, stray or end. at: position, from 0."""

    kind: str
    text: str
    at: int


class _Parser:
    """A recursive-descent parser: comparison, sum, product, operand."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._depth = 0
        self._next = self._token(0)

    def parse(self) -> Node:
        tree = self._sum()
        if self._next.text in _COMPARISON:
            tree = Operation(self._take(), tree, self._sum())
        if self._next.text in _COMPARISON:
            raise self._error("unexpected second comparison")
        if self._next.kind != "end":
            raise self._error("missing operator")
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
            raise self._error("missing number or path")
        return self._nested()

    def _nested(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(f"more than {MAX_DEPTH} nested levels")
        if self._take() == "-":
            tree: Node = Operation("-", Number(0.0), self._operand())
        else:
            tree = self._sum()
            if self._next.text != ")":
                raise self._error("missing closing parenthesis")
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
        at = self._next.at
        place = f"at {self._text[at:][:20]!r} (character {at + 1})"
        where = "at its end" if self._next.kind == "end" else place
        return InvalidOption(f"{self._text!r} is malformed: {what} {where}; {_ALLOWED}")
