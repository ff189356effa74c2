# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The first process of a host's peer; create.yml passes this script to `sh -c` with two arguments, traffic.py and its plan.
# The peer has its own network and the PID namespace of the host, in which 1 is the host. A veth pair connects the two networks without
# the network of this machine.
set -eu
host=/proc/1/root
ip link add wire type veth peer name wire netns 1
ip address add 198.51.100.2/24 dev wire
ip link set wire up
nsenter --target 1 --net sh -c 'ip address add 198.51.100.1/24 dev wire && ip link set wire up'
exec python3 -c "$1" "$2" >>"$host/var/log/traffic.log"
