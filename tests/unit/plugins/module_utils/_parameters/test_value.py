# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import value
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

TIMEOUT = Parameter("net.ipv4.tcp_fin_timeout", "int", 0, 120)
ANY = Parameter("x.y", "int")
LOW = Parameter("x.low", "int", 1)
HIGH = Parameter("x.high", "int", None, 9)
RMEM = Parameter("net.ipv4.tcp_rmem", "vector", 1, 2**31 - 1, 3)
PORTS = Parameter("net.ipv4.ip_local_reserved_ports", "ports")
BITS = Parameter("net.ipv6.icmp.ratemask", "ports", 0, 255)
WORD = Parameter("net.ipv4.tcp_congestion_control", "word")
WORDS = Parameter("net.ipv4.tcp_allowed_congestion_control", "words")


@pytest.mark.parametrize(
    ("parameter", "given", "normal"),
    [
        (TIMEOUT, 30, "30"),
        (TIMEOUT, "30", "30"),
        (TIMEOUT, " 30 ", "30"),
        (TIMEOUT, "30\t", "30"),
        (TIMEOUT, "0x1e", "30"),
        (TIMEOUT, "0X1E", "30"),
        (TIMEOUT, 0, "0"),
        (TIMEOUT, "0", "0"),
        (TIMEOUT, 120, "120"),
        (TIMEOUT, [30], "30"),
        (ANY, -1, "-1"),
        (ANY, "-0x10", "-16"),
        (ANY, 2**64 - 1, "18446744073709551615"),
        (LOW, 10**30, "1" + "0" * 30),
        (RMEM, "4096 87380 6291456", "4096 87380 6291456"),
        (RMEM, "4096\t87380\t 6291456", "4096 87380 6291456"),
        (RMEM, [4096, "87380", 6291456], "4096 87380 6291456"),
        (RMEM, ("0x1000", "87380 6291456"), "4096 87380 6291456"),
        (PORTS, "80,8000-8100", "80,8000-8100"),
        (PORTS, "8000-8100, 80", "80,8000-8100"),
        (PORTS, [80, "8000-8100"], "80,8000-8100"),
        (PORTS, 80, "80"),
        (PORTS, "1,2,3,4", "1-4"),
        (PORTS, "", ""),
        (PORTS, [], ""),
        (BITS, "0-1,3-127,255", "0-1,3-127,255"),
        (WORD, "bbr", "bbr"),
        (WORD, "bbr ", "bbr"),
        (WORDS, "reno  cubic\tbbr", "reno cubic bbr"),
        (WORDS, ["reno", "cubic"], "reno cubic"),
        (WORDS, "", ""),
        (WORDS, 5, "5"),
    ],
)
def test_normal_form_of_a_requested_value(parameter: Parameter, given: Any, normal: str) -> None:
    assert value.requested(parameter, given) == normal
    assert value.requested(parameter, normal) == normal
    assert value.normal(parameter, normal) == normal


@pytest.mark.parametrize(
    ("parameter", "given", "message"),
    [
        (TIMEOUT, "", "'' is not one number"),
        (TIMEOUT, "  ", "is not one number"),
        (TIMEOUT, [], "[] is not one number"),
        (TIMEOUT, "30 # seconds", "'30 # seconds' is not one number"),
        (TIMEOUT, "30; note", "is not one number"),
        (TIMEOUT, "30 40", "is not one number"),
        (TIMEOUT, [30, 40], "is not one number"),
        (TIMEOUT, "30;", "'30;' is not a whole number; allowed: 0 to 120"),
        (TIMEOUT, "30s", "'30s' is not a whole number"),
        (TIMEOUT, "thirty", "'thirty' is not a whole number"),
        (TIMEOUT, '"30"', "is not a whole number"),
        (TIMEOUT, "'30'", "is not a whole number"),
        (TIMEOUT, "+30", "is not a whole number"),
        (TIMEOUT, "30.0", "is not a whole number"),
        (TIMEOUT, "3e1", "is not a whole number"),
        (TIMEOUT, "1_0", "is not a whole number"),
        (TIMEOUT, "0x", "is not a whole number"),
        (TIMEOUT, "0b11", "is not a whole number"),
        (TIMEOUT, "0o36", "is not a whole number"),
        (TIMEOUT, "--30", "is not a whole number"),
        (TIMEOUT, "٣٠", "is not a whole number"),
        (TIMEOUT, "True", "is not a whole number"),
        (TIMEOUT, "yes", "is not a whole number"),
        (TIMEOUT, "infinity", "'infinity' is not a whole number; allowed: 0 to 120"),
        (TIMEOUT, "unlimited", "'unlimited' is not a whole number; allowed: 0 to 120"),
        (TIMEOUT, float("inf"), "inf is neither a whole number nor text"),
        (TIMEOUT, 1e30, "1e+30 is neither a whole number nor text"),
        (TIMEOUT, [[1]], "[[1]] contains a list; use a list of single values"),
        (RMEM, [[4096, 87380], 6291456], "contains a list; use a list of single values"),
        (RMEM, "infinity", "'infinity' is not 3 numbers separated by spaces"),
        (PORTS, [[80], 443], "[[80], 443] contains a list"),
        (WORD, "a b" * 1000, "is not a single word"),
        (TIMEOUT, "036", "reads 036 as an octal number"),
        (TIMEOUT, "08", "reads 08 as an octal number"),
        (TIMEOUT, "00", "octal"),
        (TIMEOUT, True, "True is not a kernel value; use a number such as 1 or 0"),
        (TIMEOUT, False, "False is not a kernel value"),
        (TIMEOUT, 30.0, "30.0 is neither a whole number nor text"),
        (TIMEOUT, float("nan"), "nan is neither"),
        (TIMEOUT, None, "None is neither"),
        (TIMEOUT, [None], "None is neither"),
        (TIMEOUT, {"a": 1}, "is neither"),
        (TIMEOUT, [{}], "{} is neither"),
        (TIMEOUT, b"30", "is neither"),
        (TIMEOUT, -1, "-1 is out of bounds; allowed: 0 to 120"),
        (TIMEOUT, 121, "121 is out of bounds; allowed: 0 to 120"),
        (TIMEOUT, "0x79", "121 is out of bounds"),
        (LOW, 0, "0 is out of bounds; allowed: 1 or more"),
        (HIGH, 10, "10 is out of bounds; allowed: 9 or less"),
        (RMEM, "4096 87380", "is not 3 numbers separated by spaces"),
        (RMEM, "4096 87380 6291456 1", "is not 3 numbers separated by spaces"),
        (RMEM, "4096", "is not 3 numbers"),
        (RMEM, 4096, "is not 3 numbers"),
        (RMEM, "4096,87380,6291456", "commas do not separate numbers"),
        (RMEM, "4096, 87380, 6291456", "'4096,' is not a whole number"),
        (RMEM, "4096 87380 abc", "'abc' is not a whole number"),
        (RMEM, "4096 87380 0", "0 is out of bounds"),
        (RMEM, [4096, True, 1], "True is not a kernel value"),
        (PORTS, "80 443", "'80 443' is neither a port nor a range"),
        (PORTS, "443-80", "is reversed"),
        (PORTS, "80,65536", "outside the ports"),
        (PORTS, "http", "expected a list such as 80,8000-8100"),
        (PORTS, [80, None], "None is neither"),
        (PORTS, -1, "neither a port"),
        (PORTS, True, "True is not a kernel value"),
        (BITS, "0-1,3-256", "256 is out of bounds; allowed: 0 to 255"),
        (WORD, "", "'' is not a single word"),
        (WORD, "cubic reno", "is not a single word"),
        (WORD, ["cubic", "reno"], "is not a single word"),
        (WORD, "cubic\nreno", "contains a control character"),
        (WORDS, "reno\ncubic", "contains a control character"),
        (WORDS, "reno\0", "contains a control character"),
        (WORDS, "reno\x1b[31m", "contains a control character"),
        (WORDS, "reno\r", "contains a control character"),
        (WORDS, "reno\x7f", "contains a control character"),
        (WORDS, "reno\ud800", "a lone surrogate"),
        (TIMEOUT, "30\n", "contains a control character"),
        (PORTS, "80\n443", "contains a control character"),
    ],
)
def test_invalid_value_is_refused(parameter: Parameter, given: Any, message: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        value.requested(parameter, given)
    assert message in str(refused.value)
    assert str(refused.value).startswith(f"{parameter.name}: ")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


ENDLESS = [
    (TIMEOUT, "9" * 2_000_000, "'99999"),
    (TIMEOUT, "0" * 2_000_000, "reads 00000"),
    (TIMEOUT, 10**5000, "a number with thousands of digits is out of bounds"),
    (PORTS, "9" * 2_000_000, "expected a list such as 80,8000-8100"),
]


@pytest.mark.parametrize(("parameter", "given", "message"), ENDLESS, ids=range(len(ENDLESS)))
def test_endless_number_is_refused_with_a_short_message(parameter: Parameter, given: Any, message: str) -> None:
    test_invalid_value_is_refused(parameter, given, message)


@pytest.mark.parametrize(
    ("parameter", "text", "normal"),
    [
        (TIMEOUT, "60", "60"),
        (TIMEOUT, "60\n", "60"),
        (TIMEOUT, "010", "8"),
        (TIMEOUT, "0x1e", "30"),
        (TIMEOUT, "30 # the kernel ignores this", "30"),
        (TIMEOUT, "30 40", "30"),
        (TIMEOUT, "", ""),
        (TIMEOUT, "abc def", "abc def"),
        (TIMEOUT, "08", "08"),
        (RMEM, "4096\t131072\t6291456", "4096 131072 6291456"),
        (RMEM, "4096 131072", "4096 131072"),
        (RMEM, "1 2 3 4", "1 2 3"),
        (RMEM, "1 2 x", "1 2 x"),
        (PORTS, "1-2,3,4", "1-4"),
        (PORTS, "\n", ""),
        (PORTS, "80,http", "80,http"),
        (PORTS, "9-8", "9-8"),
        (WORD, "cubic", "cubic"),
        (WORDS, "reno\tcubic", "reno cubic"),
    ],
)
def test_normal_form_of_a_value_of_the_kernel(parameter: Parameter, text: str, normal: str) -> None:
    assert value.normal(parameter, text) == normal


@pytest.mark.parametrize(
    ("parameter", "words"), [(TIMEOUT, "0 to 120"), (LOW, "1 or more"), (HIGH, "9 or less"), (ANY, "")]
)
def test_bounds_in_words(parameter: Parameter, words: str) -> None:
    assert value.bounds(parameter) == words


@pytest.mark.parametrize(
    ("token", "number"),
    [
        ("30", 30),
        ("010", 8),
        ("0x1F", 31),
        ("-1", -1),
        ("08", None),
        ("+1", None),
        ("", None),
        ("1.5", None),
        ("x", None),
    ],
)
def test_number_as_the_kernel_reads_it(token: str, number: int | None) -> None:
    assert value.as_number(token) == number


def test_numbers_of_a_value() -> None:
    assert value.numbers("4096 -1 0") == [4096, -1, 0]
    with pytest.raises(ValueError, match="reno"):
        value.numbers("reno")
