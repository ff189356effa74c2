# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold twenty connections for ten minutes, in CLOSE_WAIT on one end and FIN_WAIT2 on the other."""

from __future__ import annotations

import socket
import time

HELD = []
with socket.create_server(("127.0.0.1", 8080)) as listener:
    for _ in range(20):
        client = socket.create_connection(("127.0.0.1", 8080))
        HELD.extend([client, listener.accept()[0]])
        client.shutdown(socket.SHUT_WR)
    time.sleep(600)
