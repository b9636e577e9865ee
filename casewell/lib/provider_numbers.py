"""The check letter of an Australian Medicare provider number.

A number is a stem of six digits, a practice location and a letter that checks both; leading zeros
of the stem may be left out. Source: docs/domain.md#provider-number.
"""

from __future__ import annotations

import re

LOCATIONS = "0123456789ABCDEFGHJKLMNPQRTUVWXY"  # without I, O, S and Z
LETTERS = "YXWTLKJHFBA"
WEIGHTS = (3, 5, 8, 4, 2, 1)
LOCATION_WEIGHT = 6
NUMBER = re.compile(rf"(\d{{1,6}})([{LOCATIONS}])([{LETTERS}])")


def is_provider_number(text: str) -> bool:
    """Whether the check letter fits; spaces and case do not matter.

    >>> [is_provider_number(n) for n in ("2429591L", "2409661b", "988939BJ", "988939BK")]
    [True, True, True, False]
    """
    found = NUMBER.fullmatch(re.sub(r"\s", "", text).upper())
    if not found:
        return False
    stem, location, letter = found.groups()
    return check_letter(stem, location) == letter


def check_letter(stem: str, location: str) -> str:
    """The letter of a stem of up to six digits at a location (0-9, A-Y without I, O, S).

    >>> check_letter("242959", "1")
    'L'
    """
    digits = (int(digit) for digit in stem.zfill(6))
    weighed = sum(w * d for w, d in zip(WEIGHTS, digits, strict=True))
    return LETTERS[(weighed + LOCATION_WEIGHT * LOCATIONS.index(location)) % len(LETTERS)]
