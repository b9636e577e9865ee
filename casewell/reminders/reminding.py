"""Reminding a patient of a visit: what is sent and that it was sent, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casewell.appointments.models import Attendee
from casewell.audit.mail import send_later
from casewell.cases.reminders import BY_EMAIL
from casewell.letters.models import Communication
from casewell.lib.errors import RuleViolation
from casewell.patients.models import Patient
from casewell.reminders.fields import LOGGED, STOP, filled, filled_line, values_of
from casewell.reminders.gateways import chosen_gateway, mobile_of
from casewell.reminders.links import links_of
from casewell.reminders.models import AppointmentReminder, OutgoingText, ReminderTerms
from casewell.reminders.timing import hours_due

if TYPE_CHECKING:
    from casewell.audit.actors import Actor
    from casewell.audit.models import OutgoingMail

Way = Communication.Way
BY_TEXT = (Patient.ReminderType.SMS, Patient.ReminderType.BOTH)


class NotReminded(RuleViolation):
    """Nobody can or wants to be reminded of this visit; says why."""

    code = "not_reminded"


def ways_to(patient: Patient, *, email: bool = True, text: bool = True) -> dict[int, str]:
    """By what ways the patient is reminded, with the address of each.

    Who has said nothing has an e-mail and, without an address, a text message.
    """
    wish = patient.reminder_type
    ways: dict[int, str] = {}
    if email and patient.email and wish in BY_EMAIL:
        ways[Way.EMAIL] = patient.email
    unsaid = not wish and not patient.email
    mobile = mobile_of(patient) if text and (wish in BY_TEXT or unsaid) else ""
    if mobile and chosen_gateway():
        ways[Way.SMS] = mobile
    return ways


def remind_if_due(visit_id: int, *, by: Actor) -> bool:
    """Remind of a visit what is due now, inside the account's scope; whether anything was.

    The visit's row is locked, so of two who do it at once the second finds it done; and whoever
    moves or cancels it comes before or after.
    """
    visit = _held(visit_id)
    terms = ReminderTerms.of(visit.account)
    now = timezone.now()
    start = visit.booking.starts_at
    hours = hours_due(start, visit.created_at, terms.hours, terms.quiet, now)
    if hours is None or _refusal(visit) or is_told(visit, hours):
        return False
    ways = ways_to(visit.patient, email=terms.by_email, text=terms.by_text)
    _remind(visit, terms, ways, hours, by)
    return bool(ways)


def remind_now(visit_id: int, *, by: Actor) -> list[str]:
    """Remind of a visit at once, whatever the practice's hours; to which addresses.

    Raises NotReminded.
    """
    visit = _held(visit_id)
    ways = ways_to(visit.patient)
    refusal = _refusal(visit) or ("" if ways else _why_by_no_way(visit.patient))
    if refusal:
        raise NotReminded(refusal)
    _remind(visit, ReminderTerms.of(visit.account), ways, None, by)
    return list(ways.values())


def is_told(visit: Attendee, hours: int) -> bool:
    """Whether the start that it has now was told at those hours ahead."""
    rows = AppointmentReminder.objects.filter(attendee=visit, hours=hours, outdated=False)
    return rows.filter(starts_at=visit.booking.starts_at).exists()


def _held(visit_id: int) -> Any:
    """The visit, locked, with all that a reminder says.

    Read after the lock is had: a move that we waited for has changed its booking.
    """
    rows = Attendee.objects.filter(pk=visit_id)
    rows.hold()
    related = ("account", "patient__account", "booking__business", "booking__practitioner")
    return rows.with_position().select_related(*related, "booking__appointment_type").get()


def _refusal(visit: Attendee) -> str:
    booking = visit.booking
    if visit.archived_at or booking.archived_at:
        return "This visit is archived."
    if visit.cancelled_at or booking.cancelled_at:
        return "This visit is cancelled."
    if booking.starts_at <= timezone.now():
        return "This visit has begun already."
    return "The patient is archived." if visit.patient.archived_at else ""


def _why_by_no_way(patient: Patient) -> str:
    if patient.reminder_type == Patient.ReminderType.NONE:
        return f"{patient} wants no reminders."
    if patient.reminder_type in BY_TEXT and mobile_of(patient):
        return "No gateway for text messages is connected to this installation."
    return f"{patient} has no address to which reminders may go."


def _remind(
    visit: Any, terms: ReminderTerms, ways: dict[int, str], hours: int | None, by: Actor
) -> None:
    links = links_of(visit)
    said, logged = (values_of(visit, terms, these) for these in (links, LOGGED))
    send = {Way.EMAIL: _email, Way.SMS: _text}
    for way, address in ways.items():
        kept = send[Way(way)](visit, terms, address, (said, logged), by)
        start = visit.booking.starts_at
        former = visit.reminders.filter(way=way, outdated=False).exclude(starts_at=start)
        former.update(outdated=True)
        AppointmentReminder.objects.create(
            account=visit.account,
            attendee=visit,
            communication=kept,
            way=way,
            hours=hours,
            starts_at=start,
        )


def _email(
    visit: Any,
    terms: ReminderTerms,
    to: str,
    values: tuple[dict[str, str], dict[str, str]],
    by: Actor,
) -> Communication:
    said, logged = values
    subject = filled_line(terms.subject, said)[:255]
    text = terms.email_text
    if f"{{{STOP}}}" not in text.lower():
        text += f"\n\nNo more reminders: {{{STOP}}}"
    mail = send_later(
        visit.account,
        to=to,
        subject=subject,
        body=filled(text, said),
        reply_to=visit.booking.business.email_reply_to,
    )
    return _log(visit, Way.EMAIL, to, filled(text, logged), by, subject=subject, mail=mail)


def _text(
    visit: Any,
    terms: ReminderTerms,
    to: str,
    values: tuple[dict[str, str], dict[str, str]],
    by: Actor,
) -> Communication:
    from casewell.reminders.tasks import send_text

    said, logged = values
    kept = _log(visit, Way.SMS, to, filled_line(terms.text_message, logged), by)
    text = OutgoingText.objects.create(
        account=visit.account,
        communication=kept,
        to=to,
        body=filled_line(terms.text_message, said),
    )
    # The job names the row alone: the queue's tables are no practice's.
    send_text.defer(account_id=visit.account_id, text_id=text.pk)
    return kept


def _log(
    visit: Any,
    way: Way,
    to: str,
    content: str,
    by: Actor,
    *,
    subject: str = "",
    mail: OutgoingMail | None = None,
) -> Communication:
    """Its links are for the patient alone, and stand in no log."""
    return Communication.log(
        visit.patient,
        type_code=way,
        direction_code=Communication.Direction.SENT,
        category_code=Communication.Category.APPOINTMENT_REMINDER,
        sender=visit.account.name,
        recipient=to,
        subject=subject,
        content=content,
        attendee=visit,
        mail=mail,
        by=by,
    )
