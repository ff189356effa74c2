# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""holder.py READY: hold 500 descriptors for two minutes with a soft limit of 1024; 7 are connections that were reset.

Writes its pid to READY when all exist. Its process name is `nofile-holder`.
"""

from __future__ import annotations

import os
import resource
import socket
import struct
import sys
import time
from pathlib import Path

HELD, GHOSTS = 500, 7
RESET = struct.pack("ii", 1, 0)

Path("/proc/self/comm").write_text("nofile-holder")
resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
held = []
with socket.create_server(("127.0.0.1", 8099)) as listener:
    for _ in range(GHOSTS + 3):
        client = socket.create_connection(("127.0.0.1", 8099))
        held.append((client, listener.accept()[0]))
servers = [server for _client, server in held]
for client, _server in held[:GHOSTS]:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    client.close()
null = os.open("/dev/null", os.O_RDONLY)
while len(os.listdir("/proc/self/fd")) - 1 < HELD:
    os.dup(null)
Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(120)
