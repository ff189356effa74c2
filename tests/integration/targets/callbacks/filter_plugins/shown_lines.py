# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the lines of screens in the output of a callback that prints JSON."""

from __future__ import annotations

import json
from typing import Any, Callable, Iterator

from ansible.errors import AnsibleFilterError


def shown_lines(output: str) -> list[list[str]]:
    """Return the value of each key `lines`, of one JSON document or of one on each line of the output.

    Raises AnsibleFilterError if there is anything else in the output.
    """
    try:
        documents = [json.loads(output)]
    except ValueError:
        documents = _on_each_line(output)
    return list(_find(documents))


def _on_each_line(output: str) -> list[Any]:
    try:
        return [json.loads(line) for line in output.splitlines()]
    except ValueError as error:
        raise AnsibleFilterError(f"not JSON: {error}:\n{output}") from error


def _find(value: Any) -> Iterator[list[str]]:
    if isinstance(value, dict) and isinstance(value.get("lines"), list):
        yield value["lines"]
    if isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _find(part)


class FilterModule:
    """The filter of this target."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"shown_lines": shown_lines}
