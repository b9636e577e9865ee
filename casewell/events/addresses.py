"""Where webhooks may be sent: to the public internet, at an address that is pinned.

Asked twice: of what somebody types, and of each address that its name leads to when it is sent.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

import ada_url

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 500
PRINTABLE = re.compile(r"[!-~]+")
NUMERIC = re.compile(r"[0-9.]+|\[.*\]")
OF_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
# The special-purpose registry of IANA; 168.63.129.16 is the host of virtual machines at Azure.
NOT_PUBLIC = [
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
        "168.63.129.16/32",
        # Within the public part: tunnels, which hold another address, and documentation.
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
]
# All other IPv6 is none of a host on the internet: mapped IPv4, unique local, link-local, …
PUBLIC_V6 = ip_network("2000::/3")


class NotAllowed(ValueError):  # noqa: N818 - a fact, as all our exceptions are
    """An address to which nothing is sent; `str()` is for people."""


def checked_url(text: str, *, loopback: bool) -> str:
    """The address as browsers write it. Raises NotAllowed."""
    if len(text) > LONGEST:
        raise NotAllowed(f"Give at most {LONGEST} characters.")
    if not PRINTABLE.fullmatch(text) or not ada_url.check_url(text):
        raise NotAllowed("Give a whole address, such as https://example.com/casewell.")
    url = ada_url.URL(text)
    is_here = loopback and url.hostname in OF_THIS_MACHINE
    if url.protocol != "https:" and not (url.protocol == "http:" and is_here):
        raise NotAllowed("Give an address that begins with https://.")
    if url.username or url.password:
        raise NotAllowed("Leave out the user name and password: every call is signed.")
    if url.hash or "#" in text:
        raise NotAllowed("Leave out the part from # on: it is never sent.")
    _check_host(url.hostname, loopback=loopback)
    return str(url.href)


def _check_host(host: str, *, loopback: bool) -> None:
    if loopback and host in OF_THIS_MACHINE:
        return
    if NUMERIC.fullmatch(host):
        if not is_public(host.strip("[]")):
            raise NotAllowed("This is an address of a private network, to which nothing is sent.")
    elif "." not in host.strip(".") or host.endswith((".localhost", ".local", ".internal")):
        raise NotAllowed("Give a host on the internet.")


def is_public(address: str) -> bool:
    """Whether this IP address is one of a host on the internet.

    >>> [is_public(one) for one in ("9.9.9.9", "10.0.0.1", "::ffff:10.0.0.1", "2620:fe::9")]
    [True, False, False, True]
    """
    one = ip_address(address)
    if one.version == PUBLIC_V6.version and one not in PUBLIC_V6:
        return False
    return not any(one in network for network in _of_version(one.version))


def is_loopback(address: str) -> bool:
    return ip_address(address).is_loopback


def permitted(addresses: Iterable[str], *, loopback: bool) -> list[str]:
    """Those of the addresses of a name that may be connected to, in their order.

    >>> permitted(["127.0.0.1", "9.9.9.9", "169.254.169.254"], loopback=False)
    ['9.9.9.9']
    """
    return [one for one in addresses if is_public(one) or (loopback and is_loopback(one))]


def _of_version(version: int) -> list[IPv4Network | IPv6Network]:
    return [network for network in NOT_PUBLIC if network.version == version]
