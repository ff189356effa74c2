#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Downloads what the benchmarks compare with to .cache/bench. Nothing is installed, because the packages would start services.
#   tools/usr/…                     node_exporter, netstat, sshd, from the distribution's packages
#   collections/…/ansible/posix     the usual one-key module, from the package `ansible`
# With `sshd` as an argument, only that is downloaded.
# If a download fails, a message says so, and its part of the benchmarks is skipped.
set -euo pipefail
cd "$(dirname "$0")/../.."
bench=$PWD/.cache/bench
log=$PWD/.cache/logs/bench-tools.log
mkdir -p "$bench/tools" "$(dirname "$log")"

# program, and the packages with it and its libraries; a program on the PATH is used as it is
wanted='
prometheus-node-exporter  prometheus-node-exporter
netstat                   net-tools
sshd                      openssh-server libwrap0
'
# The bundle for the ansible-core of requirements/demo.txt.
bundle='ansible ~= 12.0'

say() { printf 'setup: %s\n' "$*"; }

has() { PATH=$PATH:/usr/sbin:/sbin:$bench/tools/usr/bin:$bench/tools/usr/sbin:$bench/tools/bin command -v "$1" >/dev/null; }

fetch() { # packages
    local scratch package status=0
    scratch=$(mktemp -d "$bench/packages.XXXXXX")
    {
        cd "$scratch"
        { apt-get download "$@" || { apt-get update && apt-get download "$@"; }; } || status=1
        for package in *.deb; do [ $status != 0 ] || dpkg-deb -x "$package" "$bench/tools" || status=1; done
        cd "$bench"
    } >>"$log" 2>&1 </dev/null
    rm -rf "$scratch"
    return $status
}

: >"$log"
while read -r program packages; do
    if [ -z "$program" ] || [ "${1:-$program}" != "$program" ] || has "$program"; then continue; fi
    say "downloading $packages to .cache/bench/tools"
    # shellcheck disable=SC2086  # package names have no spaces
    fetch $packages || say "could not download $program (see $log): skipped"
done <<<"$wanted"

posix=$bench/collections/ansible_collections/ansible/posix
if [ -z "${1:-}" ] && [ ! -e "$posix/MANIFEST.json" ]; then
    say "downloading ansible.posix from the package $bundle to .cache/bench/collections"
    scratch=$(mktemp -d "$bench/bundle.XXXXXX")
    if "$bench/venv/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --dest "$scratch" "$bundle" >>"$log" 2>&1 </dev/null; then
        "$bench/venv/bin/python" - "$scratch"/ansible-*.whl "$bench/collections" <<'PYTHON'
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as wheel:
    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith("ansible_collections/ansible/posix/")])
PYTHON
    else
        say "could not download ansible.posix (see $log): skipped"
    fi
    rm -rf "$scratch"
fi
