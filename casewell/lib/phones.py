"""Phone numbers as they are kept: a list of number and type."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

PHONE_TYPES = ("Mobile", "Home", "Work", "Fax", "Other")


def validate_phone_numbers(numbers: Any) -> None:
    """Raise ValidationError unless `numbers` is `[{"number": "…", "phone_type": "Mobile"}, …]`."""
    if not isinstance(numbers, list):
        raise ValidationError("Phone numbers are a list.")
    for entry in numbers:
        if not isinstance(entry, dict) or set(entry) != {"number", "phone_type"}:
            raise ValidationError("A phone number has a number and a phone type.")
        if entry["phone_type"] not in PHONE_TYPES:
            raise ValidationError(f"The phone type is one of {', '.join(PHONE_TYPES)}.")
        if not isinstance(entry["number"], str) or not 3 <= len(entry["number"]) <= 30:
            raise ValidationError("A phone number has 3 to 30 characters.")
