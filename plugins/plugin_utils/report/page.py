# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page: one HTML file with its style, scripts and data inside, that needs no network.

The Content-Security-Policy names the hashes of the style and the script, so that the browser executes nothing else,
whatever the names of hosts and processes contain. The data is JSON in an element that is not executed.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ...module_utils._common.journal_format import COLLECTION
from ..screens.line import printable
from . import words

# Concatenated in this order.
_STYLES = ("colours", "page", "parts", "hosts", "print")
_SCRIPTS = ("dom", "model", "charts", "timeline", "causes", "tables", "trial", "hosts", "host", "main")
# In JSON these are the same characters, and they cannot end the element or begin a comment in it.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
# The directory of the template, in this collection.
TEMPLATES = Path(__file__).resolve().parents[3] / "roles" / "report" / "templates"


def page(document: Mapping[str, Any], templates: Path = TEMPLATES) -> str:
    """Return the page that shows a report's document."""
    style = "\n".join(_text(templates / "css" / f"{name}.css") for name in _STYLES)
    scripts = "\n".join(_text(templates / "js" / f"{name}.js") for name in _SCRIPTS)
    script = f'"use strict";\n(() => {{\n{scripts}\n}})();'
    environment = Environment(
        loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["visible"] = printable
    return environment.get_template("report.html.j2").render(
        report=document,
        headline=[line.text for line in words.headline(document["summary"])],
        tiles=words.tiles(document["summary"]),
        made=words.made(document),
        collection=COLLECTION,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704  # a file of this collection
        script=Markup(script),  # noqa: S704  # a file of this collection
        data=Markup(embedded(document)),  # noqa: S704  # escaped
    )


def embedded(document: Mapping[str, Any]) -> str:
    """Return the document as JSON that can stand in a script element, whatever text it contains."""
    return json.dumps(document, separators=(",", ":")).translate(_ESCAPES)


def _policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy. Trusted Types make the browser refuse HTML from text, too."""
    rules = (
        "default-src 'none'",
        f"script-src '{_hash(script)}'",
        f"style-src '{_hash(style)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
    return "; ".join(rules)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()
