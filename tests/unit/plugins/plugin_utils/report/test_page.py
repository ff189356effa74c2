# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of the page: no name can end the element of the data, and nothing is loaded from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.report.document import Heading, document
from ansible_collections.nettune.tcp.plugins.plugin_utils.report.page import embedded, page
from ansible_collections.nettune.tcp.tests.unit.support import report_fleets


@pytest.fixture(scope="module")
def found():
    return document({"hosts": report_fleets.hostile(), "missing": []}, Heading("2026-11-29T09:31:00Z", "<b>a</b>"))


def test_the_data_is_the_document(found):
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page(found), re.DOTALL)
    assert json.loads(data) == json.loads(json.dumps(found))
    assert not set("<>&") & set(data)
    assert data.isascii()


@pytest.mark.parametrize("text", ["</script>", "<!--", "]]>", "\u2028", "\ud800", "&lt;"])
def test_data_is_escaped(text):
    assert not set("<>&\u2028") & set(embedded({"a": text}))
    assert json.loads(embedded({"a": text})) == {"a": text}


def test_the_policy_names_the_style_and_the_script(found):
    text = page(found)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{rule} &#39;sha256-{digest}&#39;;" in policy
    assert "default-src &#39;none&#39;" in policy
    assert "unsafe" not in policy


def test_the_page_names_nothing_to_load(found):
    text = page(found)
    assert not re.findall(r'(?:src|href)="(?!#|data:,)', text)
    assert not re.findall(r"url\(|@import|\bfetch\(|XMLHttpRequest|WebSocket|innerHTML|outerHTML|eval\(", text)
    assert "&lt;b&gt;a&lt;/b&gt;" in text
    assert "<b>a</b>" not in text
