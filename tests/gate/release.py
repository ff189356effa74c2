# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make release VERSION=1.1.0`: prepare a release, check it, and stop before anything is published.

It works in a clone below .cache/release: version, changelog, one commit, and then on that commit galaxy-importer and
ansible-builder, sanity tests with each supported ansible-core, the installation of the tarball into an empty place, and
the demo with the installed collection. Only if all succeed does the checkout get the commit. It makes no tag and pushes
nothing; the last lines are the commands that do.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Sequence

import yaml

from .places import BIN, BUILD, CACHE, LOGS, ROOT, environment

_WORK = CACHE / "release"
_CLONE = _WORK / "ansible_collections" / "nettune" / "tcp"
_INSTALLED = _WORK / "installed"
_NAME = "nettune.tcp"
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(-(?:alpha|beta|rc)\.\d+)?")
# The version is written in these files; a unit test compares them.
_PLACES = {
    "galaxy.yml": re.compile(r"^(version: )(\S+)$", re.MULTILINE),
    "plugins/module_utils/_common/journal_format.py": re.compile(r'^(COLLECTION = ")([^"]+)(?=")', re.MULTILINE),
}
_TAIL = 40


class ReleaseError(Exception):
    """The release cannot be prepared. The message says why, and what to do."""


def check_version(version: str, released: Sequence[str]) -> None:
    """Raise ReleaseError unless `version` is a semantic version newer than all those released."""
    if not _VERSION.fullmatch(version):
        raise ReleaseError(f"VERSION={version!r} is not a version such as 1.2.0 or 1.2.0-rc.1")
    newest = max(released, key=order, default="")
    if newest and order(version) <= order(newest):
        raise ReleaseError(
            f"VERSION={version} is not newer than {newest}, the last release in changelogs/changelog.yaml"
        )


def order(version: str) -> tuple[object, ...]:
    """Return the sort key of a version: a pre-release comes before its release."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ReleaseError(f"{version!r} in changelogs/changelog.yaml is not a version")
    kind, _dot, number = (found[4] or "").partition(".")
    return (*map(int, found.groups()[:3]), not kind, kind, int(number or 0))


def with_version(name: str, text: str, version: str) -> str:
    """Return the `text` of the file `name` with this version."""
    changed, number = _PLACES[name].subn(lambda found: found[1] + version, text)
    if number != 1:
        raise ReleaseError(f"{name}: found {number} places for the version, expected one")
    return changed


def _prepare(version: str, log: Path) -> None:
    """Make the clone, and the commit of the release in it."""
    branch = _git("branch", "--show-current")
    if not branch:
        raise ReleaseError("the checkout is on no branch; run `git switch main` first")
    if _git("status", "--porcelain"):
        raise ReleaseError("the checkout has changes; commit or remove them first: git status")
    if _git("tag", "--list", version):
        raise ReleaseError(f"the tag {version} exists already; choose another VERSION")
    changelog = yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text())
    check_version(version, list(changelog["releases"]))
    if not list((ROOT / "changelogs" / "fragments").glob("*.yml")):
        raise ReleaseError("changelogs/fragments is empty, so there is nothing to release")
    shutil.rmtree(_WORK, ignore_errors=True)
    _CLONE.parent.mkdir(parents=True)
    _run(log, "git", "clone", "--quiet", "--branch", branch, ROOT, _CLONE)
    # With the tools that are installed in the checkout.
    (_CLONE / ".cache").symlink_to(CACHE)
    (_CLONE / ".git" / "info" / "exclude").write_text("/.cache\n")
    for name in _PLACES:
        file = _CLONE / name
        file.write_text(with_version(name, file.read_text(), version))
    _run(log, BIN / "antsibull-changelog", "release", "--version", version, "--date", time.strftime("%Y-%m-%d"))
    _run(log, BIN / "antsibull-changelog", "lint")
    for setting in ("user.name", "user.email"):
        value = subprocess.run(["git", "-C", ROOT, "config", setting], capture_output=True, text=True, check=False)
        if not value.stdout.strip():
            raise ReleaseError(f"git does not know who you are: git config {setting} ...")
        _run(log, "git", "config", setting, value.stdout.strip())
    _run(log, "git", "add", "--all")
    _run(log, "git", "commit", "--quiet", "--message", f"Release {version}")


def _check_importer(log: Path) -> None:
    _run(log, "make", "link")
    _run(log, "tests/gate/venv.sh", "importer")
    _run(log, BIN / "nox", "-s", "importer-all")


def _check_sanity(log: Path) -> None:
    _run(log, BIN / "nox", "-s", "sanity-cores")


def _check_installed(version: str, log: Path) -> None:
    """Install the tarball into an empty directory, compare it with its checksums, and run the demo with it."""
    galaxy, there = (BIN / "ansible-galaxy", "collection"), {"ANSIBLE_COLLECTIONS_PATH": str(_INSTALLED)}
    _run(log, *galaxy, "install", "--offline", "-p", _INSTALLED, _tarball(version), **there)
    if version not in _run(log, *galaxy, "list", _NAME, **there).split():
        raise ReleaseError(f"ansible-galaxy does not list {_NAME} {version} in {_INSTALLED}")
    _run(log, *galaxy, "verify", "--offline", _NAME, **there)
    _run(log, BIN / "python", "tests/lab/demo.py", "--installed", _INSTALLED)


def _keep(version: str, log: Path) -> None:
    """Bring the commit that was checked into the checkout."""
    _run(log, "git", "-C", ROOT, "pull", "--quiet", "--ff-only", _CLONE, _git("branch", "--show-current"))


def _tarball(version: str) -> Path:
    return BUILD / f"nettune-tcp-{version}.tar.gz"


def _run(log: Path, *command: object, **settings: str) -> str:
    """Run a command in the clone, or in the checkout until there is a clone; return its output.

    settings: environment variables besides those of the gate.
    """
    words = list(map(str, command))
    done = subprocess.run(
        words,
        cwd=_CLONE if _CLONE.exists() else ROOT,
        env={**environment(), "CI": "true", **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"$ {' '.join(words)}\n{done.stdout}")
    if done.returncode:
        end = "\n".join(done.stdout.splitlines()[-_TAIL:])
        raise ReleaseError(f"{' '.join(words)} ended with {done.returncode}:\n{end}\nThe checkout is unchanged.")
    return done.stdout


def _git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=True).stdout.strip()


def main() -> int:
    """Return 0 if the checkout has the commit of the release."""
    parser = argparse.ArgumentParser(description="Prepare a release.")
    parser.add_argument("version", help="such as 1.1.0 or 1.1.0-rc.1")
    version = parser.parse_args().version
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "release.log"
    log.write_text("")
    steps = {
        "version, changelog and commit, in a clone": lambda: _prepare(version, log),
        "build, galaxy-importer, ansible-builder": lambda: _check_importer(log),
        "sanity tests with each ansible-core": lambda: _check_sanity(log),
        "installation into an empty place, and the demo from there": lambda: _check_installed(version, log),
        "the commit, in this checkout": lambda: _keep(version, log),
    }
    for title, step in steps.items():
        began = time.monotonic()
        try:
            step()
        except ReleaseError as error:
            print(f"failed  {title}\n{error}", file=sys.stderr)
            return 1
        print(f"ok      {title} ({time.monotonic() - began:.0f} s)", flush=True)
    print(
        f"{_NAME} {version} is ready: {_tarball(version).relative_to(ROOT)}",
        "Nothing is published. Read the commit, then:",
        f"  git tag --sign --message 'nettune.tcp {version}' {version}",
        f"  git push origin HEAD {version}",
        sep="\n",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
