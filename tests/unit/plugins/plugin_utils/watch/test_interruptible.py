# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal
import threading
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
    notified = []
    one = Interruptible(lambda: notified.append("ended"))
    one.install()
    return one, notified


def test_ctrl_c_ends_only_the_action():
    one, notified = made()
    with one.running():
        os.kill(os.getpid(), signal.SIGINT)
        assert one.wait(60)
    assert one.ended
    assert notified == ["ended"]


def test_a_second_ctrl_c_calls_the_previous_handler():
    one, notified = made()
    with one.running():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupt()
    assert notified == ["ended"]


def test_without_a_running_action_the_previous_handler_is_called():
    one, notified = made()
    with one.running():
        pass
    with pytest.raises(KeyboardInterrupt):
        interrupt()
    assert (one.ended, notified) == (False, [])


def test_forked_process_keeps_running_after_ctrl_c():
    one, _notified = made()
    with one.running():
        child = os.fork()
        if child == 0:
            os.kill(os.getpid(), signal.SIGINT)
            heard = one.wait(60)
            os._exit(0 if heard else 1)
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_wait_ends_after_its_time():
    one, _notified = made()
    assert not one.wait(0.01)
    assert not one.wait(-1)


def test_ignored_ctrl_c_stays_ignored_without_a_running_action():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    one, notified = made()
    os.kill(os.getpid(), signal.SIGINT)
    assert not one.wait(0.01)
    assert notified == []


def test_only_the_main_thread_installs_the_handler():
    one = Interruptible(lambda: None)
    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=one.install)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGINT) is before
