# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# Functions for other scripts to source: they look for a Python for the virtual environments. PYTHON: the one to prefer.
# Otherwise the newest is taken, so that the unit tests of the checkout run on the newest target Python.

# ansible-core 2.19 needs Python 3.11, 3.12 or 3.13 on the controller.
suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }
# On Debian, ensurepip is in the package python3-venv.
has_venv() { "$1" -c 'import ensurepip, ssl, venv' >/dev/null 2>&1; }

find_python() {
    for name in ${PYTHON:-} python3.13 $(pyenv whence --path python3.13 2>/dev/null) python3 /usr/bin/python3 python3.12 python3.11; do
        path=$(command -v "$name") || continue
        # The interpreter itself, as $path may be a shim of pyenv.
        if suits "$path" && has_venv "$path"; then "$path" -c 'import sys; print(sys.executable)'; return; fi
    done
    return 1
}
