"""What the fields say of a patient who was made up, for the preview of a template."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from casewell.letters.merge import KNOWN
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from casewell.accounts.models import Account, Business

WORDS = {
    "recipient name": "Dr Jane Lee",
    "recipient salutation": "Dr Lee",
    "recipient address": "Lakeside Medical\n12 Lake Road\nBrunswick VIC 3056",
    "duty": "End-of-cycle report to the GP",
    "missing from the referral": "– the date of the referral\n– the condition to be treated",
    "patient name": "Ada Rossi",
    "patient title": "Ms",
    "patient first name": "Ada",
    "patient last name": "Rossi",
    "patient age": "65",
    "patient address": "3 Hill Street\nBrunswick VIC 3056",
    "patient phone": "0400 000 000",
    "patient email": "ada@example.org",
    "patient reference": "P-0042",
    "patient they": "she",
    "patient them": "her",
    "patient their": "her",
    "medicare number": "2950 00000 1-1",
    "dva card number": "VX000001",
    "health fund": "Example Health",
    "health fund number": "0000 0001",
    "practitioner name": "Amy Shaw",
    "practitioner discipline": "Physiotherapist",
    "provider number": "2429591L",
    "referrer name": "Dr Jane Lee",
    "referrer salutation": "Dr Lee",
    "referrer practice": "Lakeside Medical",
    "referrer address": "12 Lake Road\nBrunswick VIC 3056",
    "referrer provider number": "2429591L",
    "case name": "Left knee",
    "condition": "osteoarthritis of the left knee",
    "programme": "DVA treatment cycle",
    "referral type": "DVA",
    "sessions allowed": "12",
    "sessions used": "8",
    "sessions booked": "2",
    "sessions left": "2",
    "claim number": "C-000001",
    "employer": "Example Pty Ltd",
    "case manager": "Sam Example",
    "payer": "Department of Veterans’ Affairs",
}
DAYS = {
    "today": (date(2026, 5, 4),),
    "patient date of birth": (date(1961, 3, 12),),
    "issue date": (date(2026, 3, 2),),
    "plan date": (date(2026, 2, 23),),
    "expiry date": (date(2027, 3, 9),),
    "injury date": (date(2026, 2, 14),),
    "first date attended": (date(2026, 3, 9),),
    "last date attended": (date(2026, 4, 27),),
    "dates attended": (date(2026, 3, 9), date(2026, 3, 16), date(2026, 4, 27)),
}


def sample_of(account: Account, business: Business | None) -> dict[str, str]:
    """A value for every field by `Field.key`; the practice's own where it has them."""
    days = {name: ", ".join(map(formats().day, some)) for name, some in DAYS.items()}
    own = {"practice name": account.name} | (_of_place(business) if business else {})
    return dict.fromkeys(KNOWN, "") | WORDS | days | own


def _of_place(business: Business) -> dict[str, str]:
    town = " ".join(filter(None, (business.city, business.state, business.post_code)))
    lines = (business.address_1, business.address_2, town)
    return {
        "business name": business.display_name or business.business_name,
        "business address": "\n".join(filter(None, lines)),
        "business contact": business.contact_information,
        "business website": business.website_address,
    }
