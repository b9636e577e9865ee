"""The number on an Australian Medicare card, whose ninth digit checks the eight before it.

Eight digits, the first 2 to 6; the check digit, which is their sum by weights modulo 10; the
card's issue number. Each person on the card has a reference number, a digit from 1. Source:
docs/domain.md#medicare-card.
"""

from __future__ import annotations

import re

WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9)
NUMBER = re.compile(r"([2-6]\d{7})(\d)[1-9]", re.ASCII)
REFERENCE = re.compile(r"[1-9]")


def digits_of(text: str) -> str:
    """The number as it is keyed, without spaces and dashes.

    >>> digits_of("2123 45670 1")
    '2123456701'
    """
    return re.sub(r"[\s-]", "", text)


def is_card_number(text: str) -> bool:
    """Whether it has ten digits of which the ninth fits; spaces do not matter.

    >>> [is_card_number(one) for one in ("2123 45670 1", "2123 45671 1", "1123456701", "")]
    [True, False, False, False]
    """
    found = NUMBER.fullmatch(digits_of(text))
    return found is not None and check_digit(found[1]) == found[2]


def check_digit(stem: str) -> str:
    """The ninth digit that belongs to these eight.

    >>> check_digit("21234567")
    '0'
    """
    weighed = sum(w * int(digit) for w, digit in zip(WEIGHTS, stem, strict=True))
    return str(weighed % 10)


def is_reference_number(text: str) -> bool:
    """Whether it is the place of a person on a card: one digit, not 0."""
    return REFERENCE.fullmatch(text.strip()) is not None
