# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats import unit_name


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("nginx", "nginx.service"),
        ("nginx.service", "nginx.service"),
        ("php8.2-fpm", "php8.2-fpm.service"),
        ("php-fpm@www", "php-fpm@www.service"),
        ("php-fpm@.service", "php-fpm@.service"),
        ("dbus-org.freedesktop.network1", "dbus-org.freedesktop.network1.service"),
        ("a\\x2db", "a\\x2db.service"),
    ],
)
def test_names_of_services(given, expected):
    assert unit_name.service(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "",
        ".service",
        "nginx.socket",
        "a/b",
        "/etc/passwd",
        "../../etc/passwd",
        "a..b",
        "nginx*",
        "[ab]",
        "a b",
        "a\n",
        "a\n.service",
    ]
    + ["nginx;reboot", "ngïnx", "a@b@c", "-a", ".a", "a" * 250],
)
def test_invalid_names(given):
    with pytest.raises(InvalidOption, match="services: "):
        unit_name.service(given)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("foo.service", ["foo.service"]),
        ("foo-bar.service", ["foo-bar.service", "foo-.service"]),
        ("a-b-c.service", ["a-b-c.service", "a-b-.service", "a-.service"]),
        ("foo@x.service", ["foo@x.service", "foo@.service"]),
        ("foo-.service", ["foo-.service"]),
        ("a-b-.service", ["a-b-.service", "a-.service"]),
        ("foo-bar@x-y.service", ["foo-bar@x-y.service", "foo-bar@.service", "foo-@x-y.service", "foo-@.service"]),
    ],
)
def test_names_whose_drop_ins_apply_to_a_unit(name, expected):
    assert unit_name.drop_in_names(name) == expected


@pytest.mark.parametrize(
    ("name", "running", "expected"),
    [
        ("foo.service", "foo.service", True),
        ("foo@.service", "foo@x.service", True),
        ("foo@y.service", "foo@x.service", False),
        ("foo.service", "foo@x.service", False),
        ("bar@.service", "foo@x.service", False),
    ],
)
def test_template_covers_its_instances(name, running, expected):
    assert unit_name.covers(name, running) is expected
