"""Why an address is refused: a stable code each, and a sentence that a clinic understands."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """What speaks against a pattern or an address. The value is the code."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTER = "character"
    BACKSLASH = "backslash"
    PERCENT = "percent_encoding"
    FRAGMENT = "fragment"
    SCHEME = "scheme"
    USER = "user_part"
    PORT = "port"
    NO_HOST = "no_host"
    EMPTY_LABEL = "empty_label"
    TRAILING_DOT = "trailing_dot"
    HOST_CHARACTER = "host_character"
    DASH = "label_dash"
    LABEL_LENGTH = "label_length"
    HOST_LENGTH = "host_length"
    INTERNATIONAL = "international_name"
    IP_ADDRESS = "ip_address"
    PRIVATE_NAME = "private_name"
    WILDCARD = "wildcard"
    PUBLIC_SUFFIX = "public_suffix"
    DOT_SEGMENT = "dot_segment"
    EMPTY_QUERY = "empty_query"
    RESERVED = "reserved_parameter"
    BROWSER = "browser_changes_it"
    OTHER_SCHEME = "other_scheme"
    OTHER_HOST = "other_host"
    DEPTH = "wildcard_depth"
    OTHER_PORT = "other_port"
    OTHER_PATH = "other_path"
    OTHER_QUERY = "other_query"
    NOT_APPROVED = "not_approved"

    @property
    def sentence(self) -> str:
        """What is wrong and what would be right, for people."""
        return SENTENCES[self]


SENTENCES = {
    Reason.EMPTY: "Give the address, such as https://app.example.com/patients.",
    Reason.TOO_LONG: "The address is too long: at most 2,000 characters.",
    Reason.CHARACTER: (
        "The address holds a space, an invisible character or a letter outside a-z. "
        "An international name is given in its xn-- form."
    ),
    Reason.BACKSLASH: "The address holds a backslash (\\); addresses are written with /.",
    Reason.PERCENT: "The address holds a %: encoded characters are not taken.",
    Reason.FRAGMENT: "The address holds a #: leave it out, with what follows it.",
    Reason.SCHEME: "The address has to begin with https://.",
    Reason.USER: "The address holds a user name or an @ before its host: leave that out.",
    Reason.PORT: "The port, after the host's colon, has to be a number from 1 to 65535.",
    Reason.NO_HOST: "The address names no host after https://.",
    Reason.EMPTY_LABEL: "The host has two dots in a row, or begins with one.",
    Reason.TRAILING_DOT: "The host ends in a dot: leave the dot out.",
    Reason.HOST_CHARACTER: "The host holds something else than letters, digits, dashes and dots.",
    Reason.DASH: "No part of the host may begin or end with a dash.",
    Reason.LABEL_LENGTH: "A part of the host is too long: at most 63 characters between two dots.",
    Reason.HOST_LENGTH: "The host is too long: at most 253 characters.",
    Reason.INTERNATIONAL: "A part of the host begins with xn-- and is no valid international name.",
    Reason.IP_ADDRESS: "The host is a number (an IP address): give its name.",
    Reason.PRIVATE_NAME: (
        "The host's ending is no public one. Names of a private network have to be allowed by "
        "whoever runs this installation."
    ),
    Reason.WILDCARD: (
        "A * may only stand for the whole first part of an approved address's host, as in "
        "*.example.com. In an app's own address, put your name in its place."
    ),
    Reason.PUBLIC_SUFFIX: (
        "Anybody can get a name under this ending, so a * may not stand directly before it."
    ),
    Reason.DOT_SEGMENT: "The path holds a part that is only . or .., which browsers take away.",
    Reason.EMPTY_QUERY: "The address ends in a ? with nothing after it: leave the ? out.",
    Reason.RESERVED: (
        "The address names patient_id or launch_token itself; Casewell adds these when an app "
        "is opened."
    ),
    Reason.BROWSER: "A browser would change this address: it holds a character that it encodes.",
    Reason.OTHER_SCHEME: "The approved address begins otherwise: https:// is not http://.",
    Reason.OTHER_HOST: "The host is not the approved one.",
    Reason.DEPTH: (
        "The * of the approved address stands for exactly one part of the host: no more, no fewer."
    ),
    Reason.OTHER_PORT: "The port is not that of the approved address.",
    Reason.OTHER_PATH: (
        "What follows the host is not that of the approved address. Capitals and a / at the "
        "end count."
    ),
    Reason.OTHER_QUERY: "What follows the ? is not that of the approved address.",
    Reason.NOT_APPROVED: "This address is not on the list of approved apps.",
}


class Refusal(ValueError):  # noqa: N818 - named for what happened, as all refusals are
    """An address that the rule does not take; `str()` is its reason's sentence."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.sentence)
        self.reason = reason
