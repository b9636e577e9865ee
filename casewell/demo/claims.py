"""The demo's claims: paid, lodged, rejected and drafts, of the latest visits that are invoiced."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F

from casewell.appointments.models import Attendee
from casewell.claims import particulars
from casewell.claims.gateways import FileGateway
from casewell.claims.models import Claim, ClaimStep, Lodgement, State, kind_for
from casewell.claims.particulars import Kind
from casewell.claims.prefill import RELATED, prefilled
from casewell.invoices.models import Payment
from casewell.patients.models import Patient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.demo.people import World

BEHIND = 14  # days
MOST = 18
DRAFTED, REJECTED = 3, 4  # one in so many of those that nobody has paid yet
REASONS = ("The item is not payable to this provider", "The patient could not be identified")
FIRST_FILE = 104_000


def give_file_numbers(world: World) -> None:
    """A DVA file number for each patient with a cycle, so that it can be claimed."""
    cases = world.account.patient_cases.filter(referral_type=Kind.DVA)
    veterans = list(Patient.objects.filter(pk__in=cases.values("patient")).order_by("id"))
    for number, patient in enumerate(veterans):
        patient.dva_card_number = f"NX{FIRST_FILE + 37 * number}"
        patient.dva_card_colour = Patient.DvaCardColour.GOLD
    Patient.objects.bulk_update(veterans, ["dva_card_number", "dva_card_colour"])


def make_claims(world: World) -> None:
    """Of the latest invoiced visits that Medicare or DVA pays for; the last ones still wait."""
    give_file_numbers(world)
    since = world.today - timedelta(days=BEHIND)
    charged = world.account.invoices.standing().filter(
        original=None,
        issue_date__gte=since,
        attendee__case__referral_type__in=list(Kind),
    )
    keys = list(charged.order_by("-number").values_list("attendee", flat=True)[:MOST])
    # Not by joins: of rows that were just added nothing is known, and the guess takes minutes.
    visits = Attendee.objects.filter(pk__in=keys).prefetch_related(*RELATED)
    in_order = sorted(visits, key=lambda visit: (visit.booking.starts_at, visit.pk))
    made = [_claim(visit) for visit in in_order]
    Claim.objects.bulk_create(made)
    paid = _benefits(keys)
    lodged = [claim for n, claim in enumerate(made, 1) if _is_lodged(claim, n, paid)]
    files = [_file(claim) for claim in lodged]
    Lodgement.objects.bulk_create(files)
    steps = zip(lodged, files, strict=True)
    ClaimStep.objects.bulk_create(
        [step for n, (one, file) in enumerate(steps) for step in _steps(one, file, n, paid)]
    )


def _claim(visit: Attendee) -> Claim:
    kind = kind_for(visit)
    said = particulars.written(prefilled(kind, visit))
    return Claim(kind=kind, patient=visit.patient, attendee=visit, particulars=said)


def _benefits(visits: list[int]) -> dict[int, Payment]:
    """What Medicare and DVA have paid by now, by the visit."""
    found = Payment.objects.filter(
        allocations__invoice__attendee__in=visits,
        payment_type__name__in=[kind.label for kind in Kind],
    )
    named = found.annotate(visit=F("allocations__invoice__attendee"))
    return {payment.visit: payment for payment in named}


def _is_lodged(claim: Claim, number: int, paid: dict[int, Payment]) -> bool:
    """All that is paid; of the rest most, where nothing stops them."""
    if any(fault.stops for fault in claim.faults()):
        return False
    return claim.attendee_id in paid or number % DRAFTED != 0


def _file(claim: Claim) -> Lodgement:
    gateway = FileGateway()
    lodgement = Lodgement(gateway=gateway.name)
    document = gateway.document([claim], lodgement.pk)
    lodgement.filename, lodgement.media_type = document.filename, document.media_type
    lodgement.document = document.text
    return lodgement


def _steps(
    claim: Claim, file: Lodgement, number: int, paid: dict[int, Payment]
) -> Iterator[ClaimStep]:
    """Lodged; then paid, rejected, or nothing yet."""
    said = claim.particulars
    yield _step(claim, 1, State.LODGED, lodgement=file, particulars=said)
    payment = paid.get(claim.attendee_id)
    if payment:
        yield _step(claim, 2, State.PAID, benefit=payment.amount, payment=payment)
    elif not number % REJECTED:
        yield _step(claim, 2, State.REJECTED, reason=REASONS[number % len(REASONS)])


def _step(claim: Claim, number: int, state: State, **said: Any) -> ClaimStep:
    return ClaimStep(claim=claim, number=number, state=state, said_by="Demo", **said)
