"""Patterns and addresses built from parts: right ones, and nasty ones near the rule."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

SCHEMES = ["https://"] * 20 + ["HTTPS://", "http://", "https:/", "https:", "//", "", "ftp://"]
LABELS = [
    *("au", "staging-au1", "1", "AU", "ab--c", "xn--mnchen-3ya", "XN--MNCHEN-3YA", "xn--4dbrk0ce"),
    *(
        "xn--a",
        "xn--",
        "xn--ls8h",
        "xn--a-",
        "xn--80ak6aa92e",
        "xn--zca",
        "xn--3xa",
        "xn--nxasmm1c",
    ),
    *("-a", "a-", "a_b", "a,b", "*", "", "a" * 63, "a" * 64, "0x7f", "%61", "a%2e", "ｅ", "\u212a"),
    *(
        "a b",
        "a\tb",
        "a\\b",
        "a@b",
        "a:b",
        "a'b",
        "a;b",
        "[a]",
        "a.b",
        "\u00ad",
        "\u3002",
        "a\u200d",
    ),
]
PARENTS = [
    *("example.com", "Example.COM", "example.co.uk", "1example.com", "eu.example.com"),
    *("xn--mnchen-3ya.com", "xn--4dbrk0ce.com", "example.com.", "example..com", "evil.com"),
    *(
        "com",
        "github.io",
        "me.github.io",
        "0.0.1",
        "1.2.3",
        "0x1",
        "09",
        "internal",
        "example.0x1f",
    ),
]
PORTS = [""] * 12 + [":443", ":8443", ":0443", ":", ":0", ":65535", ":65536", ":80", ":a", ":443:1"]
SEGMENTS = [
    *("", "p", "patients", "P", "a+b", "a;b", "a@b:c", "...", "a", "b", "c", "1", "a-b", "~a"),
    *(".", "..", "%2e", "*"),
]
PARAMETERS = [
    *("src=pm", "x", "a=b?c", "", "q=/../", "[x]", "a|b"),
    *("patient_id=1", "Patient-Id=1", "q='", "q=%41"),
]
ENDS = [""] * 20 + ["#", "#top", "\n", " ", "\\", "?", "/", "&", "\x00", "|"]
FIRSTS = ["*."] * 15 + ["", "app.", "a*.", "*.*."]
MARKS = string.punctuation + "aZ09"


def pair(chance: Random) -> tuple[str, str]:
    """`(pattern, url)`, mostly two that agree in all but one part or in everything."""
    parent, first = _one(chance, PARENTS, 0.5), chance.choice(FIRSTS)
    rest = _one(chance, PORTS, 0.5) + _path(chance) + _query(chance)
    host = f"{_label(chance)}.{parent}" if "*" in first else f"{first}{parent}"
    url = chance.choice(SCHEMES) + host + rest + chance.choice(ENDS)
    if chance.random() < 0.1:
        other = chance.choice(PARENTS) + chance.choice(PORTS) + _path(chance)
        url = f"https://{_label(chance)}.{other}"
    return f"{first}{parent}{rest}", url


def _one(chance: Random, choices: list[str], plain: float) -> str:
    """The first of the choices that often, else any."""
    return choices[0] if chance.random() < plain else chance.choice(choices)


def _label(chance: Random) -> str:
    if chance.random() < 0.3:
        return chance.choice(LABELS)
    return _text(chance, string.ascii_lowercase + string.digits + "-", 12)


def _path(chance: Random) -> str:
    return "".join(f"/{_part(chance, SEGMENTS)}" for _ in range(chance.randint(0, 3)))


def _query(chance: Random) -> str:
    if chance.random() < 0.7:
        return ""
    return "?" + "&".join(_part(chance, PARAMETERS) for _ in range(chance.randint(1, 2)))


def _part(chance: Random, choices: list[str]) -> str:
    return chance.choice(choices) if chance.random() < 0.9 else _text(chance, MARKS, 2)


def _text(chance: Random, alphabet: str, longest: int) -> str:
    return "".join(chance.choice(alphabet) for _ in range(chance.randint(1, longest)))
