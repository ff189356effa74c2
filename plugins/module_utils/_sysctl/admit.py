# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check settings against a host: each one is admitted, skipped with a reason, or refused with a reason."""

from __future__ import annotations

import re
from typing import AbstractSet, Any, Iterable, Mapping, NamedTuple

from .._common.errors import InvalidOption
from .._common.status import REFUSED, SKIPPED
from .._common.suggest import did_you_mean
from .._formats import sysctl_conf
from .._parameters import catalogue, value
from .._parameters.nearest import may_be_newer, nearest
from .._parameters.row import HOST_WIDE, NETNS, NEVER, Parameter
from .request import DISPLACED, Request, from_option, steady
from .snapshot import ABSENT, Host

# The name of an interface has slashes in place of dots.
_OF_INTERFACE = re.compile(r"net\.(?P<family>ipv[46])\.(?:conf|neigh)\.(?P<name>[^.]+)\.[^.]+")


class Setting(NamedTuple):
    """One setting. given_as: the name as given. name: its canonical name on this host.

    requested: the value as given, for the result. request: None if the setting is skipped or refused, with status and
    reason.
    """

    given_as: str
    name: str
    requested: Any
    parameter: Parameter
    request: Request | None = None
    status: str = ""
    reason: str = ""


def admit(
    settings: Mapping[str, Any],
    host: Host,
    *,
    boot_modules: AbstractSet[str] = frozenset(),
    earlier: Mapping[str, Request] | None = None,
) -> list[Setting]:
    """Return every setting, checked, in the order given.

    boot_modules: those that only the next boot loads. earlier: the requests of the profile as it was applied last.
    """
    found = [_judge(str(given_as), requested, host, boot_modules) for given_as, requested in settings.items()]
    return [_steady(setting, (earlier or {}).get(setting.name)) for setting in _refuse_duplicates(found)]


def _steady(setting: Setting, earlier: Request | None) -> Setting:
    """Return the setting with its earlier value if a share of memory has hardly changed."""
    if setting.request is None:
        return setting
    request = steady(setting.request, earlier)
    return setting._replace(request=request, requested=request.shown())


def recall(requests: Mapping[str, Request], host: Host) -> list[Setting]:
    """Return settings that were admitted earlier, checked against the host as it is now.

    A skipped one keeps its request, as it is still part of the profile.
    """
    known = ((name, request) for name, request in requests.items() if request.how != DISPLACED)
    settings = [Setting(name, name, request.shown(), describe(name, host), request) for name, request in known]
    return [_recalled(setting, host) for setting in settings]


def names_to_read(settings: Iterable[str]) -> list[str]:
    """Return the parameters to read from a host before its settings can be checked; malformed names are left out."""
    found: dict[str, None] = {}
    for given_as in settings:
        try:
            name = sysctl_conf.canonical(str(given_as))
        except InvalidOption:
            continue
        known = catalogue.find(name)
        others = (known.renamed_to, known.alias_of) if known else ()
        found.update(dict.fromkeys(filter(None, (name, *others))))
    return list(found)


def is_unknown(name: str) -> bool:
    """Return whether the catalogue does not have the parameter."""
    return catalogue.find(name) is None


def locked(parameter: Parameter, host: Host) -> str:
    """Return why the parameter cannot be written on this host; empty if it can."""
    if not parameter.writable:
        return "the parameter is read-only"
    return host.reading(parameter.name).locked


def why_absent(name: str, host: Host) -> str:
    """Return why the host has no value for the parameter."""
    setting = Setting(name, name, None, describe(name, host))
    return _unknown(setting, host) or _out_of_reach(setting, host) or host.reading(name).unreadable


def outside(name: str, host: Host) -> str:
    """Return why a parameter is not part of a network namespace, if the host is one; empty otherwise."""
    if not host.only_network or name.startswith("net."):
        return ""
    return "outside: pid selects a network namespace, which only has parameters below net.*"


def describe(name: str, host: Host) -> Parameter:
    """Return the catalogue row of a parameter on this host; without a row, one derived from the value."""
    known = catalogue.find(name)
    if known is not None:
        return known.on(host.kernel)
    tokens = (host.reading(name).text or "").split()
    numeric = bool(tokens) and all(value.as_number(token) is not None for token in tokens)
    scope = NETNS if name.startswith("net.") else HOST_WIDE
    return Parameter(name, "vector" if numeric else "words", count=max(1, len(tokens)), scope=scope)


def _judge(given_as: str, requested: Any, host: Host, boot_modules: AbstractSet[str]) -> Setting:
    try:
        name = sysctl_conf.canonical(given_as)
    except InvalidOption as error:
        return Setting(given_as, given_as, requested, Parameter(given_as), status=REFUSED, reason=str(error))
    name = _live_name(name, host)
    parameter = describe(name, host)
    setting = Setting(given_as, name, requested, parameter)
    try:
        request = from_option(parameter, requested, host.memory)
    except InvalidOption as error:
        # The type of a parameter that came after the catalogue is not known.
        newer = "" if _unknown(setting, host) else _too_new(setting, host)
        if newer:
            return setting._replace(status=SKIPPED, reason=newer)
        return setting._replace(status=REFUSED, reason=_unknown(setting, host) or str(error))
    setting = setting._replace(requested=request.shown())
    unknown = _unknown(setting, host)
    if unknown:
        return setting._replace(status=REFUSED, reason=unknown)
    skipped = _out_of_reach(setting, host)
    if skipped and not _appears_at_boot(parameter, host, boot_modules):
        return setting._replace(status=SKIPPED, reason=skipped)
    unreadable = host.reading(name).unreadable
    if unreadable:
        return setting._replace(status=REFUSED, reason=f"{name} cannot be read: {unreadable}")
    return setting._replace(request=request)


def _appears_at_boot(parameter: Parameter, host: Host, boot_modules: AbstractSet[str]) -> bool:
    """Return whether the parameter is absent only until the next boot loads its module."""
    absent = host.reading(parameter.name) == ABSENT and not parameter.removed
    return absent and host.owns_machine and parameter.module in boot_modules


def _recalled(setting: Setting, host: Host) -> Setting:
    reading = host.reading(setting.name)
    reason = _unknown(setting, host) or _out_of_reach(setting, host) or reading.unreadable
    return setting._replace(status=SKIPPED, reason=reason) if reason else setting


def _live_name(name: str, host: Host) -> str:
    """Return the name that this host uses: the new one of a renamed parameter, unless only the old one exists."""
    known = catalogue.find(name)
    other = (known.renamed_to or known.alias_of) if known else ""
    if not other:
        return name
    only_this = host.reading(name).text is not None and host.reading(other).text is None
    return name if only_this else other


def _unknown(setting: Setting, host: Host) -> str:
    """Return why this is no kernel parameter, as far as the catalogue and the host tell; empty if it is one."""
    if setting.parameter.removed == NEVER:
        return f"{setting.given_as} has never been a kernel parameter: {setting.parameter.note}"
    if not is_unknown(setting.name) or host.reading(setting.name) != ABSENT or _too_new(setting, host):
        return ""
    hint = did_you_mean(nearest(setting.name, host.names))
    return f"{setting.given_as}: unknown kernel parameter (this kernel is {host.kernel}){hint}"


def _too_new(setting: Setting, host: Host) -> str:
    """Return that an absent parameter may be newer than the catalogue; empty if that cannot be."""
    absent = is_unknown(setting.name) and host.reading(setting.name) == ABSENT
    if not absent or not may_be_newer(setting.name, host.kernel, host.names):
        return ""
    known = f"this version of nettune.tcp knows the parameters up to Linux {catalogue.NEWEST}"
    return f"absent: not known; {known}, this host runs {host.kernel}"


def _out_of_reach(setting: Setting, host: Host) -> str:
    """Return why the parameter cannot be set on this host; empty if it can."""
    parameter, reading = setting.parameter, host.reading(setting.name)
    absent = reading.text is None and not reading.unreadable
    if absent and parameter.removed:
        return f"removed in Linux {parameter.removed}. {parameter.note}".strip()
    if absent and parameter.is_missing_on(host.kernel):
        return f"absent: needs Linux {parameter.since}; this host runs {host.kernel}"
    if parameter.scope == HOST_WIDE and not host.owns_machine:
        return "host-wide: cannot be set from inside a container or a namespace"
    if outside(setting.name, host):
        return outside(setting.name, host)
    if absent and is_unknown(setting.name):
        return _too_new(setting, host)
    if absent and parameter.module:
        return f"absent: exists only while the kernel module {parameter.module} is loaded"
    interface = _OF_INTERFACE.fullmatch(setting.name)
    if absent and interface and interface["name"] not in ("all", "default"):
        has_ipv6 = ", or IPv6 is disabled" if interface["family"] == "ipv6" else ""
        return f"absent: this host has no network interface {interface['name'].replace('/', '.')}{has_ipv6}"
    if absent:
        return f"absent: this kernel ({host.kernel}) does not have it, or not in this namespace"
    return ""


def _refuse_duplicates(settings: list[Setting]) -> list[Setting]:
    """Refuse a parameter that is given under two spellings, as it is not clear which one is meant."""
    spellings: dict[str, list[str]] = {}
    for setting in settings:
        spellings.setdefault(setting.name, []).append(setting.given_as)
    return [_refuse_duplicate(setting, spellings[setting.name]) for setting in settings]


def _refuse_duplicate(setting: Setting, spellings: list[str]) -> Setting:
    if len(spellings) == 1:
        return setting
    reason = f"{setting.name} is given more than once, as {' and as '.join(spellings)}; give it once"
    return setting._replace(request=None, status=REFUSED, reason=reason)
