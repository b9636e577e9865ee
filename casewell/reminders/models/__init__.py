from __future__ import annotations

from casewell.reminders.models.reminder import AppointmentReminder, with_reminders
from casewell.reminders.models.terms import ReminderTerms, UnremindedType
from casewell.reminders.models.text_message import OutgoingText

__all__ = [
    "AppointmentReminder",
    "OutgoingText",
    "ReminderTerms",
    "UnremindedType",
    "with_reminders",
]
