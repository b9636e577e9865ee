"""What the e-mails about cases say: a digest for the practice, a plain letter for the patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.cases.models import CaseReminder
from casewell.lib.formats import formats
from casewell.lib.full_address import full_address

if TYPE_CHECKING:
    from casewell.accounts.models import Account
    from casewell.cases.models import PatientCase
    from casewell.cases.models.standing import Standing

Line = tuple["Standing", CaseReminder, "PatientCase"]
Threshold = CaseReminder.Threshold
MOST = 100  # lines of a digest


def to_practice(account: Account, lines: list[Line]) -> tuple[str, str]:
    """Subject and text of the digest, ordered by threshold and name."""
    number = len({case.pk for _, _, case in lines})
    said = [f"By our records, {'these cases need' if number > 1 else 'this case needs'} a look."]
    for threshold in (
        Threshold.EXPIRES_NOW,
        Threshold.FULL,
        Threshold.EXPIRES_SOON,
        Threshold.FEW_LEFT,
    ):
        told = sorted(_line(account, *line) for line in lines if line[1].threshold == threshold)
        if told:
            said.append("\n".join([f"{threshold.label}:", *told[:MOST], *_more(len(told))]))
    worklist = full_address("worklist", account.slug)
    said.append(f"What can be done about each is said in Casewell, Cases, Worklist: {worklist}")
    said.append(f"{account.name}\nWhom we write to is set in Settings, Cases.")
    subject = f"{number} case{'s need' if number > 1 else ' needs'} a look"
    return subject, "\n\n".join(said)


def _line(account: Account, one: Standing, reminder: CaseReminder, case: PatientCase) -> str:
    """Whose case, how full and until when; below it, where it is."""
    ends = f", expires {formats().day(one.expires_on)}" if one.expires_on else ""
    said = f"- {case.patient.listed_name}: {one.usage} sessions{ends}"
    return f"{said}\n  {full_address('case', account.slug, case.pk)}"


def _more(number: int) -> list[str]:
    return [f"and {number - MOST} more"] if number > MOST else []


def to_patient(account: Account, lines: list[Line]) -> tuple[str, str]:
    """Subject and text for one patient; the case's own name may be the practice's alone."""
    patient = lines[0][2].patient
    said = [f"Dear {patient.preferred_first_name or patient.first_name},"]
    said += [_to_patient(*line) for line in lines]
    if any(case.referral for _, _, case in lines):
        said.append("If you need more treatment then, please see your GP for a new referral.")
    else:
        said.append("If you need more treatment then, please speak to us.")
    said.append("This is by our records; your funder has the last word.")
    said.append(account.name)
    return f"Your sessions at {account.name}", "\n\n".join(said)


def _to_patient(one: Standing, reminder: CaseReminder, case: PatientCase) -> str:
    kind = case.get_referral_type_display() if case.referral else ""
    thing = f"{kind} referral".strip() if case.referral else "sessions with us"
    ends = formats().day(one.expires_on) if one.expires_on else ""
    if reminder.threshold in (Threshold.EXPIRES_NOW, Threshold.EXPIRES_SOON):
        return f"Your {thing} can be used until {ends}."
    if reminder.threshold == Threshold.FULL:
        return f"All {one.limit} visits of your {thing} are used or booked."
    return f"You have used or booked visit {one.usage} of your {thing}."
