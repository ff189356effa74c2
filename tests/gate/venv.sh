#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes Python environments with pinned packages, below .cache/. Does nothing if they are up to date.
#   venv.sh demo       .cache/venv with ansible-core and jmespath, enough for `make demo`
#   venv.sh gate       .cache/venv with all tools of the gate as well
#   venv.sh importer   .cache/importer with galaxy-importer
#   venv.sh oldest     .cache/oldest with the oldest supported ansible-core
#   venv.sh core 2.20 /usr/bin/python3.12   .cache/cores/2.20-python3.12 with that ansible-core and that Python
#   venv.sh callbacks  .cache/callbacks with the collections of PyPI's `ansible`
#   venv.sh bench      .cache/bench/venv with the packages of `make bench`
#   venv.sh lock       resolves requirements/*.in and writes requirements/*.txt
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/gate/python.sh
root=$PWD
log=$root/.cache/logs/setup.log
mkdir -p "$(dirname "$log")"

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }
logged() { "$@" >>"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2; die "$1 failed; full log: $log"; }; }

need_python() {
    python=${chosen:-$(find_python)} && return
    die "no Python 3.11, 3.12 or 3.13 with venv found (found: $(python3 --version 2>&1 || true)). Install one and name it: make PYTHON=/path/to/python3 ..."
}

# install <directory> <requirements file> [<requirements file it includes>]
install() {
    local dir=$1 wanted=$2 stamp state began=$SECONDS
    stamp=$dir/.installed-$(basename "$wanted" .txt)
    state="$dir $(cat "${@:2}" | sha256sum)"
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ] && "$dir/bin/python" -c '' 2>/dev/null; then return; fi
    : >"$log"
    # An environment that was moved with its checkout has a pip of another directory.
    if ! "$dir/bin/python" -m pip --version 2>/dev/null | grep -qF "$dir/"; then
        need_python
        say "creating ${dir#"$root/"} with $python"
        logged "$python" -m venv --clear "$dir"
    fi
    say "installing $(basename "$(dirname "$wanted")")/$(basename "$wanted") in ${dir#"$root/"}"
    logged "$dir/bin/python" -m pip install --quiet --no-input --disable-pip-version-check -r "$wanted"
    printf '%s\n' "$state" >"$stamp"
    say "ready after $((SECONDS - began)) s"
}

lock() {
    local name scratch
    scratch=$(mktemp -d)
    for name in demo gate importer oldest callbacks bench core-2.20 core-2.21; do
        say "resolving requirements/$name.in"
        case $name in core-*) chosen=$(command -v python3.13 || command -v python3.12) || die "$name needs Python 3.12" ;; esac
        need_python
        "$python" -m venv "$scratch/$name"
        local known=()
        case $name in demo | oldest | core-*) ;; *) known=(-c requirements/demo.txt) ;; esac
        "$scratch/$name/bin/python" -m pip install --quiet --disable-pip-version-check "${known[@]}" -r "requirements/$name.in"
        # shellcheck disable=SC2016  # the text has backquotes
        { printf '# Written by `make lock` from %s.in.\n' "$name"; "$scratch/$name/bin/python" -m pip freeze; } >"requirements/$name.txt"
    done
    rm -rf "$scratch"
}

# `make demo` and `make test` may start at the same time.
exec 9>"$root/.cache/setup.lock"
flock 9

req=$root/requirements
case ${1:-} in
demo) install "$root/.cache/venv" "$req/demo.txt" ;;
gate) install "$root/.cache/venv" "$req/gate.txt" "$req/demo.txt" ;;
importer) install "$root/.cache/importer" "$req/importer.txt" ;;
oldest) install "$root/.cache/oldest" "$req/oldest.txt" ;;
core)
    chosen=$3 wanted=$req/core-$2.txt
    case $2 in 2.18) wanted=$req/oldest.txt ;; 2.19) wanted=$req/demo.txt ;; esac
    install "$root/.cache/cores/$2-$(basename "$3")" "$wanted"
    ;;
callbacks) install "$root/.cache/callbacks" "$req/callbacks.txt" ;;
bench) install "$root/.cache/bench/venv" "$req/bench.txt" ;;
lock) lock ;;
*) die "usage: venv.sh demo|gate|importer|oldest|core|callbacks|bench|lock" ;;
esac
