# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.units import Units

ETC, RUN, USR = "/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system"


@pytest.fixture
def host(tmp_path):
    class Host:
        units = Units(HostFiles(str(tmp_path)))

        def write(self, *paths):
            for path in paths:
                (tmp_path / path[1:]).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / path[1:]).write_text(f"# {path}\n")

        def link(self, path, target):
            (tmp_path / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path[1:]).symlink_to(target)

        def read(self, name):
            return [path for path, _text in self.units.find(name).files]

    return Host()


def test_strongest_unit_file_wins(host):
    host.write(f"{USR}/a.service", f"{RUN}/a.service")
    assert host.read("a.service") == [f"{RUN}/a.service"]
    host.write(f"{ETC}/a.service")
    assert host.read("a.service") == [f"{ETC}/a.service"]


def test_drop_ins_are_ordered_by_file_name(host):
    host.write(f"{USR}/a-b.service", f"{USR}/a-b.service.d/50.conf", f"{RUN}/a-.service.d/10.conf")
    host.write(f"{ETC}/service.d/99.conf", f"{ETC}/a-b.service.d/20.conf", f"{ETC}/a-b.service.d/README")
    assert host.read("a-b.service") == [
        f"{USR}/a-b.service",
        f"{RUN}/a-.service.d/10.conf",
        f"{ETC}/a-b.service.d/20.conf",
        f"{USR}/a-b.service.d/50.conf",
        f"{ETC}/service.d/99.conf",
    ]


@pytest.mark.parametrize(
    ("strong", "weak"),
    [
        (f"{ETC}/a-b.service.d/x.conf", f"{USR}/a-b.service.d/x.conf"),
        (f"{ETC}/a-.service.d/x.conf", f"{USR}/a-b.service.d/x.conf"),
        (f"{ETC}/a-b.service.d/x.conf", f"{ETC}/a-.service.d/x.conf"),
        (f"{USR}/a-.service.d/x.conf", f"{ETC}/service.d/x.conf"),
    ],
)
def test_drop_ins_with_the_same_file_name(host, strong, weak):
    host.write(f"{USR}/a-b.service", weak, strong)
    assert host.read("a-b.service") == [f"{USR}/a-b.service", strong]


def test_link_to_null_masks_a_drop_in(host):
    host.write(f"{USR}/a.service", f"{USR}/a.service.d/x.conf")
    host.link(f"{ETC}/a.service.d/x.conf", "/dev/null")
    assert host.units.find("a.service").files[1:] == ((f"{ETC}/a.service.d/x.conf", ""),)


def test_instance_uses_its_template(host):
    host.write(
        f"{USR}/a@.service", f"{ETC}/a@.service.d/1.conf", f"{ETC}/a@x.service.d/2.conf", f"{ETC}/a@y.service.d/3.conf"
    )
    assert host.read("a@x.service") == [
        f"{USR}/a@.service",
        f"{ETC}/a@.service.d/1.conf",
        f"{ETC}/a@x.service.d/2.conf",
    ]


def test_alias_is_followed_and_drop_ins_of_both_names_are_read(host):
    host.write(f"{USR}/mariadb.service", f"{ETC}/mysqld.service.d/1.conf", f"{ETC}/mariadb.service.d/2.conf")
    host.link(f"{ETC}/mysqld.service", f"{USR}/mariadb.service")
    for name in ("mysqld.service", "mariadb.service"):
        assert host.units.find(name).name == "mariadb.service"
        assert host.read(name)[1:] == [f"{ETC}/mysqld.service.d/1.conf", f"{ETC}/mariadb.service.d/2.conf"]


def test_alias_of_an_instance_is_an_instance(host):
    host.write(f"{USR}/a@.service")
    host.link(f"{ETC}/b@x.service", "a@.service")
    assert host.units.find("b@x.service").name == "a@x.service"


def test_links_in_a_circle(host):
    host.link(f"{ETC}/a.service", "b.service")
    host.link(f"{ETC}/b.service", "a.service")
    assert "its files cannot be read" in host.units.find("a.service").unavailable


def test_linked_unit_file(host):
    host.write("/opt/a.service")
    host.link(f"{ETC}/a.service", "../../../opt/a.service")
    assert host.units.find("a.service").files == ((f"{ETC}/a.service", "# /opt/a.service\n"),)


def test_service_that_is_not_installed(host):
    host.link(f"{ETC}/b.service", "/opt/b.service")
    assert "not installed" in host.units.find("a.service").unavailable
    assert "not installed" in host.units.find("b.service").unavailable


@pytest.mark.parametrize("target", ["/dev/null", ""])
def test_masked_service(host, tmp_path, target):
    host.write(f"{USR}/a.service")
    if target:
        host.link(f"{ETC}/a.service", target)
    else:
        host.write(f"{ETC}/a.service")
        (tmp_path / ETC[1:] / "a.service").write_text("")
    assert "masked" in host.units.find("a.service").unavailable


def test_configuration_of_systemd(host):
    host.write("/etc/systemd/system.conf", "/usr/lib/systemd/system.conf", "/usr/lib/systemd/system.conf.d/2.conf")
    host.write("/etc/systemd/system.conf.d/1.conf")
    assert [path for path, _text in host.units.defaults({})] == [
        "/etc/systemd/system.conf",
        "/etc/systemd/system.conf.d/1.conf",
        "/usr/lib/systemd/system.conf.d/2.conf",
    ]


def test_whether_systemd_is_running(host, tmp_path):
    assert not host.units.running()
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    assert host.units.running()


@pytest.mark.parametrize(("status", "output", "expected"), [(1, "no bus\n", "no bus"), (127, "", "no output")])
def test_failed_reload_reports_the_output(tmp_path, status, output, expected):
    units = Units(HostFiles(str(tmp_path)), run=lambda command: (status, output))
    with pytest.raises(ApplyFailed, match=rf"`systemctl daemon-reload` failed with status {status}: {expected}"):
        units.reload()
