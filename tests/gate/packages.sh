#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Adds what the gate needs of the system and does not find: one apt-get update, and a line for each package.
#   packages.sh           as root, on Debian
#   packages.sh --list    only what is missing: program, package, why
set -euo pipefail
cd "$(dirname "$0")/../.."
log=$PWD/.cache/logs/packages.log
mkdir -p "$(dirname "$log")"

# program    package     why
needed='
git          git         the gate judges the files that git knows
ip           iproute2    private hosts have networks of their own
ss           iproute2    tests compare our counts with those of ss
shellcheck   shellcheck  ansible-test checks shell scripts with it
'

missing() {
    local program package why
    while read -r program package why; do
        [ -z "$program" ] || command -v "$program" >/dev/null || printf '%s\t%s\t%s\n' "$program" "$package" "$why"
    done <<<"$needed"
}

lacking=$(missing)
if [ "${1:-}" = --list ] || [ -z "$lacking" ]; then
    printf '%s' "${lacking:+$lacking$'\n'}"
    exit
fi

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
