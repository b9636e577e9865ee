"""What stands around the text of a letter: fields, letterhead, addressee, date and signature.

Each version keeps it as it was that day, so that a letter is drawn again as it was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.contacts.models import Contact
from casewell.letters.facts import address_of, fields_of, town_of
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from casewell.accounts.models import Business
    from casewell.letters.models import Letter

# Countries whose paper is Letter; all others have A4.
ON_US_LETTER = frozenset({"US", "CA"})


def said_by(letter: Letter) -> dict[str, Any]:
    """All that a version keeps beside its text: `fields` by key, and lines of words."""
    fields = fields_of(letter)
    return {
        "fields": fields,
        "head": head_of(letter.business),
        "to": _addressee(letter),
        "date": formats().day(letter.business.today()),
        "signed": _signed(fields),
        "paper": "us-letter" if letter.business.country_code in ON_US_LETTER else "a4",
        "logo_height": letter.business.logo_height,
    }


def head_of(business: Business) -> dict[str, Any]:
    """What a letterhead says: the `name`, and the `lines` below it, without empty ones."""
    place = (business.address_1, business.address_2, town_of(business))
    number = business.business_registration_value
    lines = (
        ", ".join(filter(None, place)),
        *map(str.strip, business.contact_information.splitlines()),
        business.email_reply_to,
        business.website_address,
        f"{business.business_registration_name} {number}".strip() if number else "",
    )
    name = business.display_name or business.business_name
    return {"name": name, "lines": [line for line in lines if line]}


def _addressee(letter: Letter) -> list[str]:
    to = letter.addressee
    return [str(to), *(address_of(to) if isinstance(to, Contact) else to.address)]


def _signed(fields: dict[str, str]) -> list[str]:
    number = fields.get("provider number", "")
    lines = [fields.get("practitioner name", ""), fields.get("practitioner discipline", "")]
    return [line for line in (*lines, f"Provider number {number}" if number else "") if line]
