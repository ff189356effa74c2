# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert the values of Ansible's template engine to plain JSON types."""

from __future__ import annotations

from typing import Any, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput

# Text that Ansible Vault has encrypted, until and since ansible-core 2.19. str() decrypts it.
_ENCRYPTED = ("AnsibleVaultEncryptedUnicode", "EncryptedString")


def plain(value: Any) -> Any:
    """Return `value` with exactly the types of JSON, at all levels.

    ansible-core passes subclasses of str, int, dict and list that carry their origin, and containers that are filled on
    access. Libraries that compare types do not accept them. Raises MalformedInput for a value without a JSON type, such
    as an undefined variable.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if type(value).__name__ in _ENCRYPTED:
        return str(value)
    if isinstance(value, Mapping):
        return {str.__str__(str(key)): plain(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(held) for held in value]
    raise MalformedInput(f"a value of type {type(value).__name__} is not text, a number, a list or a dictionary")
