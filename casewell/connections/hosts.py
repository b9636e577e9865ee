"""What may stand as the host of an address: public names, in small letters, label by label.

Stricter than browsers, which take underscores, dashes at the ends, labels of any length, and
`xn--` labels that are none.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import idna

from casewell.connections.allowances import NUMBER, is_public_name, public_suffixes
from casewell.connections.reasons import Reason, Refusal

if TYPE_CHECKING:
    from casewell.connections.allowances import Allowances

LABEL = re.compile(r"[a-z0-9-]+")
LONGEST_LABEL = 63
LONGEST_HOST = 253
ANY_LABEL = "a"  # what a wildcard is taken for while its pattern is looked at


def checked_host(text: str, allowances: Allowances) -> str:
    """The host in small letters. Raises Refusal.

    >>> from casewell.connections.allowances import Allowances
    >>> checked_host("AU.Example.com", Allowances())
    'au.example.com'
    """
    host = text.lower()
    if not host:
        raise Refusal(Reason.NO_HOST)
    if "[" in host or "]" in host or NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        raise Refusal(Reason.IP_ADDRESS)  # browsers read a last label that is a number as IPv4
    if host.endswith("."):
        raise Refusal(Reason.TRAILING_DOT)
    labels = host.split(".")
    for label in labels:
        check_label(label)
    if len(host) > LONGEST_HOST:
        raise Refusal(Reason.HOST_LENGTH)
    if not _directions_agree(labels):
        raise Refusal(Reason.INTERNATIONAL)
    if not allowances.cover(host) and ("." not in host or not is_public_name(host)):
        raise Refusal(Reason.PRIVATE_NAME)
    return host


def check_label(label: str) -> None:
    """Raise Refusal for what cannot be one part of a host.

    A dash third and fourth (`ab--c`) is a label like others: browsers take it, it is letters,
    digits and dashes, and only `xn--` has a meaning of its own.
    """
    if not label:
        raise Refusal(Reason.EMPTY_LABEL)
    if "*" in label:
        raise Refusal(Reason.WILDCARD)
    if not LABEL.fullmatch(label):
        raise Refusal(Reason.HOST_CHARACTER)
    if label.startswith("-") or label.endswith("-"):
        raise Refusal(Reason.DASH)
    if len(label) > LONGEST_LABEL:
        raise Refusal(Reason.LABEL_LENGTH)
    if label.startswith("xn--") and not is_international(label):
        raise Refusal(Reason.INTERNATIONAL)


def is_international(label: str) -> bool:
    """Whether this `xn--` label stands for a name, and is how that name is written.

    >>> is_international("xn--mnchen-3ya"), is_international("xn--a"), is_international("xn--a-")
    (True, False, False)
    """
    try:
        return idna.alabel(idna.ulabel(label)) == label.encode()
    except (idna.IDNAError, UnicodeError, ValueError):
        return False


def check_wildcard(parent: str, allowances: Allowances) -> None:
    """Raise Refusal where anybody may have the name `<anything>.<parent>`."""
    if allowances.cover(parent):
        if "." not in parent:  # a whole private network, or every name of localhost
            raise Refusal(Reason.PUBLIC_SUFFIX)
        return
    if public_suffixes().privatesuffix(parent) is None:
        raise Refusal(Reason.PUBLIC_SUFFIX)


def _directions_agree(labels: list[str]) -> bool:
    """Whether all labels keep the rule for hosts of which one runs from right to left (RFC 5893).

    Beside Hebrew, a label that begins with a digit does not: browsers disagree about such hosts.
    """
    shown = [_own_letters(label) for label in labels]
    if not any(unicodedata.bidirectional(c) in {"R", "AL", "AN"} for c in "".join(shown)):
        return True
    try:
        return all(idna.check_bidi(label, check_ltr=True) for label in shown)
    except idna.IDNAError:
        return False


def in_own_letters(host: str) -> str:
    """How a host's international names read; it is still opened by their `xn--` form.

    >>> in_own_letters("xn--mnchen-3ya.example.com")
    'm\xfcnchen.example.com'
    """
    return ".".join(map(_own_letters, host.split(".")))


def _own_letters(label: str) -> str:
    return idna.ulabel(label) if label.startswith("xn--") else label
