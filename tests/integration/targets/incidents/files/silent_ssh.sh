#!/bin/sh
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# An ssh to a host that does not answer, which does not wait.
echo "ssh: connect to host 10.77.0.99 port 22: Connection timed out" >&2
exit 255
