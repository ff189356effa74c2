# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sample a host's sockets every few seconds, and show each sample as it is taken."""

from __future__ import annotations

import time
from typing import Any

from ansible import context
from ansible.errors import AnsibleConnectionFailure
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import display
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.modules.tcp_watch import ARGUMENTS, check, output_format
from ansible_collections.nettune.tcp.plugins.plugin_utils.module_action import SentModule
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.recorded_host import NotRecorded, facts_of, options_for
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import prints_text, terminal_width
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import printable
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import proc_stat, samples, sampling, sparkline
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.changed import Parameters
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.interruptible import Interruptible
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.samples import Sample
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.sampling import Missed, NoAnswer, Reading

_FAST_MODULE, _MODULE = "nettune.tcp.tcp_facts_fast", "nettune.tcp.tcp_facts"
_SUBSET = {"min"}
_STAT = "/proc/stat"
# The result has at most this many samples; the file has all of them.
_MOST_KEPT = 10_000
_LONGEST_LINE = 140
_CHANGE = "{what} changed from {before} to {after}"
# Set by our playbooks, which show all hosts at the end: then -v does not print the series as well.
_READ_ONLY = "__nettune_read_only"
_NOTICE = "Ending the watch. Press Ctrl-C again to end the play."

# Installed on import, which is in the controller's main process, before the processes of hosts are forked.
_WATCH = Interruptible(lambda: display.display(_NOTICE) if prints_text() else None)
_WATCH.install()


class ActionModule(SentModule):
    """Runs tcp_facts_fast once per interval, and shows and saves each sample."""

    _supports_async = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the summary and the samples."""
        result = super().run(tmp, task_vars)
        if result.get("failed"):
            return result
        validated = ArgumentSpecValidator(ARGUMENTS).validate(plain(self._task.args))
        options = validated.validated_parameters
        try:
            if validated.error_messages:
                raise NettuneError("; ".join(validated.error_messages))
            check(options)
            self._parameters = Parameters(options["parameters"])
            if options["output"]:
                samples.create(options["output"]).close()
        except (NettuneError, OSError) as error:
            return {**result, "failed": True, "msg": str(error)}
        self._vars = task_vars or {}
        self._host = str(self._vars.get("inventory_hostname", ""))
        self._warn_about_forks()
        with _WATCH.running():
            return {**result, **self._watch(options)}

    def _warn_about_forks(self) -> None:
        """Warn once, on the first host, if not all hosts are watched at the same time."""
        hosts, forks = self._vars.get("ansible_play_batch", []), int(context.CLIARGS.get("forks") or 5)
        if len(hosts) > forks and self._host == hosts[0]:
            self._display.warning(
                f"{len(hosts)} hosts are watched {forks} at a time; the others start when those have finished."
                f" Use --forks {len(hosts)} to watch all of them together."
            )

    def _watch(self, options: dict[str, Any]) -> dict[str, Any]:
        """Show and save each sample as it is taken, and return the module's result."""
        taken: list[Sample] = []
        missed, reason = 0, ""
        width, levels = terminal_width(), sparkline.characters()
        show = self._display.display if prints_text() else _show_nothing
        for one in sampling.sample_host(self._read, _WATCH, interval=options["interval"], count=options["count"]):
            if isinstance(one, Missed):
                missed, reason = missed + 1, one.reason
                show(f"{_clock()}  {self._host}  no answer: {reason}"[:width])
                continue
            taken.append(one)
            show(samples.line(self._host, _clock(), taken, width=width, levels=levels))
            for change in self._parameters.add(self._files, one.at):
                show(f"{_clock()}  {self._host}  {printable(_CHANGE.format(**change))}"[:width])
            del taken[1:-_MOST_KEPT]
            if options["output"]:
                samples.append(options["output"], samples.record(self._host, one), output_format(options["output"]))
        return self._result(taken, missed, reason, options)

    def _read(self) -> Reading:
        """Read the states and /proc/stat of the host. Raises NoAnswer."""
        arguments = options_for(_SUBSET)
        arguments["after"] = [*arguments["after"], _STAT, *self._parameters.paths]
        result = self._run(_FAST_MODULE, arguments)
        read_at = time.monotonic()
        try:
            recording = plain(result["recording"])
            self._files = recording["after"]
            stat = proc_stat.parse(self._files[_STAT] or "")
            states = facts_of(recording, _SUBSET, top=1)["states"]
        except NotRecorded:
            states = plain(self._run(_MODULE, {"gather_subset": ["min"]})["ansible_facts"]["nettune_tcp"]["states"])
        except (NettuneError, AttributeError, LookupError, TypeError) as error:
            raise NoAnswer(f"malformed recording: {error}") from None
        return Reading(states, stat, read_at)

    def _run(self, module: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            result = self._execute_module(module, module_args=arguments, task_vars=self._vars)
        except AnsibleConnectionFailure as error:
            raise NoAnswer(_first_line(error.message)) from None
        if result.get("failed") or result.get("unreachable"):
            raise NoAnswer(_first_line(result.get("msg", "the module failed")))
        return result

    def _result(self, taken: list[Sample], missed: int, reason: str, options: dict[str, Any]) -> dict[str, Any]:
        if missed and not taken:
            return {"changed": False, "unreachable": True, "msg": f"no answer: {reason}"}
        rows = samples.summary(self._host, taken)
        return {
            "changed": False,
            "samples": len(taken),
            "seconds": round(taken[-1].at - taken[0].at, 2) if taken else 0.0,
            "missed": missed,
            "interrupted": _WATCH.ended,
            "summary": [list(row) for row in rows],
            "table": samples.table(rows),
            "series": [samples.record(self._host, sample) for sample in taken],
            "changes": self._parameters.changes,
            "output": options["output"],
            **({"_ansible_verbose_override": True} if self._vars.get(_READ_ONLY) else {}),
        }


def _show_nothing(_line: str) -> None:
    """Leave out a line that would be in the middle of a document, such as JSON."""


def _first_line(text: Any) -> str:
    """Return the first line of a text, shortened."""
    line = printable(str(text).strip().split("\n", 1)[0])
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"


def _clock() -> str:
    return time.strftime("%H:%M:%S")
