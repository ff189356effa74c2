# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JMESPath expressions, with errors of one line for whoever typed them."""

from __future__ import annotations

from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption

try:
    import jmespath
except ImportError:
    jmespath = None

EXAMPLE = "hosts[?states.TIME_WAIT > `1000`].host"


class Query:
    """A parsed expression. Raises InvalidOption where it is malformed, or the package jmespath is not there."""

    def __init__(self, expression: Any) -> None:
        if jmespath is None:
            raise InvalidOption(
                "a query needs the package jmespath for the Python that runs Ansible: "
                "pip install jmespath, or apt-get install python3-jmespath"
            )
        if not isinstance(expression, str):
            raise InvalidOption(f"{expression!r} is no query; a query is text, such as {EXAMPLE}")
        # Ansible's text remembers where it is from; the parser is to see none of that.
        self._text = str.__str__(expression)
        try:
            self._parsed = jmespath.compile(self._text)
        except (ValueError, RecursionError) as error:
            raise InvalidOption(
                f"{self._text!r} is no JMESPath expression: {_malformed(error)}. An example: {EXAMPLE}"
            ) from None

    def search(self, document: Any) -> Any:
        """What the expression finds in a document of plain types. Raises InvalidOption where it cannot be evaluated."""
        try:
            return self._parsed.search(document)
        except (ValueError, TypeError, RecursionError) as error:
            raise InvalidOption(f"{self._text!r} cannot be evaluated: {_senseless(error)}") from None


def _malformed(error: Exception) -> str:
    """What the package's errors know, but for the expression that they repeat over several lines."""
    if isinstance(error, jmespath.exceptions.IncompleteExpressionError):
        return f"it ends too early, at position {error.lex_position + 1}"
    if isinstance(error, jmespath.exceptions.LexerError):
        return f"{error.message} at position {error.lexer_position + 1}"
    if isinstance(error, jmespath.exceptions.ParseError):
        return f"unexpected {error.token_value!r} at position {error.lex_position + 1}"
    return "it is empty" if isinstance(error, jmespath.exceptions.EmptyExpressionError) else "it is nested too deeply"


def _senseless(error: Exception) -> str:
    """As above; a whole fleet may be the value that an error complains about."""
    if isinstance(error, jmespath.exceptions.JMESPathTypeError):
        return (
            f"{error.function_name}() takes {' or '.join(map(str, error.expected_types))}, not {error.actual_type}. "
            f"Leave out hosts that lack it by a condition: sort_by(hosts[?states], &states.TIME_WAIT)"
        )
    return " ".join(str(error).split())
