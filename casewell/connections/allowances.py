"""What an installation admits beyond public https addresses: nothing, unless settings say so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from publicsuffixlist import PublicSuffixList

from casewell.lib.env import env, words, yes_or_no

SUFFIX = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@cache
def public_suffixes() -> PublicSuffixList:
    """The list with its private part; an ending that it does not name is no public one."""
    return PublicSuffixList(accept_unknown=False)


def is_public_name(host: str) -> bool:
    """Whether the list knows the host's ending.

    >>> is_public_name("app.example.com"), is_public_name("app.clinic.internal")
    (True, False)
    """
    return public_suffixes().publicsuffix(host) is not None


@dataclass(frozen=True)
class Allowances:
    """Hosts for trying things out and of private networks; these may be http as well.

    Names with a public ending are never covered, whatever is listed.

    >>> Allowances(localhost=True).cover("localhost")
    True
    >>> Allowances(suffixes=("clinic.internal", "com")).cover("a.clinic.internal")
    True
    >>> Allowances(suffixes=("clinic.internal", "com")).cover("example.com")
    False
    """

    localhost: bool = False
    suffixes: tuple[str, ...] = ()

    def cover(self, host: str) -> bool:
        """Whether this lower-case host is admitted though its ending is no public one."""
        named = (*self.suffixes, *(("localhost",) if self.localhost else ()))
        return any(f".{host}".endswith(f".{suffix}") for suffix in named) and (
            not is_public_name(host)
        )


def private_suffixes(written: str) -> tuple[str, ...]:
    """Read a list by comma. Raises ValueError for what is no name, or ends in a public suffix.

    >>> private_suffixes("clinic.internal, .LAN")
    ('clinic.internal', 'lan')
    """
    found = tuple(word.lower().removeprefix(".") for word in words(written))
    for suffix in found:
        last = suffix.rpartition(".")[2]
        if not SUFFIX.fullmatch(suffix) or NUMBER.fullmatch(last):
            raise ValueError(f"{suffix!r} is no name of a network")
        if is_public_name(suffix):
            raise ValueError(f"{suffix!r} has a public ending, which takes https alone")
    return found


def installed_allowances() -> Allowances:
    """Those of the environment. Raises ImproperlyConfigured for a value that cannot be read."""
    return Allowances(
        localhost=env("CASEWELL_APP_LOCALHOST", yes_or_no, "no"),
        suffixes=env("CASEWELL_APP_PRIVATE_SUFFIXES", private_suffixes, ","),
    )
