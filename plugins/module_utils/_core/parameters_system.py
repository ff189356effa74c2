# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""fs, kernel and vm, as far as servers are tuned by them: Documentation/admin-guide/sysctl/{fs,kernel,vm}.rst, proc(5).

raise_only stands where a lower limit makes calls of running programs fail: ENFILE, EMFILE, EAGAIN, ENOSPC, ENOMEM.
"""

from __future__ import annotations

from .parameter import IPCNS, MACHINE
from .parameter_shapes import INT_MAX, LONG_MAX, integer, long, switch, unsigned, vector

_OTHER_ZERO = "Writing it sets its counterpart in the other unit to 0."
_POWER = "The kernel rounds it up to a power of two."
_UNLIMITED = "It has no limit in effect since Linux 3.16, so that a number lowers it."
_TRIGGER = "It is a trigger that holds no value."

ROWS = (
    long("fs.aio-max-nr", "65536", scope=MACHINE, raise_only=True),
    long("fs.epoll.max_user_watches", None, 0, LONG_MAX, scope=MACHINE, raise_only=True),
    long(
        "fs.file-max",
        scope=MACHINE,
        raise_only=True,
        tightened=("5.3", 0, LONG_MAX),
        note="systemd 240 and later sets the highest value at boot, so that a number lowers it.",
    ),
    vector("fs.file-nr", 3, scope=MACHINE, writable=False),
    integer("fs.inotify.max_queued_events", "16384", scope=MACHINE, raise_only=True),
    integer("fs.inotify.max_user_instances", "128", scope=MACHINE, raise_only=True),
    integer("fs.inotify.max_user_watches", None, scope=MACHINE, raise_only=True),
    unsigned(
        "fs.nr_open",
        "1048576",
        32,
        INT_MAX,
        scope=MACHINE,
        raise_only=True,
        note="No process can be given a higher nofile limit than this.",
    ),
    unsigned("fs.pipe-max-size", "1048576", 1, scope=MACHINE, rounds=True, note=_POWER),
    long("fs.pipe-user-pages-hard", "0", scope=MACHINE),
    long("fs.pipe-user-pages-soft", "16384", scope=MACHINE),
    integer("fs.protected_fifos", None, 0, 2, scope=MACHINE),
    switch("fs.protected_hardlinks", scope=MACHINE),
    integer("fs.protected_regular", None, 0, 2, scope=MACHINE),
    switch("fs.protected_symlinks", scope=MACHINE),
    integer("fs.suid_dumpable", "0", 0, 2, scope=MACHINE),
    integer("kernel.msgmax", "8192", 0, scope=IPCNS, raise_only=True),
    integer("kernel.msgmnb", "16384", 0, scope=IPCNS, raise_only=True),
    integer("kernel.msgmni", "32000", 0, 2**24, scope=IPCNS, raise_only=True),
    integer(
        "kernel.pid_max",
        None,
        301,
        2**22,
        scope=MACHINE,
        raise_only=True,
        note="It belongs to the PID namespace since Linux 6.14; its least value grows with the number of processors.",
    ),
    vector(
        "kernel.sem", 4, "32000 1024000000 500 32000", scope=IPCNS, raise_only=True, note="The 4th is at most 32768."
    ),
    long("kernel.shmall", scope=IPCNS, raise_only=True, note=_UNLIMITED + " Its unit is the page."),
    long("kernel.shmmax", scope=IPCNS, raise_only=True, note=_UNLIMITED),
    integer("kernel.shmmni", "4096", scope=IPCNS, raise_only=True, tightened=("4.20", 0, 2**24)),
    switch("kernel.shm_rmid_forced", "0", scope=IPCNS),
    integer("kernel.threads-max", None, 1, scope=MACHINE, raise_only=True),
    long("vm.admin_reserve_kbytes", scope=MACHINE),
    integer("vm.compact_memory", scope=MACHINE, writable=False, note=_TRIGGER),
    long("vm.dirty_background_bytes", "0", 1, scope=MACHINE, note="To be rid of it, write vm.dirty_background_ratio."),
    integer("vm.dirty_background_ratio", "10", 0, 100, scope=MACHINE, note=_OTHER_ZERO),
    long("vm.dirty_bytes", "0", 8192, scope=MACHINE, note="To be rid of it, write vm.dirty_ratio, which sets it to 0."),
    integer("vm.dirty_expire_centisecs", "3000", scope=MACHINE),
    integer("vm.dirty_ratio", "20", 0, 100, scope=MACHINE, note=_OTHER_ZERO),
    integer("vm.dirty_writeback_centisecs", "500", scope=MACHINE),
    integer("vm.dirtytime_expire_seconds", "43200", scope=MACHINE),
    integer("vm.drop_caches", scope=MACHINE, writable=False, note=_TRIGGER),
    integer("vm.max_map_count", "65530", 0, scope=MACHINE, raise_only=True),
    integer("vm.min_free_kbytes", None, 0, scope=MACHINE),
    long("vm.nr_hugepages", scope=MACHINE, rounds=True, note="The kernel takes as many as free memory yields."),
    long("vm.nr_overcommit_hugepages", "0", scope=MACHINE),
    integer("vm.oom_kill_allocating_task", "0", scope=MACHINE),
    long("vm.overcommit_kbytes", "0", scope=MACHINE, note=_OTHER_ZERO),
    integer("vm.overcommit_memory", "0", 0, 2, scope=MACHINE),
    integer("vm.overcommit_ratio", "50", scope=MACHINE, note=_OTHER_ZERO),
    integer("vm.page-cluster", "3", scope=MACHINE),
    integer("vm.panic_on_oom", "0", 0, 2, scope=MACHINE),
    integer("vm.swappiness", "60", 0, 200, scope=MACHINE, note="Its highest value is 100 before Linux 5.8."),
    long("vm.user_reserve_kbytes", scope=MACHINE),
    integer("vm.vfs_cache_pressure", "100", 0, scope=MACHINE),
    integer("vm.watermark_scale_factor", "10", 1, 3000, scope=MACHINE),
    integer("vm.zone_reclaim_mode", "0", scope=MACHINE),
)
