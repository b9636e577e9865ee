"""Whom and where somebody who waits would come to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casewell.accounts.models import Business, Practitioner
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel
from casewell.waiting.models.entry import WaitingEntry


class WaitingEntryPractitioner(TenantModel):
    """That a practitioner would do; where none is named, any who offers the type."""

    account = AccountField(related_name="waiting_entry_practitioners")
    entry = TenantForeignKey(WaitingEntry, models.CASCADE, related_name="practitioner_links")
    practitioner = TenantForeignKey(Practitioner, models.CASCADE, related_name="waiting_links")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "entry", "practitioner"], name="waiting_for_practitioner_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "practitioner"], name="waiting_for_practitioner")
        ]

    def __str__(self) -> str:
        return f"{self.entry} with {self.practitioner}"


class WaitingEntryBusiness(TenantModel):
    """That a business would do; where none is named, any."""

    account = AccountField(related_name="waiting_entry_businesses")
    entry = TenantForeignKey(WaitingEntry, models.CASCADE, related_name="business_links")
    business = TenantForeignKey(Business, models.CASCADE, related_name="waiting_links")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "entry", "business"], name="waiting_for_business_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "business"], name="waiting_for_business")
        ]

    def __str__(self) -> str:
        return f"{self.entry} at {self.business}"
