"""What a practice decides about reminders: by what ways, when, of which visits, in which words."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from casewell.appointments.models import AppointmentType
from casewell.reminders.timing import Quiet
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from casewell.accounts.models import Account

MOST_HOURS = 14 * 24
HOURS = [MinValueValidator(1), MaxValueValidator(MOST_HOURS)]
SUBJECT = "Your appointment at {practice name}"
EMAIL = """Dear {patient first name},

This is a reminder of your appointment on {date} at {time} with {practitioner name}.
{business name}
{business address}

{visit of case}
{last visit}

Please tell us that you will come: {confirm link}

To change it, please contact us: {business contact}

{practice name}

No more reminders: {stop link}"""
TEXT = (
    "{practice name}: your appointment is on {date} at {time}. "
    "{last visit} Please confirm: {confirm link}"
)
AT_THE_LAST = "This is the last visit of your referral: please see your GP for a new one."


class ReminderTerms(TenantModel):
    """One row a practice, off until somebody switches it on."""

    account = AccountField(related_name="reminder_terms")
    by_email = models.BooleanField("by e-mail", default=False)
    by_text = models.BooleanField("by text message", default=False)
    first_hours = models.PositiveSmallIntegerField("hours ahead", default=24, validators=HOURS)
    second_hours = models.PositiveSmallIntegerField(
        "again, hours ahead", null=True, blank=True, validators=HOURS
    )
    quiet_from = models.TimeField("nothing is sent from", default=time(20))
    quiet_until = models.TimeField("until", default=time(8))
    subject = models.CharField(max_length=255, default=SUBJECT)
    email_text = models.TextField("e-mail", max_length=5000, default=EMAIL)
    text_message = models.TextField("text message", max_length=480, default=TEXT)
    last_visit_text = models.CharField(
        "what {last visit} says", max_length=255, blank=True, default=AT_THE_LAST
    )

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account"], name="reminder_terms_once")
        ]

    def __str__(self) -> str:
        return "Reminders"

    @classmethod
    def of(cls, account: Account) -> ReminderTerms:
        """The practice's terms, which start as ours."""
        terms = cls.objects.get_or_create(account=account)[0]
        terms.account = account  # whose zone the quiet hours are in
        return terms

    @property
    def is_on(self) -> bool:
        return self.by_email or self.by_text

    @property
    def hours(self) -> list[int]:
        """The hours ahead, the first and perhaps a second."""
        return [hours for hours in (self.first_hours, self.second_hours) if hours]

    @property
    def quiet(self) -> Quiet:
        """The quiet hours, on the practice's clocks."""
        return Quiet(self.quiet_from, self.quiet_until, self.account.zone)


class UnremindedType(TenantModel):
    """That nobody is reminded of visits of a type; of a new type they are."""

    account = AccountField(related_name="unreminded_types")
    appointment_type = TenantForeignKey(AppointmentType, models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "appointment_type"], name="unreminded_type_once"
            )
        ]

    def __str__(self) -> str:
        return f"no reminders of {self.appointment_type}"
