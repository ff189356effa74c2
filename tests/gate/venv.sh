#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes Python environments with pinned packages, below .cache/. Does nothing if they are up to date.
#   venv.sh demo       .cache/venv with ansible-core and jmespath, enough for `make demo`
#   venv.sh gate       .cache/venv with all tools of the gate as well
#   venv.sh importer   .cache/importer with galaxy-importer
#   venv.sh oldest     .cache/oldest with the oldest supported ansible-core
#   venv.sh bench      .cache/bench/venv with the packages of `make bench`
#   venv.sh lock       resolves requirements/*.in and writes requirements/*.txt
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
log=$root/.cache/logs/setup.log
mkdir -p "$(dirname "$log")"

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }
logged() { "$@" >>"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2; die "$1 failed; full log: $log"; }; }

# ansible-core 2.19 needs Python 3.11, 3.12 or 3.13 on the controller.
suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }
# On Debian, ensurepip is in the package python3-venv.
has_venv() { "$1" -c 'import ensurepip, ssl, venv' >/dev/null 2>&1; }

find_python() { # $1: a further test
    local name path
    for name in ${PYTHON:-} python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        path=$(command -v "$name") || continue
        # The interpreter itself, as $path may be a shim of pyenv.
        if suits "$path" && "$1" "$path"; then "$path" -c 'import sys; print(sys.executable)'; return; fi
    done
    return 1
}

need_python() {
    python=$(find_python has_venv) && return
    if find_python true >/dev/null; then
        command -v apt-get >/dev/null || die "Python has no venv module and there is no apt-get; install the module by hand"
        [ "$(id -u)" = 0 ] || die "Python has no venv module. Install it as root: apt-get install python3-venv"
        say "installing python3-venv (package python3-venv; virtual environments)"
        logged apt-get update
        DEBIAN_FRONTEND=noninteractive logged apt-get install -y --no-install-recommends python3-venv
        python=$(find_python has_venv) && return
    fi
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
    need_python
    for name in demo gate importer oldest bench; do
        say "resolving requirements/$name.in"
        "$python" -m venv "$scratch/$name"
        local known=()
        [ $name = demo ] || [ $name = oldest ] || known=(-c requirements/demo.txt)
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
bench) install "$root/.cache/bench/venv" "$req/bench.txt" ;;
lock) lock ;;
*) die "usage: venv.sh demo|gate|importer|oldest|bench|lock" ;;
esac
