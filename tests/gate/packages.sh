#!/bin/sh
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs missing system packages with apt, and names each one; none of them starts a server. Without apt it names the packages to install.
#   packages.sh demo    for local test hosts
#   packages.sh gate    for the tests as well; tests/images/prepare installs what containers need
#   packages.sh bench   for the benchmarks
#   packages.sh vm      for the virtual machines
#   packages.sh report  for the tests of the report in a browser
#   packages.sh callbacks   for the tests with other collections
# A second word is a command that needs root; then nothing is installed without root.
set -eu
cd "$(dirname "$0")/../.."
. tests/gate/python.sh
log=$PWD/.cache/logs/packages.log

# set  command     apt             dnf             zypper          apk             used for
needed='
demo   python      python3-venv    python3.12      python312       python3         virtual environments
demo   bash        bash            bash            bash            bash            scripts
demo   flock       util-linux      util-linux      util-linux      flock           one setup at a time
demo   ip          iproute2        iproute         iproute2        iproute2        networks of local test hosts
demo   mount       mount           util-linux      util-linux      mount           /etc and /run of local test hosts
gate   git         git             git             git             git             list of files to check
gate   iptables    iptables        iptables        iptables        iptables        connection tracking in the lab
gate   promtool    prometheus      golang-github-prometheus golang-github-prometheus-prometheus prometheus metrics and alert rules
gate   ps          procps          procps-ng       procps          procps          search for leftover processes
gate   ss          iproute2        iproute         iproute2        iproute2        comparison of our counts with those of ss
gate   shellcheck  shellcheck      ShellCheck      ShellCheck      shellcheck      ansible-test sanity
report chromium    chromium        chromium        chromium        chromium        report in a browser
report chromedriver chromium-driver chromedriver   chromedriver    chromium-chromedriver control of the browser
bench  gcc         build-essential gcc             gcc             build-base      native programs to compare with
bench  ss          iproute2        iproute         iproute2        iproute2        comparison with ss
bench  ssh         openssh-client  openssh-clients openssh-clients openssh-client  connections to local test hosts
bench  sysctl      procps          procps-ng       procps          procps          a module to compare with
vm     qemu-system-x86_64 qemu-system-x86 qemu-system-x86-core qemu-x86 qemu-system-x86_64 virtual machines
vm     qemu-img    qemu-utils      qemu-img        qemu-tools      qemu-img        their disks
vm     mmdebstrap  mmdebstrap      mmdebstrap      mmdebstrap      mmdebstrap      their images, from Debian packages
vm     mkfs.ext4   e2fsprogs       e2fsprogs       e2fsprogs       e2fsprogs       file systems of images
callbacks redis-check-rdb redis-tools redis     redis           redis           a fact cache (it is the server, too)
vm     ssh         openssh-client  openssh-clients openssh-clients openssh-client  connections to virtual machines
'

# Installing Debian's package would start a server on a machine with systemd; one program of it is needed.
promtool=.cache/promtool/promtool

say() { printf 'setup: %s\n' "$*" >&2; }
has() {
    case $1 in
    python) [ -x .cache/venv/bin/python ] || find_python >/dev/null ;;
    promtool) command -v promtool >/dev/null || [ -x $promtool ] ;;
    *) command -v "$1" >/dev/null ;;
    esac
}
unpack_promtool() {
    mkdir -p "${promtool%/*}"
    cd "${promtool%/*}"
    apt-get download prometheus || { apt-get update && apt-get download prometheus; } || return
    dpkg --fsys-tarfile prometheus_*.deb | tar --extract --strip-components=3 ./usr/bin/promtool || return
    rm prometheus_*.deb
}

missing() { # $1: demo, gate, bench, vm or report. The packages of demo belong to every set.
    printf '%s\n' "$needed" | while read -r set command packages; do
        case $set in demo | "$1") has "$command" || printf '%s %s\n' "$command" "$packages" ;; esac
    done
}
of() { # $1: the column of `lacking`
    printf '%s\n' "$lacking" | awk -v column="$1" '!seen[$column]++ { printf "%s%s", separator, $column; separator = " " }'
}
explained() {
    printf '%s\n' "$lacking" | while read -r command _ _ _ _ use; do printf '  %s: for %s\n' "$command" "$use"; done
}

failed() {
    tail -n 20 "$log" >&2
    say "apt-get failed; full log: $log"
    exit 1
}

mkdir -p "$(dirname "$log")"
if [ "${1:-}" = gate ] && ! has promtool && command -v apt-get >/dev/null; then
    say "unpacking promtool from the package prometheus, for metrics and alert rules"
    (unpack_promtool) >"$log" 2>&1 </dev/null || failed
fi
lacking=$(missing "${1:?demo, gate, bench, vm or report}")
problems=
if [ -n "$lacking" ] && ! command -v apt-get >/dev/null; then
    say "missing commands:"
    explained >&2
    say "there is no apt here. Install them as root with one of:"
    printf '  dnf install %s\n  zypper install %s\n  apk add %s\n' "$(of 3)" "$(of 4)" "$(of 5)" >&2
    problems=yes
elif [ -n "$lacking" ] && [ "$(id -u)" != 0 ]; then
    say "missing commands:"
    explained >&2
    say "install them as root: apt-get install $(of 2)"
    problems=yes
fi
if [ -n "${2:-}" ] && [ "$(id -u)" != 0 ]; then
    say "$2 creates network namespaces and needs root: sudo $2"
    problems=yes
fi
[ -z "$problems" ] || exit 1
[ -n "$lacking" ] || exit 0

say "installing $(of 2), for the commands:"
explained >&2
# shellcheck disable=SC2046  # names of packages contain no spaces
{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(of 2); } >"$log" 2>&1 </dev/null || failed
