# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten hosts with settings in sysctl.d and limits.d, as they are after a boot, for the playbook adopt.

With PYTHONPATH=playbooks/collections, `python -m tests.unit.support.settings_trees` writes the variables of each to
tests/fixtures/adopt.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from ansible_collections.nettune.tcp.plugins.module_utils._adopt.host.settings import gather
from ansible_collections.nettune.tcp.plugins.module_utils._formats import sysctl_conf
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.plugin_utils.adopt import document
from ansible_collections.nettune.tcp.tests.unit.support import distributions
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import VALUES, FakeHost

EXPECTED = Path(__file__).resolve().parents[2] / "fixtures" / "adopt"
# Parameters that are not in the catalogue, as every host has them.
_OTHERS = {
    "fs.inotify.max_user_watches": "65536",
    "kernel.core_pattern": "core",
    "kernel.keys.root_maxbytes": "25000000",
    "kernel.keys.root_maxkeys": "1000000",
    "kernel.kptr_restrict": "0",
    "kernel.panic": "0",
    "kernel.panic_on_oops": "0",
    "kernel.printk": "4\t4\t1\t7",
    "kernel.sysrq": "438",
    "kernel.yama.ptrace_scope": "0",
    "vm.max_map_count": "65530",
    "vm.mmap_min_addr": "4096",
    "vm.swappiness": "60",
}
_INTERFACES = ("all", "default", "lo", "eth0")
_OF_INTERFACES = ("accept_redirects", "accept_source_route", "forwarding", "promote_secondaries", "rp_filter")
_LIMITS, _LIMITS_D = "/etc/security/limits.conf", "/etc/security/limits.d"


class Tree(NamedTuple):
    """A host.

    profile: of the variables. files: texts by path. links: targets by path. base: of tests/fixtures/distributions.
    interfaces: besides the usual ones. listens: ports.
    """

    profile: str
    files: dict[str, str]
    links: dict[str, str] = {}
    base: str = ""
    interfaces: tuple[str, ...] = ()
    listens: tuple[int, ...] = ()


TREES = {
    "debian12": Tree(
        "adopted",
        {
            "/etc/sysctl.conf": "#net.ipv4.tcp_syncookies=1\n#kernel.sysrq=438\n",
            "/usr/lib/sysctl.d/50-pid-max.conf": "kernel.pid_max = 4194304\n",
            "/usr/lib/sysctl.d/99-protect-links.conf": "fs.protected_hardlinks = 1\nfs.protected_symlinks = 1\n",
            _LIMITS: "# End of file\n",
        },
        {"/etc/sysctl.d/99-sysctl.conf": "../sysctl.conf"},
    ),
    "ubuntu2404": Tree(
        "adopted",
        {
            "/etc/sysctl.d/60-app.conf": "# für die App\nvm.swappiness = 10\nnet.core.somaxconn = 16384\n",
            "/etc/sysctl.d/90-app.conf": "net.core.somaxconn = 32768\n",
            f"{_LIMITS_D}/app.conf": "app soft nofile 32768\napp hard nofile 65536\napp - memlock unlimited\n",
        },
        base="ubuntu2404",
    ),
    "rhel9": Tree(
        "web",
        {
            "/etc/sysctl.d/99-web.conf": "net.ipv4.tcp_tw_reuse = 1\nnet.ipv4.tcp_fin_timeout = 15\n"
            "net.ipv4.ip_local_port_range = 1024 65535\nnet.core.default_qdisc = fq\n",
            "/usr/local/lib/sysctl.d/10-site.conf": "net.ipv4.tcp_keepalive_time = 600\n",
            f"{_LIMITS_D}/99-web.conf": "nginx - nofile 131072\napache - nofile 131072\n@wheel - nofile 8192\n",
        },
        base="rhel9",
    ),
    "suse15": Tree(
        "adopted",
        {
            "/etc/sysctl.d/51-network.conf": "net.ipv4.conf.all.rp_filter = 2\n",
            "/etc/sysctl.d/70-local.conf": "net.ipv4.icmp_ratelimit = 500\nnet.ipv4.conf.*.accept_redirects = 0\n"
            "-net.ipv4.conf.lo.accept_redirects\n",
        },
        {"/etc/sysctl.d/52-yama.conf": "/dev/null"},
        base="suse15",
    ),
    "kubespray": Tree(
        "adopted",
        {
            "/etc/sysctl.d/99-sysctl.conf": "net.ipv4.ip_forward=1\nkernel.keys.root_maxbytes=25000000\n"
            "kernel.keys.root_maxkeys=1000000\nkernel.panic=10\nkernel.panic_on_oops=1\nvm.overcommit_memory=1\n"
            "vm.panic_on_oom=0\nnet.ipv4.ip_local_reserved_ports=30000-32767\n"
            "net.bridge.bridge-nf-call-iptables=1\nfs.inotify.max_user_watches=1048576\n",
            "/etc/sysctl.d/98-override_cilium.conf": "net.ipv4.conf.*.rp_filter = 0\n",
            "/run/sysctl.d/cni.conf": "net.ipv4.conf.all.forwarding = 1\n",
            "/var/lib/kubelet/config.yaml": "",
        },
        interfaces=("cali1a2b3c", "lxc9", "nodelocaldns", "veth0f"),
        listens=(6443, 10250),
    ),
    "squid": Tree(
        "squid",
        {
            "/etc/sysctl.conf": "fs.file-max = 2097152\nnet.ipv4.tcp_tw_recycle = 1\nnet.ipv4.tcp_tw_reuse = 1\n"
            "net.ipv4.tcp_fin_timeout = 30\nnet.ipv4.tcp_max_syn_backlog = 8192\nnet.ipv4.tcp_syncookies = 0\n"
            "net.ipv4.ip_conntrack_max = 131072\nnet.ipv4.tcp_timestamps = 0\nnet.core.rmem_max = 16777216\n"
            "net.ipv4.ip_local_port_range = 1024 65000\nsysctl -p\n",
            _LIMITS: "* soft nofile 65535\n* hard nofile 65535\n"
            "squid soft nofile unlimited\nsquid hard nofile unlimited\n",
        },
        {"/etc/sysctl.d/99-sysctl.conf": "../sysctl.conf"},
        listens=(3128, 22),
    ),
    "mail": Tree(
        "mail",
        {
            "/etc/sysctl.d/50-postfix.conf": "net.ipv4.tcp_keepalive_time = 600\nnet.ipv4.tcp_keepalive_intvl = 30\n"
            "net.ipv4.tcp_keepalive_probes = 5\nnet.ipv4.tcp_fin_timeot = 20\n-net.ipv4.tcp_sack = 1\n",
            f"{_LIMITS_D}/dovecot.conf": "dovecot - nofile 65536\npostfix - nofile 65536\nroot hard nofile 100000\n"
            "vmail soft nofile 1024\n1000:1999 - nofile 4096\n",
        },
    ),
    "million": Tree(
        "million_connections",
        {
            "/etc/sysctl.conf": "fs.file-max = 12000500\nfs.nr_open = 20000500\n"
            "net.ipv4.tcp_mem = 10000000 10000000 10000000\n"
            "net.ipv4.tcp_rmem = 1024 4096 16384\nnet.ipv4.tcp_wmem = 1024 4096 16384\nnet.core.rmem_max = 16384\n"
            "net.core.wmem_max = 16384\nnet.ipv4.ip_local_port_range = 1024 65535\n"
            "net.netfilter.nf_conntrack_max = 1048576\nnet.nf_conntrack_max = 1048576\n",
            _LIMITS: "* - nofile 10000000\nroot soft nofile 20000000\nroot hard nofile 20000000\n",
        },
        {"/etc/sysctl.d/99-sysctl.conf": "../sysctl.conf"},
    ),
    "hostile": Tree(
        "adopted",
        {
            "/etc/sysctl.d/10-odd.conf": "# \udcff\udcfe not UTF-8: {{ 1 }}\n"
            "kernel.core_pattern = {{ lookup('pipe', 'id') }}\n"
            "vm.swappiness = 1\x1b[31m0\nkernel.printk = na\udcefve\nnet.ipv4.{{ x }} = 1\n- = 2\n"
            'net.ipv4.tcp_congestion_control = cubic" # : [\nnet.ipv4.tcp_fin_timeout: 30\n'
            "net.ipv4.tcp_fastopen_key = 1-2-3-4\nnet.ipv4.tcp_fastopen_key 5-6-7-8\nnet/../../etc/passwd = 1\n"
            "net.ipv4.tcp_rmem = " + "9" * 5000 + "\nkernel.panic = %{x} 'y' \\z\n",
            f"{_LIMITS_D}/odd.conf": "{{ x }} - nofile 4096\nbob -\n\udcff - nofile 4096\nalice - nofile 4096\n"
            "alice - nofile 8192\n<domain> <type> <item> <value>\n* - nofile 99999999999999999999\n",
        },
        {"/etc/sysctl.d/20-masked.conf": "/dev/null", "/etc/sysctl.d/30-lost.conf": "/etc/nowhere.conf"},
    ),
    "empty": Tree("adopted", {}),
}


def build(name: str, root: Path) -> FakeHost:
    """Return the host below an empty directory. Parameters that its files set have the values of its next boot."""
    tree = TREES[name]
    names = [f"net.ipv4.conf.{one}.{key}" for one in (*_INTERFACES, *tree.interfaces) for key in _OF_INTERFACES]
    host = FakeHost(root, {**dict.fromkeys(names, "0"), "fs.nr_open": "1048576", **_OTHERS, **VALUES})
    if tree.base:
        distributions.lay_out(tree.base, root)
    for path, text in tree.files.items():
        host.put(path, text)
    for path, target in tree.links.items():
        host.link(path, target)
    host.listen(*tree.listens)
    for key, fact in gather(host)["keys"].items():
        known = catalogue.find(key)
        exists = host.lstat(f"/proc/sys/{sysctl_conf.to_path(key)}") is not None
        if (
            fact["boot_value"] is not None
            and fact["boot_value"].isprintable()
            and (exists or (known and not known.removed))
        ):
            host.set(key, fact["boot_value"])
    return host


def adopted(host: FakeHost, name: str) -> str:
    """Return the variables as the playbook writes them."""
    found = document.adopt(gather(host), TREES[name].profile)
    return document.with_heading(found, ["web1"], [found.kernel])


def variables(host: FakeHost, name: str) -> dict[str, Any]:
    """Return the variables as Ansible reads them."""
    return yaml.safe_load(adopted(host, name))


if __name__ == "__main__":
    for each in TREES:
        with tempfile.TemporaryDirectory() as directory:
            (EXPECTED / f"{each}.yml.txt").write_text(adopted(build(each, Path(directory)), each))
