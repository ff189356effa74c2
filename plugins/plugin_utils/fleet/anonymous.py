# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace what identifies the hosts of a recording, so that it can be shown to others.

The same unit, file or address gets the same replacement everywhere, an address one of its family, so that connections
of several hosts can still be joined; any other text gets the same one in all fields of its kind. Text is kept only
where KEPT says so: the text of a new field is replaced until it is added there.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.subsets import SUBSET_OF_FACT

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_VERSION = re.compile(r"\d+(\.\d+)*")
_NUMBERS = re.compile(r"[-0-9: ]*|infinity|unlimited")
# By the name of a field: the text that may be kept, all of it or its beginning.
KEPT: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(("at", "start"), _TIME),
    **dict.fromkeys(("release", "python", "collection"), _VERSION),
    **dict.fromkeys(("value", "boot_value", "before", "after"), _NUMBERS),
    **dict.fromkeys(("expected", "running", "boot", "nofile"), _NUMBERS),
    "source": re.compile("netlink|procfs"),
    "loader": re.compile("systemd|procps|openrc|busybox"),
    "when": re.compile("now|next boot"),
}
# Fields with names of parameters and facts.
_NAMING = ("what", "parameters")
_PARAMETERS = frozenset(catalogue.names())
_FACTS = (*SUBSET_OF_FACT, "rates", "sysctl", "profiles", "journal")
# What the name of a kernel parameter that could not be read follows.
_KEYS = "sysctl.keys."
_KINDS = {
    "host": "host-",
    "groups": "group_",
    "unit": "unit-",
    "container": "container-",
    "name": "process-",
    "profile": "profile-",
    "path": "path-",
    "what": "what-",
}
_SUFFIX = re.compile(r"\.(service|scope|slice|socket)$")
_REASON = "left out, as the recording is anonymous"
# Class E of IPv4, which no network uses, and a prefix for documentation (RFC 9637).
_FIRST_IPV4, _FIRST_IPV6 = ipaddress.IPv4Address("240.0.0.1"), ipaddress.IPv6Address("3fff::1")


def anonymised(recording: Mapping[str, Any]) -> dict[str, Any]:
    """Return the recording without what identifies its hosts."""
    names = _Names()
    return {**recording, "anonymised": True, **{rows: names.of(recording[rows], "") for rows in ("hosts", "missing")}}


class _Names:
    """Replaces texts, and remembers the number that each has among those of its kind."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {}

    def of(self, value: Any, field: str) -> Any:
        """Return a value with other names. field: its name, or that of the list that it is in."""
        if isinstance(value, str):
            return self._text(value, field)
        if isinstance(value, list):
            return [self.of(each, field) for each in value]
        if not isinstance(value, Mapping):
            return value
        # A profile has a name and parameters; everything else with a name is a process.
        names = {"name": "profile"} if "parameters" in value else {}
        return {key: self.of(held, names.get(key, key)) for key, held in value.items() if _is_kept(key, field)}

    def _text(self, text: str, field: str) -> str:
        if field in ("reason", "not_root"):
            return text and _REASON
        address = _address(text)
        if address:
            return self._address(address)
        kept = KEPT[field].match(text) if field in KEPT else None
        if kept and (kept.group() == text or KEPT[field] is _VERSION):
            return kept.group()
        if not text or (field in _NAMING and _names_a_fact(text)):
            return text
        suffix = _SUFFIX.search(text)
        # A unit or a file may be in several fields.
        kind = _KINDS.get("unit" if suffix else "path" if text.startswith("/") else field, "text-")
        return f"{kind}{self._number(kind, text) + 1}{suffix.group() if suffix else ''}"

    def _address(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
        """Return another address of the family. Loopback and unspecified addresses have the same meaning everywhere."""
        if address.is_loopback or address.is_unspecified:
            # Without its zone, which is the name of an interface.
            return str(address).partition("%")[0]
        if address.version == 4:
            return str(_FIRST_IPV4 + self._number("IPv4", str(address)))
        if address.ipv4_mapped:
            return f"::ffff:{self._address(address.ipv4_mapped)}"
        return str(_FIRST_IPV6 + self._number("IPv6", str(address)))

    def _number(self, kind: str, text: str) -> int:
        """Return the number of a text among those of its kind, from 0."""
        numbers = self._numbers.setdefault(kind, {})
        return numbers.setdefault(text, len(numbers))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_kept(key: str, field: str) -> bool:
    """Return whether a dictionary keeps a key: the name of a kernel parameter may contain that of an interface."""
    return field != "keys" or key in _PARAMETERS


def _names_a_fact(text: str) -> bool:
    """Return whether a text is the name of a kernel parameter, or begins with that of a fact, as memory.high does.

    A unit such as memory.service does not.
    """
    if text.startswith(_KEYS):
        return text[len(_KEYS) :] in _PARAMETERS
    return text in _PARAMETERS or (text.partition(".")[0] in _FACTS and not _SUFFIX.search(text))
