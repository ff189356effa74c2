# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal
import time

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.interruptible import Interruptible


@pytest.fixture(autouse=True)
def handler():
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)


def made():
    said = []
    one = Interruptible(lambda: said.append("ended"))
    one.listen()
    return one, said


def test_ctrl_c_ends_what_goes_on_and_nothing_else():
    one, said = made()
    with one.going_on():
        os.kill(os.getpid(), signal.SIGINT)
        assert one.wait(60)
    assert one.ended
    assert said == ["ended"]


def test_a_second_one_is_what_it_was_before():
    one, said = made()
    with one.going_on():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupt()
    assert said == ["ended"]


def test_where_nothing_goes_on_it_is_what_it_was():
    one, said = made()
    with one.going_on():
        pass
    with pytest.raises(KeyboardInterrupt):
        interrupt()
    assert (one.ended, said) == (False, [])


def test_a_forked_process_hears_of_it_and_is_not_interrupted_itself():
    one, _said = made()
    with one.going_on():
        child = os.fork()
        if child == 0:
            os.kill(os.getpid(), signal.SIGINT)
            heard = one.wait(60)
            os._exit(0 if heard else 1)
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_waiting_ends_by_itself():
    one, _said = made()
    assert not one.wait(0.01)
    assert not one.wait(-1)
