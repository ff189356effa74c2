# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import logins
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.journal import Raised, State, Written
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.snapshot import Giver, Host

BEFORE = Limit(1024, 524288)
LINE = {"/etc/security/limits.d/99-zz-nettune-web.conf": Written("web", ("root soft nofile 65536\n",))}
DROP_IN = {"/etc/systemd/system/ssh.service.d/x.conf": Written("web", ("[Service]\nLimitNOFILE=65536:600000\n",))}
RAISED = (Raised(7, 8, "ssh.service", BEFORE, (Limit(65536, 524288),)),)


def host(limit):
    return Host(1048576, (Giver("sshd", limit),), Giver("PID 1", limit))


@pytest.mark.parametrize(
    ("state", "have", "expected"),
    [
        (State(files=LINE, logins=BEFORE), Limit(65536, 524288), BEFORE),
        (State(files=DROP_IN, logins=BEFORE), Limit(65536, 600000), BEFORE),
        (State(raised=RAISED, logins=BEFORE), Limit(65536, 524288), BEFORE),
        (State(files=LINE, logins=BEFORE), Limit(512, 4096), Limit(512, 4096)),
        (State(files=LINE, logins=BEFORE), Limit(70000, 1000000), Limit(70000, 1000000)),
        (State(files=LINE), Limit(65536, 524288), Limit(65536, 524288)),
        (State(logins=BEFORE), Limit(65536, 524288), Limit(65536, 524288)),
    ],
    ids=["a line", "a drop-in", "while it ran", "lower since", "higher than ours", "no journal", "nothing of ours"],
)
def test_what_may_stem_from_us_does_not_count(state, have, expected):
    assert logins.without_us(host(have), state).logins[0].limit == expected


def test_the_least_of_several():
    both = host(BEFORE)._replace(logins=(Giver("a", Limit(1, 9)), Giver("b", Limit(5, 5))))
    assert logins.least(both) == Limit(1, 5)
