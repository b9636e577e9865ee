"""Values as clients write them in filters."""

from __future__ import annotations

import re
from datetime import UTC, datetime

LARGEST = 2**63 - 1
NUMBER = re.compile(r"[+-]?\d{1,30}(\.0*)?", re.ASCII)


def whole(text: str) -> int:
    """A whole number that the database can compare; what is larger is as good as the largest."""
    text = text.strip()
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return max(-LARGEST, min(LARGEST, int(text.partition(".")[0])))


def moment_in(text: str) -> datetime:
    """A moment in ISO 8601; UTC where no offset is given. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error
