# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of all playbooks, one row each. Checks, help and the reference page are made from these rows.

Some names have different choices or defaults in different playbooks, and so several rows.
"""

from __future__ import annotations

from typing import Any, Mapping

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rule import SEVERITIES
from ansible_collections.nettune.tcp.plugins.module_utils._tcp import subsets
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import OK, VERDICTS

from . import playbooks, trial_rows
from .row import Row

# Facts, results of the modules; they are not options.
FACTS = ("nettune_tcp", "nettune_sysctl", "nettune_nofile")
ALLOW = "nettune_allow_variables"
HELP = "nettune_help"
OUTPUT = "nettune_output"
FROM = "nettune_from"
# In nettune_fail_on: no finding, drift or verdict is called so, and so none fails a host.
NEVER = "never"
SERIAL, ON_FAILURE = "nettune_serial", "nettune_on_failure"


_GATHER = ("facts", "query")
_SAMPLING = (*_GATHER, "diagnose", "report", "metrics", "record")
_FROM = (*_GATHER, "diagnose", "report", "metrics")

ROWS = (
    # tcp_facts and tcp_diagnosis_info
    Row(
        *("nettune_subset", "list", "Subsets of the facts to gather; !NAME excludes one", "min,counters", _GATHER),
        default=subsets.DEFAULT,
        default_text="the quick ones",
        choices=subsets.CHOICES,
    ),
    Row(
        *("nettune_top", "int", "Most rows of each list", "20", _SAMPLING),
        default=10,
        low=1,
        high=1000,
    ),
    Row(
        *("nettune_sample", "float", "Seconds between two readings; 0 takes one reading, without rates", "10", _GATHER),
        default=0.0,
        low=0,
        high=3600,
    ),
    Row(
        *("nettune_sample", "float", "Seconds between two samples", "10", ("diagnose", "report", "metrics", "record")),
        default=5.0,
        low=0,
        high=3600,
    ),
    Row(
        *("nettune_source", "str", "How to count sockets", "exact", _GATHER),
        default="auto",
        choices=("auto", "exact", "procfs"),
    ),
    Row(
        *("nettune_timeout", "int", "Seconds a host may take, in addition to nettune_sample", "120", _SAMPLING),
        default=60,
        low=1,
        high=86400,
    ),
    Row(
        *("nettune_timeout", "int", "Seconds a host may take", "120", ("verify",)),
        default=60,
        low=1,
        high=86400,
    ),
    Row(
        *("nettune_rows", "int", "Most rows of the table; 0 shows all", "100", ("facts",)),
        default=50,
        low=0,
    ),
    Row(
        *(FROM, "str", "Read the fact cache (cache) or a recording instead of the hosts", "recording.json.gz", _FROM),
        default="",
        default_text="the hosts",
    ),
    Row(
        *(
            "nettune_thresholds",
            "dict",
            "Thresholds of rules, instead of the built-in ones",
            '{"emfile": {"warning": 80}}',
        ),
        used_by=("diagnose", "report", "metrics"),
        default={},
        default_text="built in",
    ),
    # What is shown, and the exit code
    Row(
        *("nettune_query", "str", "JMESPath expression over {hosts, missing}", "hosts[].host", ("query",)),
        required=True,
    ),
    Row(
        *("nettune_file", "file", "File with kernel parameters", "/etc/sysctl.conf", ("lint",)),
        required=True,
    ),
    Row(
        *("nettune_kernel", "str", "Kernel release that the settings are for", "6.12", ("lint",)),
        default_text="the target's",
    ),
    Row(
        *("nettune_idle_timeout", "int", "Seconds after which the path forgets idle connections", "350"),
        used_by=("lint", "diagnose", "report"),
        default=0,
        default_text="unknown",
        low=0,
    ),
    Row(
        *("nettune_format", "str", "How to print the result", "json", ("query", "lint")),
        default="table",
        choices=("table", "json"),
    ),
    Row(
        *("nettune_format", "str", "How to print the findings", "json", ("diagnose",)),
        default="card",
        choices=("card", "json"),
    ),
    Row(
        *("nettune_fail_on", "list", "Severities of findings that fail a host", "critical", ("diagnose",)),
        default=(),
        default_text=NEVER,
        choices=(*SEVERITIES, NEVER),
    ),
    Row(
        *(
            "nettune_fail_on",
            "list",
            "Drift that fails a host, now (critical) or at the next boot (warning)",
            "critical",
            ("verify",),
        ),
        default=("critical", "warning"),
        choices=("critical", "warning", NEVER),
    ),
    Row(
        *("nettune_fail_on", "list", "Verdicts, or their severities, that fail the run", "critical,hazard", ("lint",)),
        default=tuple(verdict for verdict in VERDICTS if verdict != OK),
        default_text="any verdict but ok",
        choices=(*SEVERITIES, *VERDICTS, NEVER),
    ),
    # verify and revert
    Row(
        *("nettune_profile", "str", "Profile to check", "web", ("verify",)),
        default_text="all profiles",
    ),
    Row(
        *("nettune_profile", "str", "Profile to revert", "web", ("revert",)),
        default_text="all profiles",
    ),
    Row(
        *("nettune_profile", "str", "Profile of the variables; web, squid … are those of the roles", "web", ("adopt",)),
        default="adopted",
    ),
    Row(
        *("nettune_expect", "list", "Profiles that each host must have", "web,client", ("verify",)),
        default=(),
        default_text="none",
    ),
    # watch
    Row(
        *("nettune_interval", "float", "Seconds between two samples", "2", ("watch",)),
        default=5.0,
        low=0.5,
        high=3600,
    ),
    Row(
        *("nettune_count", "int", "Number of samples; 0 goes on until Ctrl-C", "60", ("watch",)),
        default=12,
        low=0,
    ),
    # metrics
    Row(
        *("nettune_textfile_directory", "str", "Directory on each host from which node_exporter reads textfiles"),
        example="/var/lib/node_exporter",
        used_by=("metrics",),
        default="",
        default_text="none",
    ),
    Row(
        *("nettune_metrics_peers", "int", "Remote addresses to count for each state; 0 counts none", "5", ("metrics",)),
        default=0,
        low=0,
        high=50,
    ),
    # record
    Row(
        *("nettune_samples", "int", "Number of samples to record, as watch takes them", "360", ("record",)),
        default=0,
        low=0,
        high=10_000,
    ),
    Row(
        *("nettune_interval", "float", "Seconds between two samples to record", "60", ("record",)),
        default=10.0,
        low=0.5,
        high=3600,
    ),
    Row(
        *("nettune_anonymise", "bool", "Replace names and addresses in the recording", "true", ("record",)),
        default=False,
    ),
    *trial_rows.ROWS,
    # Tune playbooks
    Row(
        *(SERIAL, "list", "Sizes of the batches of a rollout: numbers or percentages of hosts", "1,10%,50%"),
        used_by=playbooks.TUNE,
        default=(),
        default_text="all hosts at once",
    ),
    Row(
        *(ON_FAILURE, "str", "What to roll back if a batch fails, that batch or all so far", "all", playbooks.TUNE),
        default="batch",
        choices=("batch", "all"),
    ),
    # Every playbook
    Row(
        *(OUTPUT, "output", "File on the controller to write the results to, .json or .csv", "result.json"),
        used_by=tuple(
            name for name in playbooks.NAMES if name not in ("adopt", "metrics", "record", "report", "watch")
        ),
        default_text="no file",
    ),
    Row(
        *(OUTPUT, "output", "File on the controller to write the metrics of all hosts to, .prom", "nettune.prom"),
        used_by=("metrics",),
        default_text="no file",
    ),
    Row(
        *(OUTPUT, "output", "File on the controller to write the recording to, .json.gz", "monday.json.gz"),
        used_by=("record",),
        default_text="nettune-recording.json.gz",
    ),
    Row(
        *(OUTPUT, "output", "File on the controller to write the report to, .html or .json", "tcp.html", ("report",)),
        default="nettune-report.html",
    ),
    Row(
        *(OUTPUT, "output", "New file on the controller for the variables, .yml; one for each host if they differ"),
        example="group_vars/web/nettune.yml",
        used_by=("adopt",),
        default_text="nettune-adopt.yml",
    ),
    Row(
        *("nettune_before", "file", "Recording of an earlier time to compare with", "before.json.gz", ("report",)),
        default="",
        default_text="none",
    ),
    Row(
        *(
            "nettune_trial",
            "file",
            "Result of a trial to show; trial writes it with nettune_output",
            "trial.json",
            ("report",),
        ),
        default="",
        default_text="none",
    ),
    Row(
        *("nettune_title", "str", "Title of the page", "Web servers", ("report",)),
        default="TCP report",
    ),
    Row(
        *(OUTPUT, "output", "File on the controller to append the samples to, .csv or .json", "samples.csv"),
        used_by=("watch",),
        default_text="nettune-watch-TIME.csv",
    ),
    Row(
        *(ALLOW, "list", "Variables to accept although they look misspelt", "web_service", playbooks.NAMES),
        default=(),
        default_text="none",
    ),
    Row(
        *(HELP, "bool", "Print this table and end, without contacting a host", "true", playbooks.NAMES),
        default=False,
    ),
)

NAMES = tuple(dict.fromkeys(row.name for row in ROWS))


def of(playbook: str) -> list[Row]:
    """Return the options of a playbook."""
    return [row for row in ROWS if playbook in row.used_by]


def asks_for_help(variables: Mapping[str, Any]) -> bool:
    """Return whether these variables of a play ask for the help of the playbook, before they are checked."""
    return bool(boolean(variables.get(HELP, False), strict=False))


def has(playbook: str, name: str) -> bool:
    """Return whether a playbook has an option."""
    return any(row.name == name for row in of(playbook))
