#!/bin/sh
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# An ssh that reaches no host, usable without ssh installed.
echo "ssh: connect to host 192.0.2.1 port 22: Connection refused" >&2
exit 255
