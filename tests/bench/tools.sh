#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Fetches into .cache/bench what benchmarks compare with, and installs nothing: as packages, these would start services.
#   tools/usr/…                     node_exporter, netstat, sshd, out of the distribution's packages
#   collections/…/ansible/posix     the usual one-key module, out of the package `ansible`
# What cannot be had is said, and its part of the benchmark is left out.
set -euo pipefail
cd "$(dirname "$0")/../.."
bench=$PWD/.cache/bench
log=$PWD/.cache/logs/bench-tools.log
mkdir -p "$bench/tools" "$(dirname "$log")"

# program, and the packages that have it and its libraries; a program on the PATH is taken as it is
wanted='
prometheus-node-exporter  prometheus-node-exporter
netstat                   net-tools
sshd                      openssh-server libwrap0
'
# The bundle that goes with the ansible-core of requirements/demo.txt.
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
    if [ -z "$program" ] || has "$program"; then continue; fi
    say "fetching $packages into .cache/bench/tools, without installing"
    # shellcheck disable=SC2086  # package names hold no blanks
    fetch $packages || say "$program cannot be had here ($log): left out"
done <<<"$wanted"

posix=$bench/collections/ansible_collections/ansible/posix
if [ ! -e "$posix/MANIFEST.json" ]; then
    say "fetching ansible.posix out of the package $bundle into .cache/bench/collections"
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
        say "ansible.posix cannot be had here ($log): left out"
    fi
    rm -rf "$scratch"
fi
