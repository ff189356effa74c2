# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The first process of a test host until it executes systemd; create.yml passes this script to `sh -c`.
# The engine mounts /proc/sys read-only. Only what belongs to the container's own namespaces becomes writable.
set -eu
for part in net kernel/shmmax; do
    mount --bind "/proc/sys/$part" "/proc/sys/$part"
    mount -o remount,bind,rw "/proc/sys/$part"
done
# systemd raises these host-wide keys at boot: private files replace them.
for key in fs/file-max fs/nr_open; do
    mkdir -p /run/own-sysctls/fs
    cat "/proc/sys/$key" >"/run/own-sysctls/$key"
    mount --bind "/run/own-sysctls/$key" "/proc/sys/$key"
done
exec /sbin/init
