# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples a host's sockets every few seconds, and shows each sample as it comes."""

from __future__ import annotations

import fcntl
import os
import time
from typing import Any

from ansible import context
from ansible.errors import AnsibleConnectionFailure
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import display
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.modules.tcp_watch import ARGUMENTS, check, form_of
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.recorded_host import NotRead, facts, wanted
from ansible_collections.nettune.tcp.plugins.plugin_utils.shipping import ShippingAction
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import samples as watch
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.interruptible import Interruptible
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.samples import KernelStat, Sample

_READING, _WHOLE = "nettune.tcp.tcp_reading", "nettune.tcp.tcp_facts"
_SUBSET = {"min"}
_STAT = "/proc/stat"
# What a result holds; the file has all of them.
_MOST_KEPT = 10_000
_LONGEST = 140
_NOTICE = "The watch ends here, and says what it saw; Ctrl-C once more ends the play."

# At the top, because it has to be in place in the controller's first process before hosts' processes are forked.
_WATCH = Interruptible(lambda: display.display(_NOTICE))
_WATCH.listen()


class NoSample(Exception):
    """The host did not answer; the message says why."""


class ActionModule(ShippingAction):
    """Runs the module that reads for tcp_facts, again and again."""

    _supports_async = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The summary and the samples."""
        result = super().run(tmp, task_vars)
        validated = ArgumentSpecValidator(ARGUMENTS).validate(plain(self._task.args))
        options = validated.validated_parameters
        try:
            if validated.error_messages:
                raise NettuneError("; ".join(validated.error_messages))
            check(options)
            if options["output"]:
                open(options["output"], "a", encoding="utf-8").close()
        except (NettuneError, OSError) as error:
            return {**result, "failed": True, "msg": str(error)}
        self._vars = task_vars or {}
        self._host = str(self._vars.get("inventory_hostname", ""))
        self._ask_for_forks()
        with _WATCH.going_on():
            return {**result, **self._watch(options)}

    def _ask_for_forks(self) -> None:
        """Say so where not all hosts are watched at the same time; once."""
        hosts, forks = self._vars.get("ansible_play_batch", []), int(context.CLIARGS.get("forks") or 5)
        if len(hosts) > forks and self._host == hosts[0]:
            self._display.warning(
                f"{len(hosts)} hosts are watched {forks} at a time, the others when those have ended;"
                f" --forks {len(hosts)} watches all of them together"
            )

    def _watch(self, options: dict[str, Any]) -> dict[str, Any]:
        samples: list[Sample] = []
        missed, why = 0, ""
        due, before = time.monotonic(), None
        number = 0
        while not _WATCH.ended and (not options["count"] or number < options["count"]):
            number += 1
            try:
                before = self._sample(samples, before, options)
            except NoSample as error:
                if _WATCH.ended:
                    break
                missed, why, before = missed + 1, str(error), None
                self._display.display(f"{_clock()}  {self._host}  no answer: {why}")
            due = max(due + options["interval"], time.monotonic())
            if number != options["count"]:
                _WATCH.wait(due - time.monotonic())
        return self._result(samples, missed, why, options)

    def _sample(
        self, samples: list[Sample], before: tuple[KernelStat, float] | None, options: dict[str, Any]
    ) -> tuple[KernelStat, float]:
        """Take one sample, show it and save it; returns what the next one is compared with."""
        states, stat, at = self._read()
        done = watch.activity(before[0], stat, seconds=at - before[1]) if before else None
        sample = Sample(time.time(), states, done)
        self._display.display(watch.line(self._host, _clock(), sample, samples[-1] if samples else None))
        samples.append(sample)
        del samples[1:-_MOST_KEPT]
        if options["output"]:
            self._save(options["output"], sample)
        return stat, at

    def _save(self, path: str, sample: Sample) -> None:
        """Add the sample to the file that all hosts share; whoever finds it empty heads it."""
        row, form = watch.record(self._host, _utc(sample.at), sample), form_of(path)
        with open(path, "a", encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            stream.write(watch.rendered(form, row, first=os.fstat(stream.fileno()).st_size == 0))

    def _read(self) -> tuple[dict[str, int], KernelStat, float]:
        """The states, what the processors have done, and when that was. Raises NoSample."""
        asked = wanted(_SUBSET)
        asked["after"] = [*asked["after"], _STAT]
        result = self._run(_READING, asked)
        at = time.monotonic()
        try:
            reading = plain(result["reading"])
            stat = watch.parse(reading["after"][_STAT] or "")
            states = facts(reading, _SUBSET, top=1)["states"]
        except NotRead:
            states = plain(self._run(_WHOLE, {"gather_subset": ["min"]})["ansible_facts"]["nettune_tcp"]["states"])
        except (NettuneError, AttributeError, LookupError, TypeError) as error:
            raise NoSample(f"what was read makes no sample: {error}") from None
        return states, stat, at

    def _run(self, module: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            result = self._execute_module(module, module_args=arguments, task_vars=self._vars)
        except AnsibleConnectionFailure as error:
            raise NoSample(_first_line(error.message)) from None
        if result.get("failed") or result.get("unreachable"):
            raise NoSample(_first_line(result.get("msg", "the module failed")))
        return result

    def _result(self, samples: list[Sample], missed: int, why: str, options: dict[str, Any]) -> dict[str, Any]:
        rows = watch.summary(self._host, samples)
        result = {
            "changed": bool(samples and options["output"] and not self._task.check_mode),
            "samples": len(samples),
            "missed": missed,
            "interrupted": _WATCH.ended,
            "summary": [list(row) for row in rows],
            "table": watch.table(rows),
            "series": [watch.record(self._host, _utc(sample.at), sample) for sample in samples],
            "output": options["output"],
        }
        return (
            result
            if samples or not missed
            else {**result, "unreachable": True, "msg": f"{self._host} never answered: {why}"}
        )


def _first_line(text: Any) -> str:
    """What fits into a line."""
    line = str(text).strip().split("\n", 1)[0]
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _clock() -> str:
    return time.strftime("%H:%M:%S")


def _utc(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
