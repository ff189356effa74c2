# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The description of a shipped file."""

from __future__ import annotations

import base64
import io
import os
import zipfile

from ansible_collections.nettune.tcp.tests.bench.payload import Payload, described


def test_packed_files_are_counted(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ansible/basic.py", os.urandom(900).hex())
        archive.writestr("ansible/__init__.py", "")
    text = f"#!/usr/bin/python3\nmain('{'x' * 40}', zip_data='{base64.b64encode(packed.getvalue()).decode()}')\n"
    path = tmp_path / "AnsiballZ_ping.py"
    path.write_text(text)
    assert described(path) == Payload(path, len(text), files=2)
