#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Adds what the gate needs of the system and does not find: one apt-get update, and a line for each package.
#   packages.sh demo    for private hosts
#   packages.sh gate    for the tests besides; containers see to themselves (tests/images/prepare)
#   packages.sh bench   for the benchmarks
set -euo pipefail
cd "$(dirname "$0")/../.."
log=$PWD/.cache/logs/packages.log
mkdir -p "$(dirname "$log")"

# for  program     package     why
needed='
demo   ip          iproute2    private hosts have networks of their own
demo   mount       mount       private hosts have an /etc and a /run of their own
gate   git         git         the gate judges the files that git knows
gate   iptables    iptables    the lab has the connections of a host tracked
gate   ps          procps      tests look for processes that outlive a host
gate   ss          iproute2    tests compare our counts with those of ss
gate   shellcheck  shellcheck  ansible-test checks shell scripts with it
bench  gcc         build-essential  benchmarks compile what they compare with
bench  ss          iproute2    benchmarks compare with ss
bench  ssh         openssh-client   benchmarks reach private hosts by ssh
bench  sysctl      procps      benchmarks compare with a module that calls it
'

missing() { # $1: demo, gate or bench; all have what demo has
    local layer program package why
    while read -r layer program package why; do
        [ -n "$program" ] || continue
        [ "$layer" = demo ] || [ "$layer" = "$1" ] || continue
        command -v "$program" >/dev/null || printf '%s\t%s\t%s\n' "$program" "$package" "$why"
    done <<<"$needed"
}

lacking=$(missing "${1:?demo, gate or bench}")
[ -n "$lacking" ] || exit 0

packages=$(cut -f2 <<<"$lacking" | sort -u | tr '\n' ' ')
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    printf 'setup: not on this machine: %s. As root on Debian: apt-get install %s\n' "$(cut -f1 <<<"$lacking" | tr '\n' ' ')" "$packages" >&2
    exit 1
fi
while IFS=$'\t' read -r program package why; do
    printf 'setup: apt adds %s (%s: %s)\n' "$package" "$program" "$why"
done <<<"$lacking"
# shellcheck disable=SC2086  # package names hold no blanks
{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages; } >"$log" 2>&1 </dev/null || {
    tail -n 20 "$log" >&2
    printf 'setup: apt-get failed; all of it is in %s\n' "$log" >&2
    exit 1
}
