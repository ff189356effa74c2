# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""gather_facts with our module, and fact caches: facts that one run gathers are there in the next one."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from typing import Iterator

from .place import Place, Wrong, expect

_PLAY = """\
- name: Gather facts before the tasks
  hosts: web
  gather_facts: true
  vars:
    ansible_facts_modules: [ansible.builtin.setup, nettune.tcp.tcp_facts]
    ansible_facts_parallel: false
  tasks:
    - name: Use the facts of both modules
      ansible.builtin.assert:
        that:
          - ansible_facts.nettune_tcp.states.LISTEN is defined
          - ansible_facts.kernel is defined
"""


def gathering(place: Place) -> Iterator[str]:
    """Gather facts at the start of a play, with setup and tcp_facts."""
    play = place.write("gathering.yml", _PLAY)
    expect(place.run("ansible-playbook", "-i", place.lab.inventory, play).text, "failed=0")
    yield "ansible_facts_modules names setup and tcp_facts"


def jsonfile(place: Place) -> Iterator[str]:
    """Keep facts in files."""
    env = {"ANSIBLE_CACHE_PLUGIN": "jsonfile", "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(place.directory / "facts")}
    yield from _today_and_tomorrow(place, env)


def redis(place: Place) -> Iterator[str]:
    """Keep facts in a Redis server of the test, by the cache plugin of community.general."""
    with _server(place) as port:
        connection = {"ANSIBLE_CACHE_PLUGIN_CONNECTION": f"127.0.0.1:{port}:0"}
        yield from _today_and_tomorrow(place, {"ANSIBLE_CACHE_PLUGIN": "community.general.redis", **connection})


def _today_and_tomorrow(place: Place, env: dict[str, str]) -> Iterator[str]:
    """Gather facts from the hosts; then query and diagnose them while the hosts cannot be reached."""
    facts = ("ansible-playbook", "nettune.tcp.facts", "-i", place.lab.inventory, "-e", "nettune_subset=all")
    expect(place.run(*facts, env=env).text, "2 hosts")
    gone = place.write("gone.yml", {"web": {"hosts": {name: {"ansible_port": 1} for name in ("web1", "web2")}}})
    cached = ("-i", gone, "-e", "nettune_from=cache")
    expect(place.run("ansible-playbook", "nettune.tcp.facts", *cached, env=env).text, "2 hosts")
    query = ("ansible-playbook", "nettune.tcp.query", *cached, "-e", "nettune_query=hosts[].host")
    expect(place.run(*query, env=env).text, "web1", "web2")
    expect(place.run("ansible-playbook", "nettune.tcp.diagnose", *cached, env=env).text, "web")
    yield f"{env['ANSIBLE_CACHE_PLUGIN']}: facts, query and diagnose read what an earlier run has gathered"
    play = place.write("reads.yml", _READS)
    expect(place.run("ansible-playbook", "-i", gone, play, env=env).text, "failed=0")
    yield f"{env['ANSIBLE_CACHE_PLUGIN']}: any play reads ansible_facts.nettune_tcp"


_READS = """\
- name: Read cached facts
  hosts: web
  gather_facts: false
  tasks:
    - name: Check that there are numbers of sockets
      ansible.builtin.assert:
        that: ansible_facts.nettune_tcp.total == ansible_facts.nettune_tcp.states.values() | sum
"""


@contextlib.contextmanager
def _server(place: Place) -> Iterator[int]:
    """Start a Redis server on a free port of the loopback interface, without files; end it after the block."""
    # The same program as redis-server; Debian has it in a package that starts no server.
    program = shutil.which("redis-check-rdb")
    if program is None:
        raise Wrong("redis-server is missing: run tests/gate/packages.sh callbacks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(place.directory)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, executable=program, **quiet) as server:
        try:
            yield port
        finally:
            server.terminate()
