# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-pull: a host applies a role to itself, from a git repository."""

from __future__ import annotations

from typing import Iterator

from .place import Place, Wrong, expect

_PLAY = """\
- name: Tune this host
  hosts: localhost
  connection: local
  gather_facts: false
  become: true
  roles:
    - nettune.tcp.web
"""
_KEY = "net.ipv4.tcp_tw_reuse"


def check(place: Place) -> Iterator[str]:
    """Let web1 pull, pull again without a change, and pull a change of a variable."""
    repository = place.directory / "repository"
    place.write("repository/local.yml", _PLAY)
    git = ("git", "-C", repository, "-c", "user.name=test", "-c", "user.email=test@example.com")
    place.run(*git, "init", "--quiet")
    place.run(*git, "add", ".")
    place.run(*git, "commit", "--quiet", "-m", "Tune this host")
    before = _value(place)
    expect(_pull(place), "Profile web: 1 host changed", "changed=1")
    expect(_pull(place), "changed=0")
    yield "applies the role, then finds nothing to change"
    place.write("repository/local.yml", f"{_PLAY}  vars:\n    tuning_overrides: {{{_KEY}: 0}}\n")
    place.run(*git, "commit", "--quiet", "--all", "-m", "Do not reuse connections in TIME_WAIT")
    expect(_pull(place), "changed=1", _KEY)
    if _value(place) != "0":
        raise Wrong(f"{_KEY} is {_value(place)} after the pull, not 0")
    yield "applies what was committed since"
    revert = ("ansible-playbook", "nettune.tcp.revert", "-e", "target=localhost")
    _run(place, *revert)
    if _value(place) != before:
        raise Wrong(f"{_KEY} was {before} and is {_value(place)} after the revert")
    yield "reverts on the host itself"


def _pull(place: Place) -> str:
    source, checkout = f"file://{place.directory}/repository", str(place.directory / "checkout")
    return _run(place, "ansible-pull", "--url", source, "--directory", checkout)


def _run(place: Place, program: str, *words: str) -> str:
    """Run a program of Ansible on web1, where the environment is that of its first process; return what it printed."""
    names = ("ANSIBLE_HOME", "ANSIBLE_COLLECTIONS_PATH", "ANSIBLE_CONFIG", "ANSIBLE_NOCOLOR", "COLUMNS", "PATH")
    command = ["env", *(f"{name}={place.env[name]}" for name in names), place.program(program), *words]
    done = place.lab["web1"].run(*command, check=False)
    if done.returncode:
        raise Wrong(f"{program} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _value(place: Place) -> str:
    return place.lab["web1"].ask("sysctls", "/proc/sys/net/ipv4")["/proc/sys/net/ipv4/tcp_tw_reuse"].strip()
