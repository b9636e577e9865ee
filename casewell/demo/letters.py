"""The demo's letters: reports to referrers, some final and printed, some still drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.audit.actors import Actor
from casewell.letters.choosing import author_of
from casewell.letters.models import LetterTemplate, write

if TYPE_CHECKING:
    from casewell.demo.people import World

REPORTS, DRAFTS = 8, 3  # reports, of which the last are drafts
FOUND = (
    "- Pain at rest from 6 to 2 of 10\n- Walks 2 km without a rest",
    "- Full range of movement, a little stiff in the morning\n- Sleeps through again",
    "- Strength 4 of 5, equal on both sides\n- Back at work for half days",
)
BY = Actor(job="demo")


def make_letters(world: World) -> None:
    """A report on each of some cases that a doctor referred; for no duty, and not on Ada's."""
    report = LetterTemplate.of(world.account).get(code="progress-report")
    cases = world.account.patient_cases.unclosed().filter(contact__isnull=False, referral=True)
    seen = cases.filter(attendees__isnull=False).exclude(patient=world.patients[0])
    referred = seen.distinct().order_by("id")
    for number, case in enumerate(referred.select_related("patient", "contact")[:REPORTS]):
        author = author_of(case.patient, case, None)
        if author.practitioner is None or author.business is None:
            continue
        letter = write(
            case.patient,
            practitioner=author.practitioner,
            business=author.business,
            case=case,
            recipient=case.contact,
            template=report,
            body=report.body.replace("- ", FOUND[number % len(FOUND)], 1),
            by=BY,
        )
        if number < REPORTS - DRAFTS:
            letter.finalise(by=BY)
            letter.mark_printed(by=BY)
