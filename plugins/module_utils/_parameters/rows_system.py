# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""fs, kernel and vm, as far as servers are tuned by them: Documentation/admin-guide/sysctl/{fs,kernel,vm}.rst, proc(5).

raise_only stands where a lower limit makes calls of running programs fail: ENFILE, EMFILE, EAGAIN, ENOSPC, ENOMEM.
"""

from __future__ import annotations

ROWS = """
fs.aio-max-nr                  long          65536  machine raise_only
fs.epoll.max_user_watches      int           -  low=0 high=9223372036854775807 machine raise_only
fs.file-max                    int           -
    low=0 high=18446744073709551615 tightened=5.3:0:9223372036854775807 machine raise_only
    | systemd 240 and later sets the highest value at boot, so that a number lowers it.
fs.file-nr                     vector        -  count=3 machine read_only
fs.inotify.max_queued_events   int           16384  machine raise_only
fs.inotify.max_user_instances  int           128  machine raise_only
fs.inotify.max_user_watches    int           -  machine raise_only
fs.nr_open                     int           1048576  low=32 machine raise_only
    | No process can be given a higher nofile limit than this.
fs.pipe-max-size               milliseconds  1048576  low=1 high=4294967295 machine
    | The kernel rounds it up to a power of two.
fs.pipe-user-pages-hard        long          0  machine
fs.pipe-user-pages-soft        long          16384  machine
fs.protected_fifos             int           -  low=0 high=2 machine
fs.protected_hardlinks         switch        -  machine
fs.protected_regular           int           -  low=0 high=2 machine
fs.protected_symlinks          switch        -  machine
fs.suid_dumpable               int           0  low=0 high=2 machine
kernel.msgmax                  int           8192  low=0 ipc raise_only
kernel.msgmnb                  int           16384  low=0 ipc raise_only
kernel.msgmni                  int           32000  low=0 high=16777216 ipc raise_only
kernel.pid_max                 int           -  low=301 high=4194304 machine raise_only
    | It belongs to the PID namespace since Linux 6.14; its least value grows with the number of processors.
kernel.sem                     vector        32000,1024000000,500,32000  count=4 ipc raise_only
    | The 4th is at most 32768.
kernel.shmall                  long          -  ipc raise_only
    | It has no limit in effect since Linux 3.16, so that a number lowers it. Its unit is the page.
kernel.shmmax                  long          18446744073692774399  ipc raise_only
    | It has no limit in effect since Linux 3.16, so that a number lowers it.
kernel.shmmni                  int           4096  tightened=4.20:0:16777216 ipc raise_only
kernel.shm_rmid_forced         switch        0  ipc
kernel.threads-max             int           -  low=1 machine raise_only
vm.admin_reserve_kbytes        long          -  machine
vm.compact_memory              int           -  machine read_only  | It is a trigger that holds no value.
vm.dirty_background_bytes      int           0  low=1 high=18446744073709551615 machine
    | To be rid of it, write vm.dirty_background_ratio.
vm.dirty_background_ratio      int           10  low=0 high=100 machine
    | Writing it sets its counterpart in the other unit to 0.
vm.dirty_bytes                 int           0  low=8192 high=18446744073709551615 machine
    | To be rid of it, write vm.dirty_ratio, which sets it to 0.
vm.dirty_expire_centisecs      int           3000  machine
vm.dirty_ratio                 int           20  low=0 high=100 machine
    | Writing it sets its counterpart in the other unit to 0.
vm.dirty_writeback_centisecs   int           500  machine
vm.dirtytime_expire_seconds    int           43200  machine
vm.drop_caches                 int           -  machine read_only  | It is a trigger that holds no value.
vm.max_map_count               int           65530  low=0 machine raise_only
vm.min_free_kbytes             int           -  low=0 machine
vm.nr_hugepages                long          -  rounds machine  | The kernel takes as many as free memory yields.
vm.nr_overcommit_hugepages     long          0  machine
vm.oom_kill_allocating_task    int           0  machine
vm.overcommit_kbytes           long          0  machine  | Writing it sets its counterpart in the other unit to 0.
vm.overcommit_memory           int           0  low=0 high=2 machine
vm.overcommit_ratio            int           50  machine  | Writing it sets its counterpart in the other unit to 0.
vm.page-cluster                int           3  machine
vm.panic_on_oom                int           0  low=0 high=2 machine
vm.swappiness                  int           60  low=0 high=200 machine
    | Its highest value is 100 before Linux 5.8.
vm.user_reserve_kbytes         long          -  machine
vm.vfs_cache_pressure          int           100  low=0 machine
vm.watermark_scale_factor      int           10  low=1 high=3000 machine
vm.zone_reclaim_mode           int           0  machine
"""
