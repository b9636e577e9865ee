"""The rule for addresses of connected patient apps (docs/domain.md#connected-patient-apps).

Pure: no Django, no network. A pattern or an address is taken apart strictly, and what is opened
is put together from the parts, never text glued to what somebody typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import ada_url

from casewell.connections.allowances import Allowances
from casewell.connections.hosts import ANY_LABEL, check_label, check_wildcard, checked_host
from casewell.connections.parameters import PATIENT_ID, names_a_reserved
from casewell.connections.reasons import Reason, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTHING = Allowances()
LONGEST = 2000
PRINTABLE = re.compile(r"[!-~]+")  # ASCII without the space
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
PORT = re.compile(r"[1-9][0-9]{0,4}")
DEFAULT_PORTS = {"https": 443, "http": 80}
FORBIDDEN = {"\\": Reason.BACKSLASH, "%": Reason.PERCENT, "#": Reason.FRAGMENT}


@dataclass(frozen=True)
class Address:
    """The parts of an address that passed the rule. `port` is None for the scheme's own.

    >>> Address.parse("https://AU.Example.com:443/Patients").href
    'https://au.example.com/Patients'
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: str

    @classmethod
    def parse(cls, text: str, allowances: Allowances = NOTHING) -> Address:
        """Take `text` apart. Raises Refusal; nothing is trimmed or repaired."""
        _check_characters(text)
        found = SCHEME.match(text)
        if not found:
            raise Refusal(Reason.SCHEME)
        address = _of_parts(found[1].lower(), text[found.end() :], allowances)
        if not is_left_alone(address.href):
            raise Refusal(Reason.BROWSER)
        return address

    @property
    def origin(self) -> str:
        """What a browser's content policy names."""
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")

    @property
    def without_query(self) -> str:
        return f"{self.origin}{self.path}"

    @property
    def href(self) -> str:
        """Rebuilt from the parts: what a browser's parser makes of it, byte for byte."""
        return self.without_query + (f"?{self.query}" if self.query else "")

    def with_parameter(self, name: str, value: str) -> Address:
        """With one more parameter, at the end. Both are letters that need no encoding."""
        return replace(
            self, query=f"{self.query}&{name}={value}" if self.query else f"{name}={value}"
        )


@dataclass(frozen=True)
class Pattern:
    """An approved address; `*` as the first label of its host stands for any one label.

    >>> Pattern.parse("*.example.com/patients").admits("https://au.example.com/patients")
    True
    >>> Pattern.parse("*.example.com/patients").admits("https://fr.eu.example.com/patients")
    False
    """

    is_wild: bool
    address: Address  # of a wildcard, with ANY_LABEL in its place
    allowances: Allowances = NOTHING

    @classmethod
    def parse(cls, text: str, allowances: Allowances = NOTHING) -> Pattern:
        """Read what an operator typed, with its scheme or without (https). Raises Refusal."""
        return _parsed_pattern(text, allowances)

    def __str__(self) -> str:
        if not self.is_wild:
            return self.address.href
        return self.address.href.replace(f"://{ANY_LABEL}.", "://*.", 1)

    @property
    def parent(self) -> str:
        """The host, without the wildcard's label."""
        return self.address.host.partition(".")[2] if self.is_wild else self.address.host

    def admits(self, url: str) -> bool:
        """Whether `url` is an address that this pattern was approved for."""
        try:
            self.label_of(url)
        except Refusal:
            return False
        return True

    def label_of(self, url: str) -> str:
        """The label that stands for the wildcard in `url`, empty for an exact pattern.

        Raises Refusal where the pattern does not admit it, with what is different.
        """
        return self.label_in(Address.parse(url, self.allowances))

    def label_in(self, found: Address) -> str:
        """`label_of` an address that was taken apart already."""
        label, _, parent = found.host.partition(".") if self.is_wild else ("", "", found.host)
        for same, reason in (
            (found.scheme == self.address.scheme, Reason.OTHER_SCHEME),
            (parent == self.parent, self._why_another(found.host)),
            (found.port == self.address.port, Reason.OTHER_PORT),
            (found.path == self.address.path, Reason.OTHER_PATH),
            (found.query == self.address.query, Reason.OTHER_QUERY),
        ):
            if not same:
                raise Refusal(reason)
        return label

    def at(self, label: str) -> Address:
        """The address of this entry for a label (empty for an exact one). Raises Refusal."""
        if not self.is_wild:
            return self.address
        check_label(label)
        host = checked_host(f"{label}.{self.parent}", self.allowances)
        return replace(self.address, host=host)

    def _why_another(self, host: str) -> Reason:
        near = self.is_wild and f".{host}".endswith(f".{self.parent}")
        return Reason.DEPTH if near else Reason.OTHER_HOST


def launch_address(pattern: Pattern, label: str, patient_id: int) -> Address:
    """What is opened for a patient: the entry, the label, and the id as the last parameter.

    >>> launch_address(Pattern.parse("*.example.com/p?src=pm"), "au", 1).href
    'https://au.example.com/p?src=pm&patient_id=1'
    """
    return pattern.at(label).with_parameter(PATIENT_ID, str(int(patient_id)))


def admitted(url: str, patterns: Iterable[Pattern]) -> tuple[Pattern, str]:
    """The approved entry that admits `url`, an exact one first, and the label there.

    Raises Refusal: with what is wrong with the address itself, or with what differs where there
    is one entry alone, else NOT_APPROVED.
    """
    entries = sorted(patterns, key=lambda pattern: pattern.is_wild)
    refusals = []
    for pattern in entries:
        try:
            return pattern, pattern.label_of(url)
        except Refusal as refusal:
            refusals.append(refusal)
    Address.parse(url, entries[0].allowances if entries else NOTHING)
    raise refusals[0] if len(refusals) == 1 else Refusal(Reason.NOT_APPROVED)


def is_left_alone(href: str) -> bool:
    """Whether browsers' parsers make of this address the same, byte for byte.

    ada-url keeps to the standard. Chromium does not with one character that we let through: it
    encodes a | in the path.
    """
    path = href.partition("?")[0]
    return "|" not in path and ada_url.check_url(href) and str(ada_url.URL(href).href) == href


@lru_cache(maxsize=8192)
def _parsed_pattern(text: str, allowances: Allowances) -> Pattern:
    _check_characters(text)
    scheme = SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    is_wild = rest.startswith("*.")
    if "*" in rest[is_wild:]:
        raise Refusal(Reason.WILDCARD)
    # Looked at as one of the addresses that it admits.
    example = f"{scheme[0] if scheme else 'https://'}{ANY_LABEL if is_wild else ''}{rest[is_wild:]}"
    pattern = Pattern(is_wild, Address.parse(example, allowances), allowances)
    if is_wild:
        check_wildcard(pattern.parent, allowances)
    if names_a_reserved(pattern.address.query):
        raise Refusal(Reason.RESERVED)
    return pattern


def _check_characters(text: str) -> None:
    if not text:
        raise Refusal(Reason.EMPTY)
    if len(text) > LONGEST:
        raise Refusal(Reason.TOO_LONG)
    if not PRINTABLE.fullmatch(text):
        raise Refusal(Reason.CHARACTER)
    for character, reason in FORBIDDEN.items():
        if character in text:
            raise Refusal(reason)


def _of_parts(scheme: str, rest: str, allowances: Allowances) -> Address:
    before, question, query = rest.partition("?")
    authority, _, path = before.partition("/")
    if "@" in authority:
        raise Refusal(Reason.USER)
    named, colon, port = authority.partition(":")
    number = _port(port) if colon else DEFAULT_PORTS.get(scheme)
    host = checked_host(named, allowances)
    if scheme != "https" and not (scheme == "http" and allowances.cover(host)):
        raise Refusal(Reason.SCHEME)
    if {".", ".."} & set(path.split("/")):
        raise Refusal(Reason.DOT_SEGMENT)
    if question and not query:
        raise Refusal(Reason.EMPTY_QUERY)
    own = None if number == DEFAULT_PORTS[scheme] else number
    return Address(scheme, host, own, f"/{path}", query)


def _port(text: str) -> int:
    if text.startswith(":"):  # [::1]
        raise Refusal(Reason.IP_ADDRESS)
    if not PORT.fullmatch(text) or int(text) > 65535:
        raise Refusal(Reason.PORT)
    return int(text)
