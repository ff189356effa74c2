# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The first process of a host's peer; create.yml hands it to `sh -c` with two arguments, traffic.py and its plan.
# The peer has a network of its own and shares the host's process numbers, so that 1 is the host. A pair of interfaces joins the two networks:
# it is made between them, and the machine's own network takes no part.
set -eu
host=/proc/1/root  # its files
ip link add wire type veth peer name wire netns 1
ip address add 198.51.100.2/24 dev wire
ip link set wire up
nsenter --target 1 --net sh -c 'ip address add 198.51.100.1/24 dev wire && ip link set wire up'
exec python3 -c "$1" "$2" >>"$host/var/log/traffic.log"
