"""What stands around the text of a letter: fields, letterhead, addressee, date and signature.

Each version keeps it as it was that day, so that a letter is drawn again as it was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.contacts.models import Contact
from casewell.letters.facts import address_of, fields_of
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from casewell.letters.models import Letter

# Countries whose paper is Letter; all others have A4.
ON_US_LETTER = frozenset({"US", "CA"})


def said_by(letter: Letter) -> dict[str, Any]:
    """All that a version keeps beside its text: `fields` by key, and lines of words."""
    fields = fields_of(letter)
    return {
        "fields": fields,
        "head": _head(fields),
        "to": _addressee(letter),
        "date": formats().day(letter.business.today()),
        "signed": _signed(fields),
        "paper": "us-letter" if letter.business.country_code in ON_US_LETTER else "a4",
        "logo_height": letter.business.logo_height,
    }


def _head(fields: dict[str, str]) -> dict[str, Any]:
    place = fields.get("business address", "").split("\n")
    lines = [", ".join(filter(None, place))]
    lines += [fields.get(name, "") for name in ("business contact", "business website")]
    return {"name": fields.get("business name", ""), "lines": list(filter(None, lines))}


def _addressee(letter: Letter) -> list[str]:
    to = letter.addressee
    return [str(to), *(address_of(to) if isinstance(to, Contact) else to.address)]


def _signed(fields: dict[str, str]) -> list[str]:
    number = fields.get("provider number", "")
    lines = [fields.get("practitioner name", ""), fields.get("practitioner discipline", "")]
    return [line for line in (*lines, f"Provider number {number}" if number else "") if line]
