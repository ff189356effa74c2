# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of systemd services (systemd.unit(5)), their templates and drop-in directories."""

from __future__ import annotations

import re

from .._common.errors import InvalidOption

SUFFIX = ".service"
_OTHER_TYPES = (
    ".socket", ".device", ".mount", ".automount", ".swap", ".target", ".path", ".timer", ".slice", ".scope",
)  # fmt: skip  # one row each
_NAME = re.compile(r"[A-Za-z0-9:_.\\-]+(@[A-Za-z0-9:_.\\-]*)?\Z")
_LONGEST = 255


def service(given: str) -> str:
    """Return the full name of a service: `nginx` is `nginx.service`. Raises InvalidOption."""
    name = given if given.endswith(SUFFIX) else given + SUFFIX
    if given.endswith(_OTHER_TYPES):
        raise InvalidOption(f"services: {given!r} is not a service; use names such as nginx or nginx.service")
    if not _NAME.match(name[: -len(SUFFIX)]) or ".." in name or name.startswith((".", "-")) or len(name) > _LONGEST:
        raise InvalidOption(
            f"services: {given!r} is not a valid service name; use letters, digits and :_.\\-@, as in nginx or"
            " php-fpm@www.service; paths, patterns and spaces are not allowed"
        )
    return name


def template(name: str) -> str:
    """Return the template of an instance, `foo@.service` for `foo@bar.service`; any other name as it is."""
    prefix, at, _instance = name[: -len(SUFFIX)].partition("@")
    return f"{prefix}@{SUFFIX}" if at else name


def is_template(name: str) -> bool:
    """Return whether the name is that of a template."""
    return name.endswith("@" + SUFFIX)


def covers(name: str, running: str) -> bool:
    """Return whether the unit `running` is `name` or an instance of it."""
    return running == name or (is_template(name) and template(running) == name)


def drop_in_names(name: str) -> list[str]:
    """Return the names whose `.d` directories apply to the unit, most specific first (src/shared/dropin.c).

    >>> drop_in_names("foo-bar@x.service")
    ['foo-bar@x.service', 'foo-bar@.service', 'foo-@x.service', 'foo-@.service']
    """
    names = [name]
    if template(name) != name:
        names.append(template(name))
    prefix, rest = _parts(name)
    shorter = prefix[:-1] if prefix.endswith("-") else prefix
    cut = shorter.rfind("-")
    if cut > 0:
        names += drop_in_names(shorter[: cut + 1] + rest)
    return names


def _parts(name: str) -> tuple[str, str]:
    prefix, at, instance = name[: -len(SUFFIX)].partition("@")
    return prefix, at + instance + SUFFIX
