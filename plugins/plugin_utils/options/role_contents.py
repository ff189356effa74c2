# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check what variables of roles say, on the controller: limits, services, users, ports, settings and health checks.

The modules check the same on every host. Here the message names the variable of the role.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Callable, Iterator, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import check_profile_name
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import without_prefix
from ansible_collections.nettune.tcp.plugins.module_utils._confirm import pending
from ansible_collections.nettune.tcp.plugins.module_utils._formats import port_set, proc_modules, rlimit
from ansible_collections.nettune.tcp.plugins.module_utils._formats.meminfo import HostMemory
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import request as nofile_request
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import request as sysctl_request

from . import contents
from .convert import shown
from .names import BASE

_PORTS = f"{BASE}reserved_ports"
# Messages of the modules may begin with these; here the variable of the role is named instead.
_OPTIONS_OF_MODULES = ("services: ", "users: ", "confirm_within: ", "name: ")
# Of any host, as shares of its memory are checked, not calculated.
_MEMORY = HostMemory(total=2**34)


def check(found: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each problem. found: converted values of variables, by name.

    A wrong value is not reported again for the variables that refer to it: tuning_role_nofile refers to web_nofile, and
    web_settings to tuning_reserved_ports.
    """
    reported = {problem: f"{_PORTS}: {problem}" for problem in _problems(_PORTS, found.get(_PORTS))}
    names = [name for name in found if not (reported and name.endswith("_settings"))]
    for name in sorted(names, key=lambda each: each.startswith(BASE)):
        for problem in _problems(name, found[name]):
            reported.setdefault(problem, f"{name}: {problem}")
    return [contents.as_sentence(text) for text in reported.values()]


def _problems(name: str, value: Any) -> Iterator[str]:
    check_one = next((one for end, one in _CHECKS.items() if name.endswith(end)), None)
    for each in value if isinstance(value, list) else value.items() if isinstance(value, Mapping) else [value]:
        try:
            if check_one and value is not None:
                check_one(each)
        except NettuneError as error:
            yield functools.reduce(without_prefix, _OPTIONS_OF_MODULES, str(error))


def _check_profile(given: str) -> None:
    if given:
        check_profile_name(given)


def _check_limit(given: int) -> None:
    if given > rlimit.HIGHEST:
        raise InvalidOption(f"{shown(given)} is above {rlimit.HIGHEST}, the highest limit of the kernel")


def _check_users(given: str) -> None:
    nofile_request.from_options({"soft": 1, "users": [given]})


def _check_services(given: str) -> None:
    nofile_request.from_options({"soft": 1, "services": [given]})


def _check_ports(given: Any) -> None:
    if isinstance(given, bool) or not isinstance(given, (int, str)):
        raise InvalidOption(f"{shown(given)} is neither a port nor a range such as 8000-8100")
    port_set.parse(str(given))


def _check_setting(given: tuple[str, Any]) -> None:
    """Check the form of a request. Only the host knows which parameters it has, and their bounds."""
    key, value = given
    parameter = catalogue.find(key)
    if parameter and value is not None:
        sysctl_request.from_option(parameter._replace(low=None, high=None), value, _MEMORY)


def _check_seconds(given: int) -> None:
    if given:
        pending.check_seconds(given)


def _check_url(given: str) -> None:
    if given and not re.match(r"https?://[^/?#]", given, re.IGNORECASE):
        raise InvalidOption(f"'{given}' is not a URL such as http://localhost/health")


_CHECKS: dict[str, Callable[[Any], object]] = {
    "_profile": _check_profile,
    "_nofile": _check_limit,
    "_services": _check_services,
    "_users": _check_users,
    "_modules": proc_modules.canonical,
    _PORTS: _check_ports,
    "_settings": _check_setting,
    "_overrides": _check_setting,
    "_confirm_within": _check_seconds,
    "_health_url": _check_url,
}
