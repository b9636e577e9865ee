"""What becomes of a claim, on its page: lodged, paid, taken back, rejected; and in histories."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from casewell.accounts.roles import Role
from casewell.claims.lodging import lodge
from casewell.claims.models import Claim, State, take_back
from casewell.claims.particulars import Kind
from tests.web.pages import SLUG, text_of
from tests.web.test_claims import address, state_of
from tests.world import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.claims.veteran import Veteran

pytestmark = pytest.mark.usefixtures("at_noon")


def test_a_claim_is_lodged_downloaded_paid_and_its_invoice_owes_the_gap(
    vic: Veteran, desk: Client
) -> None:
    claim = vic.claim()

    lodged = desk.post(address(claim), claim.texts | {"act": "lodge"})
    page = desk.get(address(claim))
    lodgement = claim.steps.get().lodgement
    assert lodgement is not None
    file = desk.get(f"{SLUG}/lodgements/{lodgement.pk}")
    too_much = desk.post(f"{address(claim)}/benefit", {"benefit": "99", "paid_on": "2026-03-04"})
    paid = desk.post(f"{address(claim)}/benefit", {"benefit": "70", "paid_on": "2026-03-04"})

    assert [lodged.status_code, paid.status_code, too_much.status_code] == [302, 302, 422]
    assert "owes 80.50" in text_of(too_much)
    assert "claim-form" not in page.content.decode().split("<main")[1].split("<form")[-1]
    assert file.content.decode() == lodgement.document
    assert file.headers["Content-Disposition"] == f'attachment; filename="{lodgement.filename}"'
    assert claim.attendee.invoices.get().balance == Decimal("10.50")
    assert "Benefit $70.00" in text_of(desk.get(address(claim)))


def test_a_benefit_that_is_taken_back_is_seen_on_the_claim_which_waits_for_it_again(
    vic: Veteran, desk: Client
) -> None:
    vic.practice.account.admit(vic.practice.member.user, role=Role.POWER_RECEPTIONIST)
    claim = vic.claim()
    lodge([claim], by=vic.practice.by)
    payment = claim.pay(Decimal("70.00"), date(2026, 3, 3), by=vic.practice.by)
    assert payment is not None

    taken = desk.post(f"{SLUG}/payments/{payment.pk}/reversal")
    page = text_of(desk.get(address(claim)))

    assert taken.status_code == 302
    assert state_of(claim) == State.LODGED
    assert "lodged" in page.split("What became of it")[0]
    assert "The payment of its benefit was taken back." in page
    assert "Write down what was paid" in page


def test_the_history_of_case_and_patient_tells_what_became_of_a_claim(
    vic: Veteran, desk: Client
) -> None:
    claim = vic.claim()
    claim.write(claim.texts | {"item_number": "PH20"}, by=vic.practice.by)
    claim.refill(Kind.DVA, by=vic.practice.by)
    lodge([claim], by=vic.practice.by)
    payment = claim.pay(Decimal("70.00"), date(2026, 3, 3), by=vic.practice.by)
    assert payment is not None
    take_back(payment, date(2026, 3, 3), by=vic.practice.by)
    again = Claim.objects.get(pk=claim.pk)
    again.reject("Not an entitled person", by=vic.practice.by)
    patient = f"{SLUG}/patients/{vic.patient.pk}/history"

    told = text_of(desk.get(f"{patient}?of=claims"))

    acts = [
        "rejected the claim Reason Not an entitled person",
        "took back the benefit of the claim Reason The payment of its benefit was taken back.",
        "wrote down the benefit of the claim Benefit 70.00",
        "lodged the claim Lodgement claims-2026-03-03-",
        "filled in the claim anew Item number PH20 PH30",
        "changed the claim Item number PH30 PH20",
        "prepared the claim",
    ]
    places = [told.find(f"Rita Desk {act}") for act in acts]
    assert -1 not in places, dict(zip(acts, places, strict=True))
    assert places == sorted(places)
    assert f'href="{address(claim)}"' in desk.get(patient).content.decode()
    assert acts[0] in text_of(desk.get(f"{SLUG}/cases/{vic.case.pk}/history"))

    vic.practice.account.admit(vic.practice.member.user, role=Role.SCHEDULER)
    inside = signed_in(vic.practice.member)
    for page in (patient, f"{patient}?of=claims", f"{SLUG}/cases/{vic.case.pk}/history"):
        hidden = text_of(inside.get(page))
        assert "the claim" not in hidden
        assert "the invoice" not in hidden


def test_a_rejected_claim_shows_why_and_can_be_lodged_again_and_a_lodged_one_not_changed(
    vic: Veteran, desk: Client
) -> None:
    claim = vic.claim()
    lodge([claim], by=vic.practice.by)

    changed = desk.post(address(claim), claim.texts | {"fee": "1"})
    thrown = desk.post(f"{address(claim)}/discarding")
    unsaid = desk.post(f"{address(claim)}/rejection", {"reason": ""})
    desk.post(f"{address(claim)}/rejection", {"reason": "Not an entitled person"})
    page = text_of(desk.get(address(claim)))

    assert [changed.status_code, thrown.status_code, unsaid.status_code] == [422, 422, 422]
    assert "Not an entitled person" in page
    assert "What was lodged last" in page
    assert "Lodge again" in page
    desk.post(f"{address(claim)}/filling", {"kind": "medicare"})
    assert Claim.objects.get(pk=claim.pk).kind == "medicare"
