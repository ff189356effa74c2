#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the project's Python environments under .cache/, which git ignores.
#   venv.sh demo       .cache/venv with ansible-core and jmespath, enough for `make demo`
#   venv.sh gate       the same, and the tools of `make check` and `make test`
#   venv.sh importer   .cache/importer with galaxy-importer
#   venv.sh oldest     .cache/oldest with the oldest ansible-core that is supported
#   venv.sh bench      .cache/bench/venv with what `make bench` compares with and draws with
#   venv.sh lock       writes requirements/*.txt anew from requirements/*.in
# What is up to date already costs nothing; a changed requirements file or Python renews it.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
log=$root/.cache/logs/setup.log
mkdir -p "$(dirname "$log")"

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# ansible-core 2.19 runs on a controller with Python 3.11, 3.12 or 3.13.
suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }
# Debian ships venv without the pip that it unpacks: ensurepip tells.
has_venv() { "$1" -c 'import ensurepip, ssl, venv' >/dev/null 2>&1; }

find_python() { # $1: a test besides suits
    local name path
    for name in ${PYTHON:-} python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        path=$(command -v "$name") || continue
        # A shim (pyenv) answers for another binary: take that one.
        if suits "$path" && "$1" "$path"; then "$path" -c 'import sys; print(sys.executable)'; return; fi
    done
    return 1
}

need_python() {
    python=$(find_python has_venv) && return
    if find_python true >/dev/null; then
        add_venv_package
        python=$(find_python has_venv) && return
    fi
    die "no Python 3.11, 3.12 or 3.13 with venv found (found: $(python3 --version 2>&1 || true)). Install one and name it: make PYTHON=/path/to/python3 ..."
}

add_venv_package() {
    command -v apt-get >/dev/null || die "Python has no venv module, and there is no apt-get here: install it by hand"
    [ "$(id -u)" = 0 ] || die "Python has no venv module; as root: apt-get install python3-venv"
    say "apt adds python3-venv (this Python cannot make virtual environments without it)"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv; } \
        >>"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2; die "apt-get failed; all of it is in $log"; }
}

# install <directory> <requirements file> [<requirements file it builds on>]
install() {
    local dir=$1 wanted=$2 stamp state
    stamp=$dir/.installed-$(basename "$wanted" .txt)
    state="$dir $(cat "${@:2}" | sha256sum)"
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ] && "$dir/bin/python" -c '' 2>/dev/null; then return; fi
    local began=$SECONDS
    : >"$log"
    if ! "$dir/bin/python" -m pip --version 2>/dev/null | grep -qF "$dir/"; then
        need_python
        say "making $(basename "$dir") with $python"
        "$python" -m venv --clear "$dir" >>"$log" 2>&1 || { tail -n 20 "$log" >&2; die "$python cannot make $dir"; }
    fi
    say "installing $(basename "$(dirname "$wanted")")/$(basename "$wanted") into ${dir#"$root/"}"
    "$dir/bin/python" -m pip install --quiet --no-input --disable-pip-version-check -r "$wanted" >>"$log" 2>&1 </dev/null ||
        { tail -n 20 "$log" >&2; die "pip failed; all of it is in $log"; }
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
        { printf '# From %s.in, by make lock.\n' "$name"; "$scratch/$name/bin/python" -m pip freeze; } >"requirements/$name.txt"
    done
    rm -rf "$scratch"
}

# One at a time: `make demo` and `make test` may be started together.
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
