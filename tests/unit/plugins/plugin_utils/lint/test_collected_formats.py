# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as people have them: each setting that would take effect is found once, on its line."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

SYN, SACK, FIN = "net.ipv4.tcp_syncookies", "net.ipv4.tcp_sack", "net.ipv4.tcp_fin_timeout"
CONN, TW = "net.core.somaxconn", "net.ipv4.tcp_tw_recycle"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # Options of containers.
        ("x.sh", f"docker run --sysctl {CONN}=128 \\\n --sysctl={TW}=1 x", [(1, CONN, "128"), (2, TW, "1")]),
        ("x.conf", f"lxc.uts.name = a\nlxc.sysctl.{CONN} = 128\nlxc.net.0.type = veth\n", [(2, CONN, "128")]),
        ("x.yml", f'config:\n  linux.sysctl.{SYN}: "0"\n', [(2, SYN, "0")]),
        (
            "x.yml",
            f"config:\n  user.user-data: |\n    #cloud-config\n    runcmd:\n      - sysctl -w {TW}=1\n",
            [(5, TW, "1")],
        ),
        ("x.json", f'{{"SystemControls": [{{"Namespace": "{CONN}", "Value": "128"}}]}}', [(1, CONN, "128")]),
        # Here-documents of Dockerfiles.
        ("Dockerfile", f"FROM x\nCOPY <<EOF /etc/sysctl.d/x.conf\n{SYN} = 0\nEOF\n", [(3, SYN, "0")]),
        ("Dockerfile", f"FROM x\nADD --chmod=644 <<'X' /etc/sysctl.conf\n{SYN} = 0\nX\n", [(3, SYN, "0")]),
        ("Dockerfile", f"FROM x\nRUN <<EOF\napk add x\nsysctl -w {SYN}=0\nEOF\n", [(4, SYN, "0")]),
        # Jinja.
        ("x.yml", f"s: \"{{{{ [{{'name': '{CONN}', 'value': 128}}] + more }}}}\"\n", [(1, CONN, "128")]),
        ("x.yml", f"s: \"{{{{ {{'{SYN}': '0'}} | combine(more) }}}}\"\n", [(1, SYN, "0")]),
        ("x.yml", f's: "{{{{ \'{CONN}\' in x }}}}"\nd: "{{{{ a.name }}}}: {{{{ a.value }}}}"\n', []),
        (
            "x.sls",
            f"{{% set all = {{'{CONN}': 128, '{TW}': 1}} %}}\n{{% for k, v in all.items() %}}\n"
            "{{ k }}:\n  sysctl.present:\n    - value: {{ v }}\n{% endfor %}\n",
            [(1, CONN, "128"), (1, TW, "1")],
        ),
        # Scripts.
        (
            "x.sh",
            f'#!/bin/sh\n{{\n  echo "{SYN} = 0"\n  echo "{FIN} = 15"\n}} >> /etc/sysctl.d/x.conf\n',
            [(3, SYN, "0"), (4, FIN, "15")],
        ),
        ("x.sh", f"#!/bin/sh\n(\necho {SYN}=0\n) | sudo tee /etc/sysctl.conf\n", [(3, SYN, "0")]),
        ("x.sh", f'#!/bin/sh\n{{\n  echo "{SYN} = 0"\n}}\nlogger "{SACK}=0 set"\n', []),
        (
            "interfaces",
            "iface x\n  post-up echo 1 > /proc/sys/net/ipv4/ip_forward\n",
            [(2, "net.ipv4.ip_forward", "1")],
        ),
        # What is typed at a prompt prints what it sets.
        ("x.md", f"Text\n\n```bash\n$ sudo sysctl -w {SYN}=0\n{SYN} = 0\n```\n", [(4, SYN, "0")]),
    ],
)
def test_settings_are_found(name, text, expected):
    assert [(row["line"], row["key"], row["value"]) for row in engine.check(text, name=name).rows] == expected


def test_words_without_an_equals_sign_are_a_setting():
    (row,) = engine.check("net.core.default_qdisc fq\n", name="sysctl.conf").rows
    assert (row["verdict"], row["key"], row["value"]) == ("invalid", "net.core.default_qdisc", "fq")
    assert row["suggestion"] == "net.core.default_qdisc = fq"


def test_a_command_that_stops_a_unit_overrides_nothing():
    text = f"[Service]\nExecStart=/sbin/sysctl -w {FIN}=15\nExecStop=/sbin/sysctl -w {FIN}=60\n"
    assert [row["verdict"] for row in engine.check(text, name="x.service").rows] == ["ok", "ok"]


def test_lines_of_a_folded_text_are_accounted_for():
    text = f'data: "[sysctl]\\n# more\\n\n  {SYN}=0\\n\\\n  {SACK}=0\\n"\nother: words\n'
    found = engine.check(text, name="x.yml")
    assert [(row["line"], row["key"]) for row in found.rows] == [(1, SYN), (1, SACK)]
    assert found.others == [(4, "other: words")]
