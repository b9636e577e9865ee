"""Beginning a letter, keeping its versions, and the duty that it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from casewell.audit.models import record_change, recorded
from casewell.cases.models import DutyDone
from casewell.letters.merge import filled_line
from casewell.letters.models.errors import NoAddress
from casewell.letters.saying import said_by

if TYPE_CHECKING:
    from casewell.accounts.models import Business, Practitioner
    from casewell.audit.actors import Actor
    from casewell.cases.models import PatientCase
    from casewell.contacts.models import Contact
    from casewell.letters.models.letter import Letter
    from casewell.letters.models.template import LetterTemplate
    from casewell.letters.models.version import LetterVersion
    from casewell.patients.models import Patient

UNTITLED = "Letter"


def write(
    patient: Patient,
    *,
    practitioner: Practitioner,
    business: Business,
    case: PatientCase | None = None,
    recipient: Contact | None = None,
    template: LetterTemplate | None = None,
    duty_code: str = "",
    title: str = "",
    body: str = "",
    by: Actor,
) -> Letter:
    """Begin a draft; subject, text and duty are the template's where none is given.

    Fields are filled in once in the subject, and stay fields in the text until the letter is
    final. Raises WrongPatient for a case of somebody else.
    """
    from casewell.letters.models.letter import Letter

    if case is not None:
        case.refuse_another_patient(patient.pk)
    letter = Letter(
        account_id=patient.account_id,
        patient=patient,
        case=case,
        practitioner=practitioner,
        business=business,
        recipient=recipient,
        template=template,
        duty_code=duty_code or duty_of(template, case),
    )
    wanted = title or (template.title if template else "")
    said = said_by(letter)
    # One that was written before is filled in already; what it says may look like a field.
    letter.title = (title or filled_line(wanted, said["fields"]) or UNTITLED)[:255]
    with transaction.atomic():
        with recorded(letter, "written", by=by):
            letter.save(force_insert=True)
        keep_version(letter, body or (template.body if template else ""), said=said, by=by)
    return letter


def ask_to_complete(
    case: PatientCase, *, practitioner: Practitioner, business: Business, by: Actor
) -> Letter:
    """Begin the letter that asks the referrer for what the letter check misses (C28).

    Raises NoAddress where the case has no referrer to be asked.
    """
    from casewell.letters.models.template import LetterTemplate

    if case.contact is None:
        raise NoAddress("The case has no referrer yet. Add one to the case first.")
    asking = LetterTemplate.of(case.account).live().in_order()
    return write(
        case.patient,
        practitioner=practitioner,
        business=business,
        case=case,
        recipient=case.contact,
        template=asking.filter(purpose=LetterTemplate.Purpose.COMPLETE_REFERRAL).first(),
        by=by,
    )


def duty_of(template: LetterTemplate | None, case: PatientCase | None) -> str:
    """The duty of the case that letters of that template do; empty where the case has none."""
    codes = {rule["code"] for rule in (case.programme.duties if case and case.programme else ())}
    return template.duty_code if template and template.duty_code in codes else ""


def keep_version(
    letter: Letter,
    body: str,
    *,
    is_final: bool = False,
    said: dict[str, Any] | None = None,
    by: Actor,
) -> LetterVersion:
    """Add what the letter says now, with all that stands around it today."""
    from casewell.letters.models.version import LetterVersion

    last: int = letter.versions.aggregate(last=Max("place"))["last"] or 0
    version = LetterVersion.objects.create(
        account_id=letter.account_id,
        letter=letter,
        place=last + 1,
        title=letter.title,
        body=body,
        said=said or said_by(letter),
        is_final=is_final,
        user_id=by.member.user_id if by.member else None,
    )
    if last and not is_final:
        record_change(letter, "rewritten", {"version": [last, last + 1]}, by=by)
    return version


def satisfy(letter: Letter, *, by: Actor) -> None:
    """Mark the duty that a final letter was written for as done; the caller saves `duty_done`.

    One that was done otherwise, such as by a call, stays as it was marked.
    """
    if not (letter.case and letter.duty_code):
        return
    letter.case.held()  # so that two letters for one duty come one after the other
    former = DutyDone.objects.filter(case=letter.case, code=letter.duty_code, archived_at=None)
    done = former.first()
    if done is None:
        note = letter.title
        done = DutyDone.mark(letter.case, letter.duty_code, note=note, by=by)
        letter.duty_done = done
    elif done.letters.exists():
        letter.duty_done = done


def reopen(letter: Letter, *, by: Actor) -> None:
    """Take back what `satisfy` marked, unless another letter does the duty as well."""
    done, letter.duty_done = letter.duty_done, None
    if done and not done.archived_at and not done.letters.exclude(pk=letter.pk).exists():
        done.take_back(by=by)
