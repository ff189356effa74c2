# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rollback script on the host, which runs without the rest of the collection."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import take_back
from ansible_collections.nettune.tcp.plugins.module_utils._host import journal

Make = Callable[..., take_back.Host]
BOOT, CONFIRM = "boot", "/var/lib/nettune/tcp/confirm.json"
STEP = {"name": "net.ipv4.a", "before": "1", "ours": ["2"], "write": "net.ipv4.a", "value": "1"}
PART = {
    "kind": "sysctl",
    "options": {},
    "steps": [STEP],
    "limits": [],
    "rows": {},
    "documents": {},
    "finished": True,
    "confirming": False,
}
PENDING = {
    "name": "web",
    "boot_id": BOOT,
    "due": 100.0,
    "deadline": "2026-01-31T12:00:00Z",
    "parts": [PART],
    "timer": {},
}
ROW = {"texts": ["new"], "requests": {}}


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def host(*, values: dict[str, str] | None = None, pending: Any = None, **more: Any) -> take_back.Host:
        put(tmp_path, "/proc/sys/kernel/random/boot_id", BOOT + "\n")
        for name, value in {"net.ipv4.a": "2", **(values or {})}.items():
            put(tmp_path, "/proc/sys/" + name.replace(".", "/"), value + "\n")
        document = {"version": 1, "pending": PENDING if pending is None else pending, "taken_back": {}}
        put(tmp_path, CONFIRM, json.dumps(document))
        put(tmp_path, take_back.SCRIPT, "the script")
        return take_back.Host(str(tmp_path), **{"log": LOG.append, "write": writing(tmp_path), **more})

    LOG.clear()
    return host


LOG: list[str] = []


def put(root: Path, path: str, text: str) -> None:
    (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
    (root / path[1:]).write_text(text)


def writing(root: Path) -> Callable[[str, str], None]:
    return lambda name, value: put(root, "/proc/sys/" + name.replace(".", "/"), value + "\n")


def pending(*steps: dict[str, Any], **part: Any) -> dict[str, Any]:
    return {**PENDING, "parts": [{**PART, "steps": list(steps), **part}]}


def test_script_imports_only_the_standard_library_and_has_the_path_of_the_journal() -> None:
    source = Path(take_back.__file__ or "").read_text()
    imported = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert not [node for node in imported if isinstance(node, ast.ImportFrom) and node.level]
    names = {name.name for node in imported if isinstance(node, ast.Import) for name in node.names}
    assert not [name for name in names if name.startswith("ansible")]
    assert take_back.DIRECTORY == journal.DIRECTORY
    ast.parse(source, feature_version=(3, 8))


@pytest.mark.parametrize(
    ("document", "boot_id", "monotonic", "reason"),
    [
        ({}, BOOT, 1000.0, ""),
        ({"pending": None}, BOOT, 1000.0, ""),
        ({"pending": PENDING}, BOOT, 99.9, ""),
        ({"pending": PENDING}, BOOT, 100.0, "expired"),
        ({"pending": PENDING}, "another", 0.0, "rebooted"),
        ({"pending": pending(confirming=True)}, BOOT, 1000.0, ""),
        ({"pending": pending(confirming=True)}, "another", 1000.0, ""),
        ({"pending": {**PENDING, "parts": [PART, {**PART, "confirming": True}]}}, BOOT, 1000.0, "expired"),
    ],
)
def test_reason_to_roll_back(document: dict[str, Any], boot_id: str, monotonic: float, reason: str) -> None:
    assert take_back.over(document, boot_id=boot_id, monotonic=monotonic) == reason


@pytest.mark.parametrize(
    ("step", "found", "after", "message"),
    [
        ({}, "2", "1", ""),
        ({}, "1", "1", ""),
        ({}, "3", "3", "left alone: net.ipv4.a"),
        ({"ours": None}, "3", "1", ""),
        ({"before": "4 5 6", "ours": ["1 2 3"], "value": "4 5 6"}, "1\t2\t3", "4 5 6", ""),
        ({"before": "", "ours": ["8080"], "value": ""}, "8080", "", ""),
    ],
)
def test_rollback_of_one_value(make: Make, step: dict[str, Any], found: str, after: str, message: str) -> None:
    host = make(values={"net.ipv4.a": found}, pending=pending({**STEP, **step}))
    take_back.take_back(host, "expired")
    assert host.value("net.ipv4.a") == after
    assert (message in LOG[0]) == bool(message) or not message
    assert ("left alone" in LOG[0]) == bool(message)


def test_values_are_rolled_back_in_reverse_order(make: Make) -> None:
    written: list[tuple[str, str]] = []
    steps = [
        {**STEP, "before": "1", "ours": ["2"], "value": "1"},
        {**STEP, "name": "net.ipv4.b", "write": "net.ipv4.b", "before": "8", "ours": ["9"], "value": "8"},
        {**STEP, "before": "2", "ours": ["3"], "value": "2"},
    ]
    host = make(values={"net.ipv4.a": "3", "net.ipv4.b": "9"}, pending=pending(*steps))
    write = host.write
    host.write = lambda name, value: (written.append((name, value)), write(name, value))[1]
    take_back.take_back(host, "expired")
    assert written == [("net.ipv4.a", "2"), ("net.ipv4.b", "8"), ("net.ipv4.a", "1")]


def test_counterpart_is_written_instead(make: Make, tmp_path: Path) -> None:
    def write(name: str, value: str) -> None:
        assert (name, value) == ("vm.dirty_ratio", "20")
        put(tmp_path, "/proc/sys/vm/dirty_bytes", "0\n")

    step = {"name": "vm.dirty_bytes", "before": "0", "ours": ["4096"], "write": "vm.dirty_ratio", "value": "20"}
    host = make(values={"vm.dirty_bytes": "4096"}, pending=pending(step), write=write)
    take_back.take_back(host, "expired")
    assert host.value("vm.dirty_bytes") == "0"


def test_parameter_that_no_longer_exists_is_ignored(make: Make, tmp_path: Path) -> None:
    host = make()
    (tmp_path / "proc/sys/net/ipv4/a").unlink()
    take_back.take_back(host, "expired")
    assert "left alone" not in LOG[0]
    assert "could not" not in LOG[0]


@pytest.mark.parametrize("error", [OSError(22, "Invalid argument"), None])
def test_refused_value_stays_in_the_journal(make: Make, tmp_path: Path, error: OSError | None) -> None:
    """The kernel may refuse a value, or accept it and keep another."""

    def write(_name: str, _value: str) -> None:
        if error is not None:
            raise error

    rows = {"version": 1, "profiles": {"web": None}, "texts": {}, "taken": {}}
    rows["keys"] = {"net.ipv4.a": None, "net.ipv4.b": None}
    host = make(pending=pending(STEP, rows=rows), write=write)
    known = {"version": 1, "profiles": {"web": ROW}, "keys": {"net.ipv4.a": {"x": 1}, "net.ipv4.b": {"x": 2}}}
    host.save("sysctl", known)
    take_back.take_back(host, "expired")
    assert "could not be restored: net.ipv4.a" in LOG[0]
    assert host.load("sysctl") == {"version": 1, "profiles": {}, "keys": {"net.ipv4.a": {"x": 1}}, "taken": {}}


def test_journal_rows_of_the_profile_are_restored_and_others_kept(make: Make) -> None:
    rows = {
        "version": 1,
        "profiles": {"web": {"texts": ["old"], "requests": {"a": 1}}},
        "texts": {"mail": {"texts": ["before"]}, "gone": {"texts": ["x"]}},
        "taken": {"/etc/a": {"before": "a"}, "/etc/b": None},
        "keys": {"net.ipv4.a": {"x": 1}, "net.ipv4.c": None},
    }
    host = make(pending=pending(STEP, rows=rows, documents={"nofile": {}}))
    profiles = {"web": ROW, "mail": {"texts": ["after"], "requests": {"m": 1}}, "nofile-web": ROW}
    host.save(
        "sysctl",
        {
            "version": 1,
            "profiles": profiles,
            "keys": {"net.ipv4.c": {}, "net.ipv4.d": {"x": 4}},
            "taken": {"/etc/b": {}},
        },
    )
    host.save("nofile", {"version": 1})
    take_back.take_back(host, "expired")
    found = host.load("sysctl")
    assert found["profiles"] == {
        "web": rows["profiles"]["web"],
        "mail": {"texts": ["before"], "requests": {"m": 1}},
        "nofile-web": ROW,
    }
    assert found["keys"] == {"net.ipv4.a": {"x": 1}, "net.ipv4.d": {"x": 4}}
    assert found["taken"] == {"/etc/a": {"before": "a"}}
    assert host.load("nofile") == {}


def test_after_a_reboot_no_value_is_written(make: Make) -> None:
    host = make()
    take_back.take_back(host, "rebooted")
    assert host.value("net.ipv4.a") == "2"
    assert "the host was rebooted" in LOG[0]
    assert host.load("confirm")["taken_back"]["sysctl"]["web"]["why"] == "rebooted"


def test_change_being_confirmed_is_not_rolled_back(make: Make) -> None:
    host = make(pending={**PENDING, "parts": [{**PART, "confirming": True}, {**PART, "kind": "nofile", "steps": []}]})
    take_back.take_back(host, "expired")
    assert host.value("net.ipv4.a") == "2"
    assert [part["kind"] for part in host.load("confirm")["pending"]["parts"]] == ["sysctl"]


def test_interrupted_rollback_is_repeated(make: Make) -> None:
    """Kill it at each of its writes."""
    for number in range(1, 5):
        host = make(pending=pending(STEP, documents={"nofile": {}, "sysctl": {"version": 1}}))
        left = [number]
        for name in ("write", "save"):
            setattr(host, name, failing_after(getattr(host, name), left))
        with pytest.raises(KeyboardInterrupt):
            take_back.take_back(host, "expired")
        host = take_back.Host(host.root, log=LOG.append, write=writing(Path(host.root)))
        take_back.take_back(host, "expired")
        assert host.value("net.ipv4.a") == "1"
        assert host.load("sysctl") == {"version": 1}
        assert host.load("confirm")["pending"] is None


def failing_after(do: Callable[..., None], left: list[int]) -> Callable[..., None]:
    def once(*arguments: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        do(*arguments)

    return once


def test_value_that_fails_once_is_tried_again(make: Make, tmp_path: Path) -> None:
    errors = [OSError(5, "Input/output error")]

    def write(name: str, value: str) -> None:
        if errors:
            raise errors.pop()
        writing(tmp_path)(name, value)

    host = make(write=write)
    take_back.take_back(host, "expired")
    assert host.value("net.ipv4.a") == "1"
    assert "could not" not in LOG[0]


@pytest.mark.parametrize("path", ["/proc/sys/net/ipv4/a", CONFIRM])
def test_file_that_cannot_be_read_is_not_taken_for_absent(make: Make, tmp_path: Path, path: str) -> None:
    host = make()
    (tmp_path / path[1:]).unlink()
    (tmp_path / path[1:]).mkdir()
    with pytest.raises(IsADirectoryError):
        host.text(path)


def test_values_of_all_parts_are_restored_before_the_journal_is_written(make: Make) -> None:
    parts = [PART, {**PART, "kind": "nofile", "steps": [{**STEP, "name": "net.ipv4.b", "write": "net.ipv4.b"}]}]
    host = make(values={"net.ipv4.b": "2"}, pending={**PENDING, "parts": parts})

    def full(_name: str, _document: Any) -> None:
        raise OSError(28, "No space left on device")

    host.save = full
    with pytest.raises(OSError, match="No space"):
        take_back.take_back(host, "expired")
    assert (host.value("net.ipv4.a"), host.value("net.ipv4.b"), LOG) == ("1", "1", [])


def test_stopped_process_has_a_reason_of_its_own(make: Make) -> None:
    host = make()
    take_back.take_back(host, "stopped")
    assert host.value("net.ipv4.a") == "1"
    assert "rolled back: the process that waits was stopped before the deadline 2026-01-31T12:00:00Z" in LOG[0]
    assert host.load("confirm")["taken_back"]["sysctl"]["web"]["why"] == "stopped"
