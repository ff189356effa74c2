# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write values to sysctl keys, read each back, and restore the old one. It runs on the machine under test.

Its input is JSON: {key: [values]}, with the key as a path below /proc/sys. It prints {key: {value:
outcome}}: the text that was read back, or `error NAME`. The value is "" if a key cannot be read or its old value not be
written. A key that is not there is left out.
"""

import errno
import json
import sys


def write(path, text):
    """Write a value as the kernel expects it: with one write()."""
    with open(path, "wb", buffering=0) as stream:
        stream.write(text.encode())


def read(path):
    with open(path, encoding="utf-8") as stream:
        return " ".join(stream.read().split())


def outcomes(path, values):
    """Return {value: outcome} of one key, whose old value is back afterwards."""
    found = {}
    old = read(path)
    try:
        for value in values:
            try:
                write(path, value)
                found[value] = read(path)
            except OSError as error:
                found[value] = f"error {errno.errorcode.get(error.errno, error.errno)}"
    finally:
        write(path, old)
    return found


def main(keys):
    found = {}
    for key, values in sorted(keys.items()):
        try:
            found[key] = outcomes("/proc/sys/" + key, values)
        except FileNotFoundError:
            continue
        except OSError as error:
            found[key] = {"": f"error {errno.errorcode.get(error.errno, error.errno)}"}
    print(json.dumps(found))


if __name__ == "__main__":
    main(json.load(sys.stdin))
