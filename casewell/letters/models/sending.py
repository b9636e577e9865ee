"""Letters on their way: by e-mail with a PDF that the worker draws, or on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from casewell.audit.enclosures import Enclosed
from casewell.audit.mail import send_later
from casewell.audit.models import record_change
from casewell.letters.enclosing import LETTER_VERSION
from casewell.letters.models.errors import NoAddress

if TYPE_CHECKING:
    from casewell.audit.actors import Actor
    from casewell.letters.models.communication import Communication
    from casewell.letters.models.letter import Letter

PRINTED = "Printed"


def send(
    letter: Letter, to: str, *, subject: str = "", message: str = "", by: Actor
) -> Communication:
    """Have the worker e-mail the final version, and log it. An e-mail's subject names nobody.

    Raises LetterIsDraft, LetterArchived, NoAddress.
    """
    from casewell.letters.models.communication import Communication

    if not to:
        raise NoAddress(f"{letter.addressee} has no e-mail address.")
    with transaction.atomic():
        held = letter.held()
        held.refuse_unless_final()
        place = held.business.display_name or held.business.business_name
        subject = subject or f"Letter from {place}"
        message = message or f"Please find a letter attached.\n\n{place}"
        mail = send_later(
            held.account,
            to=to,
            subject=subject,
            body=message,
            reply_to=held.business.email_reply_to,
            enclosed=Enclosed(LETTER_VERSION, held.version.pk),
        )
        record_change(held, "sent", {"to": [None, to]}, by=by)
        return Communication.log(
            held.patient,
            type_code=Communication.Way.EMAIL,
            direction_code=Communication.Direction.SENT,
            category_code=Communication.Category.LETTER,
            sender=place,
            recipient=to,
            subject=subject,
            content=message,
            letter=held,
            mail=mail,
            by=by,
        )


def mark_printed(letter: Letter, *, by: Actor) -> Communication:
    """Log that the final version went out on paper. Raises LetterIsDraft, LetterArchived."""
    from casewell.letters.models.communication import Communication

    with transaction.atomic():
        held = letter.held()
        held.refuse_unless_final()
        record_change(held, "printed", {"to": [None, str(held.addressee)]}, by=by)
        return Communication.log(
            held.patient,
            type_code=Communication.Way.OTHER,
            direction_code=Communication.Direction.SENT,
            category_code=Communication.Category.LETTER,
            recipient=str(held.addressee),
            subject=held.title,
            content=PRINTED,
            letter=held,
            by=by,
        )
