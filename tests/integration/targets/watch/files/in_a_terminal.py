# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command in a terminal, and press Ctrl-C after it has printed a text several times.

Usage: in_a_terminal.py TEXT TIMES COMMAND...; exits with the exit code of the command.
"""

from __future__ import annotations

import os
import pty
import sys

CTRL_C = b"\x03"


def main(text: bytes, times: int, command: list[str]) -> int:
    """Run the command, and copy its output."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    printed, pressed = b"", False
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the last process has closed the terminal
            break
        printed += part
        sys.stdout.buffer.write(part)
        if not pressed and printed.count(text) >= times:
            os.write(terminal, CTRL_C)
            pressed = True
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].encode(), int(sys.argv[2]), sys.argv[3:]))
