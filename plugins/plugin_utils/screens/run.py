# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen is drawn from: the hosts of a play, their registered results and the circumstances of the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

from ..fleet import document, source


@dataclass(frozen=True)
class Run:
    """A run of a playbook as the screens see it.

    hosts: all hosts of the play. active: those that have neither failed nor become unreachable. batch: those of them in
    the current batch (`serial`). alone: whether the batch is one host because of strategy `free`, so that each host has
    a screen. width: columns of the terminal. args: the options of the task, in plain types. serial: of the play.
    """

    hostvars: Any
    hosts: Sequence[str]
    batch: Sequence[str]
    active: Sequence[str] = ()
    alone: bool = False
    check_mode: bool = False
    verbosity: int = 0
    width: int = 80
    args: Mapping[str, Any] = field(default_factory=dict)
    serial: Sequence[Any] = ()

    @property
    def options(self) -> Mapping[str, Any]:
        """Return the options of the playbook, by name; empty in a role of a user's own play."""
        return self.args.get("options") or {}

    @property
    def recording(self) -> str:
        """Return the path of the recording whose hosts are shown, or "" if they are those of the play."""
        given = self.options.get("nettune_from")
        return str(given) if source.is_recording(given) else ""

    def results(self, registered: str | None = None, hosts: Sequence[str] | None = None) -> dict[str, Any]:
        """Return {hosts: [{host, ...result}], missing: [{host, unreachable, reason}]}; see fleet.document.

        registered: the variable of the results, by default the argument `registered` of the task.
        """
        name = registered or str(self.args["registered"])

        def row(host: str, variables: Mapping[str, Any]) -> dict[str, Any] | document.Missing:
            return document.result_row(host, variables, name)

        return document.collect(self.hostvars, self.hosts if hosts is None else hosts, row)


def missing_failures(fleet: Mapping[str, Any], *, recording: str = "") -> dict[str, dict[str, Any]]:
    """Return the failures of the hosts without a result; none from a recording, which is complete without them."""
    if recording:
        return {}
    return {row["host"]: {"msg": row["reason"], "unreachable": row["unreachable"]} for row in fleet["missing"]}
