# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JMESPath expressions, with error messages of one line."""

from __future__ import annotations

from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption

try:
    import jmespath
except ImportError:
    jmespath = None

EXAMPLE = "hosts[?states.TIME_WAIT > `1000`].host"


class Query:
    """A parsed expression. Raises InvalidOption if it is malformed or the package jmespath is not installed."""

    def __init__(self, expression: Any) -> None:
        if jmespath is None:
            raise InvalidOption(
                "queries need the package jmespath in the Python that runs Ansible: "
                "pip install jmespath, or apt-get install python3-jmespath"
            )
        if not isinstance(expression, str):
            raise InvalidOption(f"the query is {expression!r}; it must be a JMESPath expression, for example {EXAMPLE}")
        # Ansible's strings are a subclass of str that the parser does not accept.
        self._text = str.__str__(expression)
        try:
            self._parsed = jmespath.compile(self._text)
        except (ValueError, RecursionError) as error:
            raise InvalidOption(
                f"{self._text!r} is not a valid JMESPath expression: {_malformed(error)}. An example: {EXAMPLE}"
            ) from None

    def search(self, document: Any) -> Any:
        """Return the result for a document of plain types. Raises InvalidOption if it cannot be evaluated."""
        try:
            return self._parsed.search(document)
        except (ValueError, TypeError, RecursionError) as error:
            raise InvalidOption(f"{self._text!r} cannot be evaluated: {_not_evaluated(error)}") from None


def _malformed(error: Exception) -> str:
    """Return what the error says, without the expression that it repeats over several lines."""
    if isinstance(error, jmespath.exceptions.IncompleteExpressionError):
        return f"unexpected end at position {error.lex_position + 1}"
    if isinstance(error, jmespath.exceptions.LexerError):
        return f"{error.message} at position {error.lexer_position + 1}"
    if isinstance(error, jmespath.exceptions.ParseError):
        return f"unexpected {error.token_value!r} at position {error.lex_position + 1}"
    return "it is empty" if isinstance(error, jmespath.exceptions.EmptyExpressionError) else "it is nested too deeply"


def _not_evaluated(error: Exception) -> str:
    """Return what the error says, without the value, which may be a whole fleet."""
    if isinstance(error, jmespath.exceptions.JMESPathTypeError):
        return (
            f"{error.function_name}() takes {' or '.join(map(str, error.expected_types))}, not {error.actual_type}. "
            f"Exclude hosts without the value: sort_by(hosts[?states], &states.TIME_WAIT)"
        )
    return " ".join(str(error).split())
