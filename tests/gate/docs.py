# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation: `python -m tests.gate.docs lint` reads all of it as its users' tools do, `site` makes its pages.

Both take the plugins as they are installed from the tarball.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from .places import DOCS, SOURCES

_COLLECTION = "nettune.tcp"


def _run(*command: str | Path) -> None:
    print("$", *command, flush=True)
    status = subprocess.run(command, cwd=SOURCES, check=False).returncode
    if status != 0:
        sys.exit(status)


def _ansible_doc(*words: str) -> str:
    done = subprocess.run(["ansible-doc", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0 or "WARNING" in done.stderr or "ERROR" in done.stderr:
        sys.exit(f"ansible-doc {' '.join(words)}: {done.stderr.strip() or 'ended with ' + str(done.returncode)}")
    return done.stdout


def lint() -> None:
    """antsibull-docs' checks, references included; and ansible-doc shows every plugin and role."""
    _run(
        *("antsibull-docs", "lint-collection-docs", "--plugin-docs"),
        *("--validate-collection-refs", "self", "--disallow-unknown-collection-refs", "."),
    )
    shown = 0
    for kind, expected in _expected().items():
        listed = json.loads(_ansible_doc("--type", kind, "--list", "--json", _COLLECTION))
        if sorted(listed) != sorted(expected):
            sys.exit(f"ansible-doc --type {kind} lists {sorted(listed)}, the collection has {sorted(expected)}")
        for name in expected:
            _ansible_doc("--type", kind, name)
        shown += len(expected)
    print(f"gate: ansible-doc shows all {shown} plugins and roles")


def _expected() -> dict[str, list[str]]:
    """What the sources have of each kind, by full name. A filter may have its documentation in a file beside it."""
    files = {
        "module": (SOURCES / "plugins/modules").glob("[!_]*.py"),
        "filter": {Path(path.stem) for path in (SOURCES / "plugins/filter").glob("[!_]*")},
        "role": (SOURCES / "roles").glob("[!.]*"),
    }
    return {kind: [f"{_COLLECTION}.{path.stem}" for path in paths] for kind, paths in files.items()}


def site() -> None:
    """The documentation site, in HTML; Sphinx's warnings are errors."""
    shutil.rmtree(DOCS, ignore_errors=True)
    source = DOCS / "rst"
    source.mkdir(parents=True)
    _run("antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--dest-dir", source, _COLLECTION)
    (source / "conf.py").write_text(
        f"project = {_COLLECTION!r}\n"
        "extensions = ['sphinx.ext.intersphinx', 'sphinx_antsibull_ext']\n"
        "html_theme = 'alabaster'\n"
        "html_title = project\n"
        # Labels of Ansible's own site, which is not read here; that ours exist is what `lint` checks.
        "suppress_warnings = ['ref.ref']\n"
    )
    _run("sphinx-build", "--quiet", "-W", "--keep-going", "--builder", "html", source, DOCS / "html")
    print("gate: .cache/docs/html/index.html")


if __name__ == "__main__":
    {"lint": lint, "site": site}[sys.argv[1]]()
