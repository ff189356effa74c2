# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which state the socket of an inode is in, for finding whose it is; out of sock_diag messages."""

from __future__ import annotations

from .._formats.tcp_state import LISTEN

LIMIT = 1 << 16
_LISTENERS = 1 << 12
_ALL = (1 << 32) - 1
# Knuth's multiplicative hash: inodes are handed out in turn, so that any plain share of them would be no random one.
_HASH = 2654435761


class Inodes:
    """The states of all sockets that have an inode, or beyond LIMIT of them those of a random share, 1 in `share`.

    listens: the ports that are listened on, by inode.
    """

    over = False

    def __init__(self) -> None:
        self.states: dict[int, int] = {}
        self.listens: dict[int, int] = {}
        self.share = 1
        self._bound = _ALL

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        """Take the messages at `offsets`."""
        words, states, bound = memoryview(chunk).cast("I"), self.states, self._bound
        for offset in offsets:
            inode, state = words[(offset >> 2) + 21], chunk[offset + 17]
            if inode and inode * _HASH & _ALL <= bound:
                states[inode] = state
            if state == LISTEN and len(self.listens) < _LISTENERS:
                self.listens[inode] = chunk[offset + 20] << 8 | chunk[offset + 21]
        while len(self.states) > LIMIT:
            self.share *= 2
            self._bound >>= 1
            self.states = {inode: state for inode, state in self.states.items() if self.has(inode)}

    def has(self, inode: int) -> bool:
        """Whether the inode belongs to the share: then its absence means that there is no such socket."""
        return inode * _HASH & _ALL <= self._bound

    @property
    def lacking(self) -> str:
        """Why counts are not exact, or nothing."""
        if self.share == 1:
            return ""
        return f"more than {LIMIT} sockets: counts are estimates from 1 in {self.share} of them"
