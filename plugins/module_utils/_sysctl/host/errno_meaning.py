# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel means by the errors it answers to a write below /proc/sys."""

from __future__ import annotations

import errno

_MEANING = {
    errno.EINVAL: "the kernel does not take this value here: it is out of bounds, or at odds with another parameter",
    errno.ENOENT: "the kernel does not know this name; an algorithm or a queueing discipline may want its module",
    errno.EACCES: "the file is read-only in this namespace; the parameter may belong to the whole machine",
    errno.EPERM: "a capability is missing (CAP_NET_ADMIN or CAP_SYS_ADMIN), or the kernel has locked the parameter",
    errno.EROFS: "/proc/sys is mounted read-only here, as container engines do; set it from outside",
    errno.EBUSY: "the kernel is using what it sizes and cannot change it now",
    errno.ENOMEM: "the kernel has not the memory for a table of this size",
    errno.ERANGE: "the number does not fit",
    errno.ENODEV: "the device it belongs to is gone",
}


def explain(number: int) -> str:
    """`EINVAL: the kernel does not take …` for an errno; its bare name where there is nothing to add."""
    name = errno.errorcode.get(number, str(number))
    meaning = _MEANING.get(number)
    return f"{name}: {meaning}" if meaning else name
