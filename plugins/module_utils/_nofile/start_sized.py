# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that look at their limit once, when they start: raising it under them later gives them no more connections.

One row a program, by its name in /proc/PID/stat. nginx, Apache and Postfix are not among them: they meet the limit of
the moment in accept(2) and open(2).
"""

from __future__ import annotations

from typing import Mapping

WHY: Mapping[str, str] = {
    "squid": "its table of descriptors is as long as the limit was at its start (max_filedescriptors)",
    "haproxy": "maxconn is worked out from the limit at its start",
    "mysqld": "open_files_limit, and with it max_connections and table_open_cache, is settled at its start",
    "mariadbd": "open_files_limit, and with it max_connections and table_open_cache, is settled at its start",
    "postgres": "the postmaster counts the descriptors it can use once, at its start (max_files_per_process)",
    "memcached": "its table of connections is made at its start (-c)",
    "redis-server": "maxclients is cut to what the limit allowed at its start",
    "valkey-server": "maxclients is cut to what the limit allowed at its start",
    "dovecot": "the limits of its services are worked out by its master at its start (client_limit)",
    "beam.smp": "the Erlang virtual machine sizes its table of descriptors at its start",
}
