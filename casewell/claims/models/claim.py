"""A claim: what is asked of Medicare or DVA for one visit, and each step that it took."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models, transaction
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from casewell.appointments.models import Attendee
from casewell.audit.models import record_change, recorded
from casewell.claims import particulars
from casewell.claims.checks import Known, amount_of, faults_of
from casewell.claims.models.errors import ClaimLacks, ClaimStands, NotClaimable
from casewell.claims.particulars import Kind
from casewell.claims.prefill import RELATED, prefilled
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.locking import one_held
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from casewell.audit.actors import Actor
    from casewell.claims.checks import Fault
    from casewell.claims.models.step import ClaimStep
    from casewell.claims.particulars import Values
    from casewell.invoices.models import Payment


class State(models.TextChoices):
    """Where a claim stands: what its last step made of it."""

    DRAFT = "draft", "Draft"
    SENDING = "sending", "Sending"
    LODGED = "lodged", "Lodged"
    PAID = "paid", "Paid"
    REJECTED = "rejected", "Rejected"


OPEN_TO_CHANGE = (State.DRAFT, State.REJECTED)


class ClaimQuerySet(TenantQuerySet["Claim"]):
    def with_state(self) -> Self:
        """Annotate `state_code`, which the last step says."""
        steps = self.model._meta.get_field("steps").related_model.objects  # type: ignore[union-attr]
        last = steps.filter(claim=OuterRef("pk")).order_by("-number").values("state")[:1]
        draft = Value(State.DRAFT.value, output_field=models.CharField())
        return self.annotate(state_code=Coalesce(Subquery(last), draft))

    def in_state(self, *states: State) -> Self:
        return self.with_state().filter(state_code__in=states)

    def with_all(self) -> Self:
        """With what a claim is held against and drawn with."""
        return self.select_related("patient", *(f"attendee__{name}" for name in RELATED))


ClaimManager = TenantManager.from_queryset(ClaimQuerySet)


class Claim(TenantModel):
    """One visit's claim. `particulars` are what it says now; what was lodged is in its steps.

    A visit has one claim: after a rejection it is mended and lodged again.
    """

    account = AccountField(related_name="claims")
    kind = models.CharField(max_length=10, choices=[(kind, kind.label) for kind in Kind])
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="claims")
    attendee = TenantForeignKey(
        Attendee, models.PROTECT, related_name="claims", together=("patient",)
    )
    particulars = models.JSONField(default=dict)

    objects: ClassVar[ClaimManager] = ClaimManager()  # type: ignore[type-arg]

    state_code: str  # only on claims of `with_state()`; `state` is always there

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="claims_of_patient")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "attendee"], name="visit_claimed_once")
        ]

    def __str__(self) -> str:
        return f"{self.claims_from} claim"

    @property
    def claims_from(self) -> str:
        return Kind(self.kind).label

    @property
    def state(self) -> State:
        if not hasattr(self, "state_code"):
            last = self.steps.order_by("-number").first()
            self.state_code = last.state if last else State.DRAFT
        return State(self.state_code)

    @property
    def values(self) -> Values:
        return particulars.read(self.particulars)

    @property
    def texts(self) -> dict[str, str]:
        return particulars.texts_of(self.values)

    @property
    def fee(self) -> Decimal | None:
        """What is claimed, where it is an amount."""
        return amount_of(self.texts.get("fee", ""))

    @property
    def can_be_changed(self) -> bool:
        return self.state in OPEN_TO_CHANGE

    def faults(self) -> list[Fault]:
        """What speaks against lodging it today."""
        case = self.attendee.case
        today = self.attendee.booking.business.today()
        known = Known(today, case.expires_on if case else None)
        return faults_of(Kind(self.kind), self.texts, known)

    @classmethod
    def of_visit(cls, visit: Attendee, kind: Kind | None = None, *, by: Actor) -> Claim:
        """The visit's claim, made and filled in where there was none.

        Raises NotClaimable for a visit that nobody came to.
        """
        with transaction.atomic():
            visit.hold()
            kept = cls.objects.filter(attendee=visit).first()
            if kept is not None:
                return kept
            whole = Attendee.objects.select_related(*RELATED).get(pk=visit.pk)
            refuse_unless_claimable(whole)
            chosen = kind or kind_for(whole)
            claim = cls(
                account_id=whole.account_id,
                kind=chosen,
                patient=whole.patient,
                attendee=whole,
                particulars=particulars.written(prefilled(chosen, whole)),
            )
            with recorded(claim, "created", by=by):
                claim.save(force_insert=True)
        return claim

    def held(self) -> Claim:
        """This claim, read anew and locked to the end of the transaction."""
        rows = type(self).objects.select_for_update(of=("self",), no_key=True)
        return one_held(rows.with_all(), self.pk)

    def write(self, texts: Mapping[str, str], *, by: Actor) -> None:
        """Say what the form says. Raises ClaimStands where it was lodged meanwhile."""
        with transaction.atomic():
            held = self._open()
            with recorded(held, "edited", by=by):
                held._keep(particulars.typed_over(held.values, texts))
        self.particulars = held.particulars

    def refill(self, kind: Kind, *, by: Actor) -> None:
        """Take all values anew from the records, for that kind of claim. Raises ClaimStands."""
        with transaction.atomic():
            held = self._open()
            with recorded(held, "filled in again", by=by):
                held.kind = kind
                held._keep(prefilled(kind, held.attendee))
        self.kind, self.particulars = kind, held.particulars

    def discard(self, *, by: Actor) -> None:
        """Throw a draft away. Raises ClaimStands for one that was lodged once."""
        with transaction.atomic():
            held = self.held()
            if held.steps.exists():
                raise ClaimStands("What was lodged once is kept.")
            held.delete()
            record_change(held, "discarded", {"particulars": [held.particulars, None]}, by=by)

    def refuse_unless_lodgeable(self) -> None:
        """Raise ClaimStands, NotClaimable or ClaimLacks where it cannot be lodged."""
        self.refuse_unless_open()
        refuse_unless_claimable(self.attendee)
        if self.attendee.booking.starts_at > timezone.now():
            raise NotClaimable(f"{self.attendee.in_words} is still to come.")
        stopping = [fault.sentence for fault in self.faults() if fault.stops]
        if stopping:
            raise ClaimLacks(f"{self.patient}: {' '.join(stopping)}")

    def refuse_unless_open(self) -> None:
        """Raise ClaimStands unless it can still be changed."""
        if not self.can_be_changed:
            raise ClaimStands(f"This claim is {self.state.label.lower()}: it is no longer changed.")

    def pay(
        self, benefit: Decimal, paid_on: date, *, reference: str = "", by: Actor
    ) -> Payment | None:
        """`settling.pay`: what came for it, written onto the visit's invoice."""
        from casewell.claims.models.settling import pay

        return pay(self, benefit, paid_on, reference=reference, by=by)

    def reject(self, reason: str, *, by: Actor) -> ClaimStep:
        """`settling.reject`: it is refused, and can be mended and lodged again."""
        from casewell.claims.models.settling import reject

        return reject(self, reason, by=by)

    def _open(self) -> Claim:
        held = self.held()
        held.refuse_unless_open()
        return held

    def _keep(self, values: Values) -> None:
        self.particulars = particulars.written(values)
        self.save(update_fields=["kind", "particulars", "updated_at"])


def kind_for(visit: Attendee) -> Kind:
    """Whom the visit's case is claimed from; Medicare where it does not say."""
    referred = visit.case.referral_type if visit.case else ""
    if not referred and visit.case and visit.case.programme:
        referred = visit.case.programme.referral_type
    return Kind.DVA if referred == Kind.DVA else Kind.MEDICARE


def refuse_unless_claimable(visit: Attendee) -> None:
    """Raise NotClaimable for a visit that is cancelled, archived or that nobody came to."""
    if visit.cancelled_at or visit.archived_at or visit.did_not_arrive:
        raise NotClaimable(f"This visit is not claimed: {visit.state}.")
