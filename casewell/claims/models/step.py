"""What became of claims, added to only: lodgements with what was sent, and each claim's steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Max

from casewell.claims.models.claim import Claim, State
from casewell.invoices.models import Payment
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from typing import Any

    from casewell.audit.actors import Actor


class Lodgement(TenantModel):
    """One handing over of claims: through which gateway, and exactly what was handed over."""

    append_only = True

    account = AccountField(related_name="lodgements")
    gateway = models.CharField(max_length=100)
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    document = models.TextField()

    def __str__(self) -> str:
        return self.filename


class ClaimStep(TenantModel):
    """One step of a claim, numbered from 1. What it said when it was lodged is kept here."""

    append_only = True

    account = AccountField(related_name="claim_steps")
    claim = TenantForeignKey(Claim, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State)
    said_by = models.CharField(max_length=255)
    lodgement = TenantForeignKey(
        Lodgement, models.PROTECT, null=True, blank=True, related_name="steps"
    )
    payment = TenantForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="claim_steps"
    )
    particulars = models.JSONField(null=True)
    benefit = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "lodgement", "id"], name="steps_of_lodgement"),
            models.Index(fields=["account", "payment", "id"], name="steps_of_payment"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "claim", "number"], name="claim_step_in_its_place"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())

    @classmethod
    def add(cls, claim: Claim, state: State, *, by: Actor, **said: Any) -> ClaimStep:
        """Take a claim a step on; whoever adds one holds the claim."""
        last = claim.steps.aggregate(last=Max("number"))["last"] or 0
        step = cls(
            account_id=claim.account_id,
            claim=claim,
            number=last + 1,
            state=state,
            said_by=str(by)[:255],
            **said,
        )
        step.save(force_insert=True)
        claim.state_code = state
        return step
