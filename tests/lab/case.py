# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every case of the pathology lab has: a host, its peer, a good day, and how it falls ill and recovers."""

from __future__ import annotations

import os
import subprocess
import time
from typing import Any, Callable, ClassVar, Mapping, NamedTuple, Sequence

from inventory import Host
from lab import Lab
from namespaces import LabError
from puppets import Puppet
from verdicts import Expected

PORT = 80
# Documentation addresses (RFC 5737): where users are, and where nobody is.
USERS = "198.51.100"
NOBODY = "203.0.113"
_ABYSS = "10.77.255.254"
_NO_CARD_S = "02:00:00:00:00:01"
_HASH_ENTRIES = 65536
_SECONDS = 60.0
_PAUSE = 0.2


class Between(NamedTuple):
    """A figure that moves: least and most are both right."""

    least: float
    most: float

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (int, float)) and self.least <= other <= self.most

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{self.least:g} to {self.most:g}"


class Case:
    """One pathology on `host`, whose clients, or servers, are on `peer`.

    The docstring of each says in one sentence what goes wrong.

    finding: what diagnosis is to name as primary; where it is empty the host is well, however it may look, and nothing
        may be found. drags: other findings that it brings with it, each with the one that is to explain it.
    cured_by: what ends it, in words. remedies and tuning: what the role `tuning` is given to do so, as
        `tuning_remedies` and `tuning_settings`; diagnosis is to point to these remedies, and to none of `never`, which
        cannot help. What others do is in mend().
    quick: whether it runs in every gate, or in the deep one only.
    settings: sysctls of the host from the beginning, which make small numbers enough. fakes: private files in place of
        sysctls of the machine's.
    """

    finding: ClassVar[str] = ""
    drags: ClassVar[Mapping[str, str]] = {}
    cured_by: ClassVar[str] = ""
    quick: ClassVar[bool] = True
    settings: ClassVar[Mapping[str, str]] = {}
    fakes: ClassVar[Mapping[str, str]] = {}
    remedies: ClassVar[tuple[str, ...]] = ()
    never: ClassVar[tuple[str, ...]] = ()
    tuning: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, host: Host, peer: Host) -> None:
        self.host = host
        self.peer = peer
        self._puppets: list[Puppet] = []
        self._floods: list[subprocess.Popen[str]] = []

    @classmethod
    def story(cls) -> str:
        """What goes wrong, in a sentence."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def why_not(cls) -> str:
        """Why the case cannot be made on this machine, or not without harm to it; empty where it can."""
        return ""

    def begin(self) -> None:
        """A good day: a server that answers, and visitors."""
        self.server = self.puppet(self.host)
        self.clients = self.puppet(self.peer)
        self.server.tell("serve", port=PORT, manner="answer")
        self.clients.tell("visit", to=self.host.ipv4, port=PORT, manner="ask", per_second=5)

    def sicken(self) -> None:
        """Make it so, and return when it is."""

    def figures(self) -> dict[str, Any]:
        """What the evidence has to say, as others than we count it, or as it was made."""
        return {}

    def expected(self) -> Expected:
        """What diagnosis is to say."""
        return Expected(self.finding, self.figures(), self.drags, self.remedies, self.never)

    def mend(self) -> None:
        """What the owner of the application does, or of the network."""

    def recovered(self) -> bool:
        """Whether the cure has worked, as `ss` sees it."""
        return True

    def end(self) -> None:
        """End every process of the case."""
        while self._puppets:
            self._puppets.pop().close()
        while self._floods:
            self._floods.pop().communicate()

    def puppet(self, host: Host) -> Puppet:
        """A process in `host` that lives as long as the case."""
        self._puppets.append(Puppet(host))
        return self._puppets[-1]

    def dismiss(self, puppet: Puppet) -> None:
        """End it before the case ends."""
        self._puppets.remove(puppet)
        puppet.close()

    def restart(self, puppet: Puppet) -> Puppet:
        """End one on the host, and start another in its place."""
        self.dismiss(puppet)
        return self.puppet(self.host)

    def sockets(self, *filters: str) -> int:
        """How many sockets of the host `ss` shows for a filter such as `state last-ack`."""
        return len(self.host.run("ss", "--no-header", "--tcp", "--numeric", *filters).stdout.splitlines())

    def queued(self, *filters: str) -> int:
        """The sum of what `ss` shows as their Send-Q, in bytes."""
        shown = self.host.run("ss", "--no-header", "--tcp", "--numeric", *filters).stdout
        return sum(int(line.split()[1]) for line in shown.splitlines())

    def wait(self, until: Callable[[], bool], *, what: str) -> None:
        """Wait until it is so; raises LabError where it does not come."""
        deadline = time.monotonic() + _SECONDS
        while not until():
            if time.monotonic() > deadline:
                raise LabError(f"{type(self).__name__}: after {_SECONDS:g} s still not: {what}")
            time.sleep(_PAUSE)

    def add_users(self, number: int) -> list[str]:
        """Addresses of the peer that the host reaches by a route, on which segments can be lost."""
        found = [f"{USERS}.{last}" for last in range(1, number + 1)]
        for address in found:
            self.peer.run("ip", "address", "add", f"{address}/32", "dev", "lo")
        self.find_segments()
        return found

    def lose_segments(self, net: str = USERS) -> None:
        """From now on what the host sends to `net` is lost on the way; what comes from there arrives.

        The next hop is a card that nobody has, so neither end is told.
        """
        self.host.run("ip", "neighbour", "replace", _ABYSS, "lladdr", _NO_CARD_S, "nud", "permanent", "dev", "eth0")
        self.host.run("ip", "route", "replace", f"{net}.0/24", "via", _ABYSS)

    def find_segments(self, net: str = USERS) -> None:
        """What the host sends to `net` arrives at the peer."""
        self.host.run("ip", "route", "replace", f"{net}.0/24", "via", self.peer.ipv4)

    def flood(self, port: int, *, per_second: float) -> None:
        """Have the peer ask for connections in the name of NOBODY's addresses, until the hosts end."""
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "syn_flood.py")
        command = [self.peer.python, script, self.host.ipv4, str(port), f"{NOBODY}.0", "--per-second", str(per_second)]
        self._floods.append(self.peer.popen(*command, stdin=subprocess.PIPE, start_new_session=True))

    def set(self, key: str, value: str) -> None:
        """Set a sysctl of the host."""
        self.host.run("tee", f"/proc/sys/{key.replace('.', '/')}", input=value)


def lab_for(names: Sequence[str], *, fakes: Mapping[str, str], state: str | None = None) -> Lab:
    """Private hosts with a TCP hash of their own (Linux 6.1): what others have on this machine costs nothing then."""
    entries = _HASH_ENTRIES if os.path.exists("/proc/sys/net/ipv4/tcp_child_ehash_entries") else None
    return Lab(names, state=state, own_tcp_hash=entries, fakes=dict(fakes))


def connect(client: Puppet, case: Case, sources: dict[str, int], *, port: int = PORT, into: str = "connected") -> None:
    """Connections to the case's host, all of which must come about."""
    failures = client.tell("connect", to=case.host.ipv4, port=port, sources=sources, into=into)
    if failures:
        raise LabError(f"{type(case).__name__}: not all connections came about: {failures}")
