# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check what options of a playbook say, on the controller: files, the query, thresholds, and the trial."""

from __future__ import annotations

import os
import re
import stat
import tempfile
import time
from typing import Any, Callable

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import is_profile_name
from ansible_collections.nettune.tcp.plugins.module_utils._common.suggest import did_you_mean, is_slip
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis import rules
from ansible_collections.nettune.tcp.plugins.module_utils._formats import sysctl_conf
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, value
from ansible_collections.nettune.tcp.plugins.module_utils._textfile.journal import is_directory_path
from ansible_collections.nettune.tcp.plugins.module_utils._trial import request
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import recording, source, trial_file
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.query import Query
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import target
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import metrics
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.export import (
    PAGE_SUFFIXES,
    SUFFIXES,
    YAML_SUFFIXES,
    require_new,
)

from . import rows

Options = dict[str, Any]


def check(playbook: str, options: Options) -> list[str]:
    """Return a sentence for each problem. Paths in `options` become absolute, and the trial gets its name."""
    errors = []
    for one in (_OUTPUTS.get(playbook, _check_output), *_CHECKS.get(playbook, ())):
        try:
            one(options)
        except NettuneError as error:
            errors.append(as_sentence(str(error)))
    return errors


def as_sentence(text: str) -> str:
    """Return the text with one full stop at its end, unless it ends with a question."""
    return text if text.endswith("?") else f"{text.rstrip('.')}."


def _check_output(options: Options, suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """Check the path of a file that is created, or replaced by a new one."""
    path = _output_path(options, suffixes)
    if path:
        _check_directory(path)


def _check_page(options: Options) -> None:
    _check_output(options, PAGE_SUFFIXES)


def _check_output_of_metrics(options: Options) -> None:
    _check_output(options, (metrics.SUFFIX,))


def _check_recording(options: Options) -> None:
    options[rows.OUTPUT] = options[rows.OUTPUT] or f"nettune-recording{recording.SUFFIX}"
    _check_output(options, (recording.SUFFIX,))


def _check_variables(options: Options) -> None:
    options[rows.OUTPUT] = options[rows.OUTPUT] or "nettune-adopt.yml"
    _check_output(options, YAML_SUFFIXES)
    require_new(options[rows.OUTPUT])


def _check_output_to_append(options: Options) -> None:
    """Check the path of a file that is created or appended to. Without one, it is named after the time."""
    options[rows.OUTPUT] = options[rows.OUTPUT] or time.strftime("nettune-watch-%Y%m%dT%H%M%S.csv")
    path = _output_path(options)
    if not os.path.exists(path):
        _check_directory(path)
    elif not os.access(path, os.W_OK):
        raise InvalidOption(f"{rows.OUTPUT}: no permission to write {path}; choose another file")


def _check_directory(path: str) -> None:
    """Create a file without a name there: permissions alone say nothing about file systems such as /proc."""
    try:
        with tempfile.TemporaryFile(dir=os.path.dirname(path)):
            pass
    except OSError as error:
        raise InvalidOption(f"{rows.OUTPUT}: cannot write {path}: {error.strerror}; choose another file") from None


def _output_path(options: Options, suffixes: tuple[str, ...] = SUFFIXES) -> str:
    """Return the absolute path of the output file, which replaces the given one; empty if there is none."""
    given = options[rows.OUTPUT]
    if not given:
        return ""
    path = options[rows.OUTPUT] = os.path.abspath(os.path.expanduser(given))
    if not path.endswith(suffixes):
        raise InvalidOption(f"{rows.OUTPUT} is '{given}'; its name must end with {' or '.join(suffixes)}")
    directory = os.path.dirname(path)
    if not os.path.isdir(directory):
        raise InvalidOption(f"{rows.OUTPUT}: there is no directory {directory}; create it or choose another file")
    if os.path.exists(path) and not os.path.isfile(path):
        raise InvalidOption(f"{rows.OUTPUT}: {path} is not a regular file; choose another name")
    return path


def _check_file(options: Options) -> None:
    if options["nettune_file"]:
        _check_readable(options, "nettune_file", "/etc/sysctl.conf")


def _check_from(options: Options) -> None:
    given = options["nettune_from"]
    if not source.is_recording(given):
        return
    if is_slip(given, source.CACHE) and not os.path.exists(given):
        raise InvalidOption(f"nettune_from is '{given}'{did_you_mean(source.CACHE)}")
    _check_readable(options, "nettune_from", f"nettune-recording{recording.SUFFIX}")


def _check_before(options: Options) -> None:
    if options["nettune_before"]:
        _check_readable(options, "nettune_before", f"nettune-recording{recording.SUFFIX}")


def _check_result_of_trial(options: Options) -> None:
    if not options[trial_file.OPTION]:
        return
    path = options[trial_file.OPTION] = os.path.abspath(os.path.expanduser(options[trial_file.OPTION]))
    if os.path.exists(path):
        _check_readable(options, trial_file.OPTION, "trial.json")
    trial_file.read(path)


def _check_readable(options: Options, name: str, example: str) -> None:
    """Check that an option names a file that can be read, and make its path absolute."""
    path = options[name] = os.path.abspath(os.path.expanduser(options[name]))
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        raise InvalidOption(f"{name}: cannot read {path}: {error.strerror}") from None
    if not stat.S_ISREG(mode):
        raise InvalidOption(f"{name}: {path} is not a regular file; name a file such as {example}")
    if not os.access(path, os.R_OK):
        raise InvalidOption(f"{name}: no permission to read {path}")


def _check_kernel(options: Options) -> None:
    if options["nettune_kernel"]:
        try:
            target.parse_kernel(options["nettune_kernel"])
        except InvalidOption as error:
            raise InvalidOption(f"nettune_{error}") from None


def _check_query(options: Options) -> None:
    if options["nettune_query"]:
        Query(options["nettune_query"])


def _check_thresholds(options: Options) -> None:
    try:
        rules.thresholds(options["nettune_thresholds"])
    except InvalidOption as error:
        raise InvalidOption(f"nettune_{error}") from None


def _check_profiles(options: Options) -> None:
    asked = [("nettune_profile", options["nettune_profile"])] if options["nettune_profile"] else []
    asked += [("nettune_expect", name) for name in options.get("nettune_expect", ())]
    for option, name in asked:
        if not is_profile_name(name):
            raise InvalidOption(
                f"{option}: '{name}' is not the name of a profile, such as web; names have lower-case letters, digits"
                " and underscores"
            )


def _check_trial(options: Options) -> None:
    """Check what sysctl_trial would refuse on every host."""
    key = options["nettune_trial_key"]
    prefix = "nettune_trial_"
    aims = [name for name in (f"{prefix}minimise", f"{prefix}maximise") if options[name]]
    if len(aims) != 1:
        raise InvalidOption(
            f"set {'only one of ' if aims else ''}{prefix}minimise {'and' if aims else 'or'} {prefix}maximise,"
            f" for example -e {prefix}minimise=states.LAST_ACK"
        )
    if not key or not options[f"{prefix}candidates"]:
        return
    if not options[f"{prefix}name"]:
        options[f"{prefix}name"] = re.sub(r"[^a-z0-9_]", "_", re.split(r"[./]", key)[-1].lower())
    try:
        parameter = catalogue.find(sysctl_conf.canonical(key))
    except InvalidOption as error:
        raise InvalidOption(f"{prefix}key: {error}") from None
    try:
        for candidate in options[f"{prefix}candidates"] if parameter else ():
            # The bounds depend on the kernel.
            value.requested(parameter._replace(low=None, high=None), candidate)
    except InvalidOption as error:
        raise InvalidOption(f"{prefix}candidates: {error}") from None
    asked = {name[len(prefix) :]: value for name, value in options.items() if name.startswith(prefix)}
    try:
        request.from_options(asked, prefix)
    except InvalidOption as error:
        about = str(error).partition(":")[0]
        raise InvalidOption(f"{prefix if about in asked else ''}{error}") from None


def _check_textfile_directory(options: Options) -> None:
    path = options[metrics.DIRECTORY]
    if not path:
        return
    if options["nettune_from"]:
        raise InvalidOption(
            f"{metrics.DIRECTORY} cannot be combined with nettune_from, which contacts no host; set {rows.OUTPUT}"
        )
    options[metrics.DIRECTORY] = path.rstrip("/")
    if not is_directory_path(options[metrics.DIRECTORY]):
        raise InvalidOption(
            f"{metrics.DIRECTORY} is '{path}'; it must be an absolute path, such as /var/lib/node_exporter"
        )


def _check_peers(options: Options) -> None:
    if options[metrics.PEERS] > options["nettune_top"]:
        raise InvalidOption(
            f"{metrics.PEERS} is {options[metrics.PEERS]}, but nettune_top is {options['nettune_top']}; raise that too"
        )


_OUTPUTS = {
    "watch": _check_output_to_append,
    "record": _check_recording,
    "report": _check_page,
    "metrics": _check_output_of_metrics,
    "adopt": _check_variables,
}
_CHECKS: dict[str, tuple[Callable[[Options], None], ...]] = {
    "lint": (_check_file, _check_kernel),
    "adopt": (_check_profiles,),
    "facts": (_check_from,),
    "query": (_check_query, _check_from),
    "diagnose": (_check_thresholds, _check_from),
    "report": (_check_thresholds, _check_from, _check_before, _check_result_of_trial),
    "verify": (_check_profiles,),
    "revert": (_check_profiles,),
    "trial": (_check_trial,),
    "metrics": (_check_thresholds, _check_textfile_directory, _check_peers, _check_from),
}
