#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs missing system packages with apt, and names each one.
#   packages.sh demo    for local test hosts
#   packages.sh gate    for the tests as well; tests/images/prepare installs what containers need
#   packages.sh bench   for the benchmarks
set -euo pipefail
cd "$(dirname "$0")/../.."
log=$PWD/.cache/logs/packages.log
mkdir -p "$(dirname "$log")"

# set  command     package         used for
needed='
demo   ip          iproute2        networks of local test hosts
demo   mount       mount           /etc and /run of local test hosts
gate   git         git             list of files to check
gate   iptables    iptables        connection tracking in the lab
gate   ps          procps          search for leftover processes
gate   ss          iproute2        comparison of our counts with those of ss
gate   shellcheck  shellcheck      ansible-test sanity
bench  gcc         build-essential native programs to compare with
bench  ss          iproute2        comparison with ss
bench  ssh         openssh-client  connections to local test hosts
bench  sysctl      procps          a module to compare with
'

missing() { # $1: demo, gate or bench. The packages of demo belong to every set.
    local set command package use
    while read -r set command package use; do
        [ "$set" = demo ] || [ "$set" = "$1" ] || continue
        command -v "$command" >/dev/null || printf '%s (package %s; %s)\t%s\n' "$command" "$package" "$use" "$package"
    done <<<"$needed"
}

lacking=$(missing "${1:?demo, gate or bench}")
[ -n "$lacking" ] || exit 0

commands=$(cut -f1 <<<"$lacking" | paste -sd, | sed 's/,/, /g')
packages=$(cut -f2 <<<"$lacking" | sort -u | tr '\n' ' ')
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    printf 'setup: missing commands: %s. Install them as root: apt-get install %s\n' "$commands" "${packages% }" >&2
    exit 1
fi
printf 'setup: installing %s\n' "$commands"
# shellcheck disable=SC2086  # package names contain no spaces
{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages; } >"$log" 2>&1 </dev/null || {
    tail -n 20 "$log" >&2
    printf 'setup: apt-get failed; full log: %s\n' "$log" >&2
    exit 1
}
