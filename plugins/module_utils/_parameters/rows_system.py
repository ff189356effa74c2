# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of fs, kernel and vm that servers are tuned with.

raise_only marks limits that make calls of running programs fail if lowered: ENFILE, EMFILE, EAGAIN, ENOSPC, ENOMEM.
Sources: Documentation/admin-guide/sysctl/{fs,kernel,vm}.rst, proc(5).
"""

from __future__ import annotations

ROWS = """
fs.aio-max-nr                  long          65536    host_wide raise_only
fs.epoll.max_user_watches      int           -        low=0 high=9223372036854775807 host_wide raise_only
fs.fanotify.max_queued_events  natural       16384    since=5.13 host_wide raise_only
fs.fanotify.max_user_groups    natural       128      since=5.13 host_wide raise_only
fs.fanotify.max_user_marks     natural       -        since=5.13 host_wide raise_only
fs.file-max                    int           -
    low=0 high=18446744073709551615 bounds_since=5.3:0:9223372036854775807 host_wide
    by_memory=10240:9223372036854775807 raise_only
    | systemd 240 and later sets the highest possible value at boot, so any number lowers it.
fs.file-nr                     vector        -        count=3 host_wide read_only
fs.inotify.max_queued_events   natural       16384    host_wide raise_only
fs.inotify.max_user_instances  natural       128      host_wide raise_only
fs.inotify.max_user_watches    natural       -        host_wide raise_only
fs.mqueue.msg_default          int           10       low=1 high=65536 ipc
fs.mqueue.msg_max              int           10       low=1 high=65536 ipc raise_only
fs.mqueue.msgsize_default      int           8192     low=128 high=16777216 ipc
fs.mqueue.msgsize_max          int           8192     low=128 high=16777216 ipc raise_only
fs.mqueue.queues_max           int           256      ipc raise_only
fs.nr_open                     int           1048576
    low=64 high=2147483584 since=2.6.25 default_since=2.6:1048576 host_wide raise_only hazard=nr_open_huge
    | No process can have a higher open-file limit than this.
    ! 1073741817.. hazard 1073741816: programs that loop over all descriptors up to their limit hang
fs.pipe-max-size               milliseconds  1048576  low=1 high=4294967295 host_wide
    | The kernel rounds it up to a power of two.
fs.pipe-user-pages-hard        long          0        host_wide
fs.pipe-user-pages-soft        long          16384    host_wide
fs.protected_fifos             int           -        low=0 high=2 host_wide
fs.protected_hardlinks         switch        -        host_wide
fs.protected_regular           int           -        low=0 high=2 host_wide
fs.protected_symlinks          switch        -        host_wide
fs.suid_dumpable               int           0        low=0 high=2 host_wide
kernel.msgmax                  natural       8192     ipc raise_only
kernel.msgmnb                  natural       16384    ipc raise_only
kernel.msgmni                  int           32000    low=0 high=16777216 sure=0:32768 ipc raise_only
kernel.pid_max                 int           -
    low=301 high=4194304 default_since=2.6:32768 host_wide raise_only
    | Since Linux 6.14 each PID namespace has its own; its minimum grows with the number of processors.
kernel.sem                     vector        32000,1024000000,500,32000
    count=4 default_since=2.6:250,32000,32,128;3.19:32000,1024000000,500,32000 ipc raise_only
    | The fourth number is at most 32768.
kernel.shmall                  long          -
    default_since=2.6:2097152;3.16:18446744073692774399 ipc raise_only
    | Since Linux 3.16 the default is in effect unlimited, so any number lowers it. Its unit is the page.
kernel.shmmax                  long          18446744073692774399
    default_since=2.6:33554432;3.16:18446744073692774399 ipc raise_only
    | Since Linux 3.16 the default is in effect unlimited, so any number lowers it.
kernel.shmmni                  int           4096     low=0 high=16777216 sure=0:32768 ipc raise_only
kernel.shm_rmid_forced         switch        0        ipc
kernel.threads-max             int           -        low=1 host_wide raise_only
vm.admin_reserve_kbytes        long          -        host_wide
vm.compact_memory              int           -        host_wide read_only
    | Writing it triggers an action; it holds no value.
vm.dirty_background_bytes      int           0
    low=1 high=18446744073709551615 host_wide counterpart=vm.dirty_background_ratio
    | To reset it, write vm.dirty_background_ratio.
vm.dirty_background_ratio      int           10
    low=0 high=100 host_wide counterpart=vm.dirty_background_bytes
    | Writing it sets vm.dirty_background_bytes to 0.
vm.dirty_bytes                 int           0
    low=8192 high=18446744073709551615 host_wide counterpart=vm.dirty_ratio
    | To reset it, write vm.dirty_ratio.
vm.dirty_expire_centisecs      int           3000     host_wide low=0
vm.dirty_ratio                 int           20       low=0 high=100 host_wide counterpart=vm.dirty_bytes
    | Writing it sets vm.dirty_bytes to 0.
vm.dirty_writeback_centisecs   int           500      host_wide
vm.dirtytime_expire_seconds    natural       43200    host_wide
vm.drop_caches                 int           -        host_wide read_only
    | Writing it triggers an action; it holds no value.
vm.max_map_count               natural       65530    host_wide raise_only
vm.min_free_kbytes             natural       -        host_wide
vm.nr_hugepages                long          -        host_wide rounds
    | The kernel allocates as many pages as free memory allows.
vm.nr_overcommit_hugepages     long          0        host_wide
vm.oom_kill_allocating_task    int           0        host_wide
vm.overcommit_kbytes           long          0        host_wide counterpart=vm.overcommit_ratio
    | Writing it sets vm.overcommit_ratio to 0.
vm.overcommit_memory           int           0        low=0 high=2 host_wide
vm.overcommit_ratio            int           50       host_wide counterpart=vm.overcommit_kbytes
    | Writing it sets vm.overcommit_kbytes to 0.
vm.page-cluster                natural       3        bounds_since=6.12:0:31 host_wide
vm.panic_on_oom                int           0        low=0 high=2 host_wide
vm.swappiness                  int           60       low=0 high=200 host_wide
    ! 101.. invalid 100 until=5.8: before Linux 5.8 it is at most 100
vm.user_reserve_kbytes         long          -        host_wide
vm.vfs_cache_pressure          natural       100      host_wide
vm.watermark_scale_factor      int           10       low=1 high=3000 host_wide
vm.zone_reclaim_mode           natural       0        host_wide
"""
