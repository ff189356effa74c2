# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The description of a shipped file."""

from __future__ import annotations

import base64
import io
import os
import zipfile

import pytest
from ansible_collections.nettune.tcp.tests.bench.payload import ANSIBLE, MODULE, described, part_of


def test_packed_files_are_counted_by_part(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ansible/basic.py", os.urandom(900).hex())
        archive.writestr("ansible/__init__.py", "")
        archive.writestr("ansible_collections/nettune/tcp/plugins/module_utils/_tcp/counts.py", os.urandom(300).hex())
    text = f"#!/usr/bin/python3\nmain('{'x' * 40}', zip_data='{base64.b64encode(packed.getvalue()).decode()}')\n"
    path = tmp_path / "AnsiballZ_ping.py"
    path.write_text(text)
    payload = described(path)
    assert (payload.path, payload.bytes, payload.files) == (path, len(text), 3)
    assert list(payload.parts) == [ANSIBLE, "_tcp"]
    # Base64 makes four bytes of three; the files have headers.
    assert 1800 * 4 / 3 < payload.parts[ANSIBLE] < 1800 * 4 / 3 + 300
    assert 600 * 4 / 3 < payload.parts["_tcp"] < 600 * 4 / 3 + 300


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("ansible/module_utils/basic.py", ANSIBLE),
        ("ansible_collections/nettune/tcp/plugins/module_utils/_host/files.py", "_host"),
        ("ansible_collections/nettune/tcp/plugins/module_utils/__init__.py", ANSIBLE),
        ("ansible_collections/nettune/tcp/plugins/modules/tcp_facts.py", MODULE),
    ],
)
def test_the_part_of_a_packed_file(name, part):
    assert part_of(name) == part
