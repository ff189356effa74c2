# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The first process of a test host until systemd takes over; create.yml hands it to `sh -c`.
# The engine mounts /proc/sys read-only. What belongs to the container's own namespaces becomes writable, and nothing else does.
set -eu
for part in net kernel/shmmax; do
    mount --bind "/proc/sys/$part" "/proc/sys/$part"
    mount -o remount,bind,rw "/proc/sys/$part"
done
# A booting systemd raises these, and they are the whole machine's: the container gets files of its own in their place.
for key in fs/file-max fs/nr_open; do
    mkdir -p /run/own-sysctls/fs
    cat "/proc/sys/$key" >"/run/own-sysctls/$key"
    mount --bind "/run/own-sysctls/$key" "/proc/sys/$key"
done
exec /sbin/init
