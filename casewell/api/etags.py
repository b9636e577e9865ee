"""Entity tags: which state of a record an answer shows."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

ENCODER = msgspec.json.Encoder(decimal_format="string")


def encoded(content: Any) -> bytes:
    """The JSON of an answer."""
    return ENCODER.encode(content)


def tag_of(body: bytes) -> str:
    """The entity tag of an answer's body."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def etag_of(content: Any) -> str:
    """The entity tag of what will be encoded."""
    return tag_of(encoded(content))


def matches(header: str, tag: str) -> bool:
    """Whether a list of tags, as `If-Match` and `If-None-Match` have it, names this one.

    >>> matches('W/"a", "b"', '"b"'), matches("*", '"a"'), matches('"c"', '"a"')
    (True, True, False)
    """
    named = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in named or tag in named
