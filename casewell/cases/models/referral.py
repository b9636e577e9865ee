"""What the letter says: who referred, under what, for how long, and who pays."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from casewell.cases.models.programme import ReferralType
from casewell.contacts.models import Contact
from casewell.tenancy.fields import TenantForeignKey


class ReferralParticulars(models.Model):
    """The columns of a case that are copied from its referral, plan or claim."""

    ReferralType = ReferralType

    class ReferralPeriod(models.TextChoices):
        STANDARD = "standard", "Standard"
        MONTHS = "months", "Number of months"
        INDEFINITE = "indefinite", "Indefinite"

    referral = models.BooleanField("there is a referral", default=False)
    referral_type = models.CharField(max_length=20, choices=ReferralType, blank=True)
    contact = TenantForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referred_cases",
        verbose_name="referrer",
    )
    referral_period = models.CharField(max_length=10, choices=ReferralPeriod, blank=True)
    referral_period_months = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    plan_date = models.DateField("plan or last review date", null=True, blank=True)
    condition = models.CharField(max_length=255, blank=True)
    letter_contains = models.JSONField(default=list, blank=True)
    notes = models.TextField(blank=True)
    payer = TenantForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="paid_cases"
    )
    claim_number = models.CharField("claim or authorisation number", max_length=100, blank=True)
    injury_date = models.DateField(null=True, blank=True)
    employer = models.CharField(max_length=255, blank=True)
    case_manager = models.CharField(max_length=255, blank=True)

    class Meta:
        abstract = True
