"""One signed call to a receiver: to the address that was looked up, and to nowhere else.

HTTP by hand, in as few words as are needed: no library lets us pin the address, follows no
redirect, bounds the whole exchange in time and stops reading at a size, all at once.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import ada_url
from django.conf import settings

from casewell.events.addresses import permitted

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS, SECONDS_TO_CONNECT, SECONDS_TO_CLOSE = 15.0, 5.0, 1.0
MOST_READ = 64 * 1024  # a reader keeps up to twice its limit
MOST_ADDRESSES = 3
STATUS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)\b")
PORTS = {"https:": 443, "http:": 80}


class NotReached(Exception):  # noqa: N818
    """There was no answer; `str()` says why, for people."""


@dataclass(frozen=True)
class Outcome:
    """What became of a call: the answer's status, or None and why there was none."""

    status: int | None
    reason: str
    milliseconds: int

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Parcel:
    """A call that is ready to be made."""

    url: str
    headers: Mapping[str, str]
    body: bytes


async def post(parcel: Parcel, *, seconds: float = SECONDS) -> Outcome:
    """Make the call; never raises for what the receiver, or the way to it, does."""
    began = time.monotonic()
    status, reason = None, ""
    try:
        async with asyncio.timeout(seconds):
            status = await _exchange(parcel)
    except TimeoutError:
        reason = f"no answer within {seconds:.0f} s"
    except NotReached as error:
        reason = str(error)
    except (OSError, asyncio.IncompleteReadError):
        reason = "the connection broke off before an answer"
    return Outcome(status, reason, int((time.monotonic() - began) * 1000))


async def _exchange(parcel: Parcel) -> int:
    url = ada_url.URL(parcel.url)
    port = int(url.port or PORTS[url.protocol])
    addresses = await _looked_up(url.hostname.strip("[]"), port)
    reader, writer = await _connected(url, addresses, port)
    try:
        writer.write(_request(url, parcel))
        await writer.drain()
        status = await _status(reader)
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(SECONDS_TO_CLOSE):
                await reader.read(MOST_READ)  # else the receiver's write would fail
        return status
    finally:
        writer.transport.abort()  # what else it has to say is not wanted


async def _looked_up(host: str, port: int) -> list[str]:
    """The addresses of a host that may be connected to: asked once, and those are the ones used."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached("the host's name was not found") from error
    addresses = [str(at[0]) for _, _, _, _, at in found]
    allowed = permitted(dict.fromkeys(addresses), loopback=settings.WEBHOOK_LOOPBACK)
    if not allowed:
        raise NotReached("the host's name leads to a private network, to which nothing is sent")
    return allowed[:MOST_ADDRESSES]


async def _connected(
    url: ada_url.URL, addresses: list[str], port: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the first of the addresses that takes one, proven to be the host's by TLS."""
    tls: dict[str, Any] = {}
    if url.protocol == "https:":
        tls = {"ssl": _tls(), "server_hostname": url.hostname.strip("[]")}
    for address in addresses:
        try:
            async with asyncio.timeout(SECONDS_TO_CONNECT):
                return await asyncio.open_connection(address, port, limit=MOST_READ // 2, **tls)
        except ssl.SSLError as error:
            raise NotReached(f"TLS: {_of_tls(error)}") from error
        except (OSError, TimeoutError):
            continue
    raise NotReached("no connection")


def _of_tls(error: ssl.SSLError) -> str:
    """What is wrong with the receiver's certificate, or with its TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message.rstrip(".")
    return (error.reason or "no agreement").lower().replace("_", " ")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _request(url: ada_url.URL, parcel: Parcel) -> bytes:
    head = {
        "Host": url.host,
        "User-Agent": "Casewell-Webhooks",
        "Accept": "*/*",
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(parcel.body)),
        **parcel.headers,
    }
    lines = [f"POST {url.pathname}{url.search} HTTP/1.1", *(f"{n}: {v}" for n, v in head.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + parcel.body


async def _status(reader: asyncio.StreamReader) -> int:
    """The status of the final answer, whose headers have come in full."""
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError as error:
            raise NotReached("the answer is too long") from error
        found = STATUS.match(head)
        if not found:
            raise NotReached("the answer is not HTTP")
        if not found[1].startswith(b"1"):  # 1xx: more is to come
            return int(found[1])
