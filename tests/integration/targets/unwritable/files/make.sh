#!/bin/sh
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make.sh read_only|full|no_inodes DIRECTORY: make a directory unwritable by a mount, to be undone by umount.
# The files stay as they are: a read-only mount shows the same ones, a full file system has copies.
set -eu

if [ "$1" = read_only ]; then
    mount --bind "$2" "$2"
    mount -o remount,bind,ro "$2"
    exit
fi

mkdir -p "$2"
copy=$(mktemp -p /run)
tar -C "$2" -cf "$copy" .
mount -t tmpfs -o size=8m,nr_inodes=300 full "$2"
tar -C "$2" -xf "$copy"
rm "$copy"
if [ "$1" = full ]; then
    cat /dev/zero >"$2/fill" 2>/dev/null || true
else
    at=0
    while touch "$2/fill$at" 2>/dev/null; do at=$((at + 1)); done
fi
