"""An approval: the portion of a case that a funder granted at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from casewell.audit.models import recorded
from casewell.cases.models.case import PatientCase
from casewell.cases.models.errors import NotRaised
from casewell.cases.models.fullness import told_when_full
from casewell.lib.formats import formats
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from casewell.audit.actors import Actor

    Limit = int | Decimal

PORTION = [MinValueValidator(1), MaxValueValidator(200)]


class ApprovalQuerySet(TenantQuerySet["Approval"]):
    def live(self) -> ApprovalQuerySet:
        return self.filter(archived_at=None)


ApprovalManager = TenantManager.from_queryset(ApprovalQuerySet)


class Approval(TenantModel):
    """Sessions or an amount that were granted. Where a case has any, its limit is their sum and
    the latest `until` is its expiry.
    """

    account = AccountField(related_name="approvals")
    case = TenantForeignKey(PatientCase, models.CASCADE, related_name="approvals")
    number = models.CharField("approval number", max_length=100, blank=True)
    approved_on = models.DateField("date", null=True, blank=True)
    asked_sessions = models.PositiveSmallIntegerField(null=True, blank=True, validators=PORTION)
    sessions = models.PositiveSmallIntegerField(
        "sessions granted", null=True, blank=True, validators=PORTION
    )
    amount = models.DecimalField(
        "amount granted", max_digits=12, decimal_places=2, null=True, blank=True
    )
    until = models.DateField(null=True, blank=True)
    reason = models.CharField("note", max_length=255, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ApprovalManager] = ApprovalManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "case", "id"], name="approvals_of_case")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sessions__isnull=False)
                | Q(amount__isnull=False)
                | Q(until__isnull=False),
                name="approval_grants_something",
            )
        ]

    def __str__(self) -> str:
        amount = formats().money(self.amount) if self.amount else "time"
        granted = f"{self.sessions} sessions" if self.sessions else amount
        return f"{granted} {self.number}".strip()

    @property
    def is_partial(self) -> bool:
        """Whether less was granted than was asked for."""
        return bool(self.asked_sessions and self.sessions and self.sessions < self.asked_sessions)

    @classmethod
    def grant(cls, case: PatientCase, *, by: Actor, **terms: Any) -> Approval:
        """Add a portion: `sessions`, `amount` or `until`, with what is known of the letter."""
        with transaction.atomic():
            case.held()  # the first portion takes the place of a limit that may be higher
            portion = cls(account_id=case.account_id, case=case, **terms)
            with told_when_full(case), recorded(portion, "granted", by=by):
                portion.save(force_insert=True)
        return portion

    @classmethod
    def raise_limit(cls, case: PatientCase, to: int, reason: str, *, by: Actor) -> Approval:
        """Let the case have `to` sessions, for a reason. Raises NotRaised where that is no more.

        Where there was no approval, the limit so far becomes the first one.
        """
        with transaction.atomic():
            held = case.held()
            limit = held.usage.limit
            if limit is None or to <= limit:
                raise NotRaised(f"“{case.name}” has {limit or 'no limit of'} sessions already.")
            return cls._add_to(held, "sessions", limit, to - limit, reason, by=by)

    @classmethod
    def raise_amount(cls, case: PatientCase, to: Decimal, reason: str, *, by: Actor) -> Approval:
        """Let `to` be invoiced in the case, for a reason; as `raise_limit`."""
        with transaction.atomic():
            held = case.held()
            amount = held.amount
            if amount is None or to <= amount.limit:
                has = formats().money(amount.limit) if amount else "no limit of an amount"
                raise NotRaised(f"“{case.name}” has {has} already.")
            return cls._add_to(held, "amount", amount.limit, to - amount.limit, reason, by=by)

    @classmethod
    def _add_to(
        cls, case: PatientCase, name: str, limit: Limit, more: Limit, reason: str, *, by: Actor
    ) -> Approval:
        """Grant so much `more` of the field of that name, over the limit so far."""
        if not case.approvals.live().filter(**{f"{name}__isnull": False}).exists():
            cls.grant(case, reason="The limit until then", by=by, **{name: limit})
        return cls.grant(case, reason=reason, by=by, **{name: more})

    def withdraw(self, *, by: Actor) -> None:
        """Take it out of the limit; the row is kept."""
        self._set_archived_at(timezone.now(), "withdrawn", by=by)

    def put_back(self, *, by: Actor) -> None:
        """Undo `withdraw`."""
        self._set_archived_at(None, "put back", by=by)

    def _set_archived_at(self, moment: datetime | None, verb: str, *, by: Actor) -> None:
        with transaction.atomic():
            self.case.held()  # nobody takes a session meanwhile by the limit that was
            with told_when_full(self.case), recorded(self, verb, by=by):
                self.archived_at = moment
                self.save(update_fields=["archived_at", "updated_at"])
