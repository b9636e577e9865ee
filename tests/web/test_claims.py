"""The pages of claims: filled in, lists, who sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casewell.accounts.roles import Role
from casewell.claims.lodging import lodge
from casewell.claims.models import Claim, State
from tests.web.pages import SLUG, text_of
from tests.web.test_pages import statements_of
from tests.world import NOON, signed_in

if TYPE_CHECKING:
    from typing import Any

    from django.test import Client

    from tests.claims.veteran import Veteran
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
AFTER = NOON + timedelta(days=1)


def address(claim: Claim) -> str:
    return f"{SLUG}/claims/{claim.pk}"


def state_of(claim: Claim) -> State:
    return Claim.objects.get(pk=claim.pk).state


def values_of(answer: Any) -> dict[str, tuple[str, str, str]]:
    """Each value of the page by its label: the value, where it came from, and the link there."""
    parts = answer.content.decode().split('<div class="field claim-value"')[1:]
    found = {}
    for part in parts:
        label = re.search(r"<label[^>]*>(.*?)</label>", part)
        value = re.search(r'<input[^>]* value="([^"]*)"', part)
        origin = re.search(r'claim-value__origin">(?:<a href="([^"]*)">)?([^<]*)', part)
        assert label is not None
        assert origin is not None
        found[label[1]] = (value[1] if value else "", origin[2], origin[1] or "")
    return found


def test_a_visit_is_claimed_with_one_click_and_each_value_says_where_it_came_from(
    vic: Veteran, desk: Client
) -> None:
    visit = vic.visit()
    vic.invoice(visit)

    made = desk.post(f"{SLUG}/visits/{visit.pk}/claim")
    page = desk.get(made.headers["Location"])

    claim = vic.practice.account.claims.get()
    assert made.headers["Location"] == address(claim)
    patient, case = f"{SLUG}/patients/{vic.patient.pk}", f"{SLUG}/cases/{vic.case.pk}"
    said = values_of(page)
    assert said["DVA file number"] == ("NX123456", "from the patient", patient)
    assert said["Issue date"] == ("2026-02-01", "from the case", case)
    referrer = f"{SLUG}/contacts/{vic.doctor.pk}"
    assert said["Referring provider number"] == ("2409661B", "from the referrer", referrer)
    assert said["Provider number"] == ("2429591L", "from the practitioner", "")
    booking = f"{SLUG}/bookings/{visit.booking_id}"
    assert said["Time of service"] == ("12:00", "from the appointment", booking)
    assert said["Item number"][:2] == ("PH30", "from the invoice")
    assert said["Fee"][:2] == ("80.50", "from the invoice")
    assert "Nothing speaks against lodging it." in text_of(page)
    assert "No gateway to Medicare or DVA is connected" in text_of(page)


def test_what_is_typed_is_saved_and_a_claim_with_a_fault_is_not_lodged(
    vic: Veteran, desk: Client
) -> None:
    claim = vic.claim()
    typed = claim.texts | {"dva_file_number": "12", "fee": "75"}

    saved = desk.post(address(claim), typed | {"act": "save"})
    refused = desk.post(address(claim), typed | {"fee": "", "act": "lodge"})

    assert saved.status_code == 302
    kept = Claim.objects.get(pk=claim.pk)
    assert [kept.texts["fee"], kept.values["fee"].source] == ["75.00", "typed"]
    assert (refused.status_code, kept.state) == (422, State.DRAFT)
    assert "Vic Tran: A DVA file number is like NX123456 or QSM12345. Fee is missing." in text_of(
        refused
    )
    nonsense = desk.post(address(claim), typed | {"service_date": "soon", "fee": "-1"})
    assert nonsense.status_code == 422
    assert Claim.objects.get(pk=claim.pk).texts == kept.texts


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(
    vic: Veteran, desk: Client
) -> None:
    claim = vic.claim()
    seen = claim.texts | {"seen": (claim.updated_at - timedelta(seconds=1)).isoformat()}

    first = desk.post(address(claim), seen | {"fee": "1"})
    again = re.search(r'name="seen" value="([^"]*)"', first.content.decode())

    assert first.status_code == 422
    assert "Somebody changed this claim meanwhile" in text_of(first)
    assert again is not None
    second = desk.post(address(claim), seen | {"fee": "1", "seen": again[1]})
    assert second.status_code == 302


def test_a_draft_is_thrown_away_and_the_list_shows_claims_by_where_they_stand(
    vic: Veteran, desk: Client
) -> None:
    empty = text_of(desk.get(f"{SLUG}/claims"))
    draft, lodged = vic.claim(7), vic.claim()
    lodge([lodged], by=vic.practice.by)

    def visits(query: str) -> list[str]:
        shown = desk.get(f"{SLUG}/claims{query}").content.decode()
        return re.findall(rf'href="{SLUG}/claims/(\d+)"', shown)

    assert "No claims yet" in empty
    assert visits("") == [str(lodged.pk), str(draft.pk)]
    assert text_of(desk.get(f"{SLUG}/claims")).count("$80.50") == 2
    assert visits("?state=draft&kind=dva") == [str(draft.pk)]
    assert [visits("?state=paid"), visits("?kind=medicare")] == [[], []]
    assert visits("?state=nonsense&kind=nonsense") == [str(lodged.pk), str(draft.pk)]
    desk.post(f"{address(draft)}/discarding")
    assert visits("") == [str(lodged.pk)]


def test_all_visits_of_a_case_are_prepared_and_the_ready_ones_lodged_into_one_file(
    vic: Veteran, desk: Client
) -> None:
    visits = [vic.visit(days) for days in (21, 14, 7)]
    vic.practice.attend(vic.case, AFTER)
    vic.practice.attend(vic.case, NOON - timedelta(days=1), did_not_arrive=True)
    for visit in visits:
        vic.invoice(visit)
    page = f"{SLUG}/cases/{vic.case.pk}/claims"

    first = desk.get(page).content.decode()
    assert re.findall(r'name="visit" value="(\d+)"', first) == [str(one.pk) for one in visits]
    none = desk.post(page, {"act": "prepare"})
    desk.post(page, {"act": "prepare", "visit": [visit.pk for visit in visits]})
    wrong = vic.practice.account.claims.get(attendee=visits[2])
    wrong.write(wrong.texts | {"item_number": ""}, by=vic.practice.by)
    prepared = desk.get(page)
    ready = re.findall(r'name="claim" value="(\d+)"', prepared.content.decode())
    lodged = desk.post(page, {"act": "lodge", "claim": ready})
    again = desk.post(page, {"act": "lodge", "claim": ready})

    assert [none.status_code, lodged.status_code, again.status_code] == [422, 302, 422]
    assert "2 claims of this case are ready" in text_of(prepared)
    assert "Item number is missing." in text_of(prepared)
    assert vic.practice.account.lodgements.get().document.count("\r\n") == 3
    assert [state_of(one) for one in Claim.objects.order_by("id")] == [
        *(State.LODGED, State.LODGED, State.DRAFT)
    ]


def test_pages_take_few_statements_however_many_rows_there_are(vic: Veteran, desk: Client) -> None:
    claim = vic.claim(1)
    lists = (f"{SLUG}/claims", f"{SLUG}/cases/{vic.case.pk}/claims")
    desk.get(lists[0])  # the first visit notes the session
    one_row = [statements_of(desk, page) for page in lists]
    for days in (2, 3, 4):
        lodge([vic.claim(days)], by=vic.practice.by)

    assert one_row == [statements_of(desk, page) for page in lists] == [5, 6]
    assert statements_of(desk, address(claim)) == 8
    assert statements_of(desk, f"{SLUG}/visits/{claim.attendee_id}/terminal") == 8


def test_an_invoice_and_an_appointment_lead_to_the_claim_of_their_visit(
    vic: Veteran, desk: Client
) -> None:
    visit = vic.visit()
    invoice = vic.invoice(visit)
    claim, sheets = f"{SLUG}/visits/{visit.pk}/claim", f"{SLUG}/visits/{visit.pk}/terminal"

    for page in (f"{SLUG}/invoices/{invoice.pk}", f"{SLUG}/bookings/{visit.booking_id}"):
        shown = desk.get(page).content.decode()
        assert [f'action="{claim}"' in shown, f'href="{sheets}"' in shown] == [True, True]
    invoice.void("wrong", by=vic.practice.by)
    assert claim not in desk.get(f"{SLUG}/invoices/{invoice.pk}").content.decode()


def test_schedulers_see_no_claims_and_nobody_sees_another_practices(
    vic: Veteran, elsewhere: Practice
) -> None:
    claim = vic.claim()
    vic.practice.account.admit(vic.practice.member.user, role=Role.SCHEDULER)

    inside = signed_in(vic.practice.member).get(address(claim))
    outside = signed_in(elsewhere.member).get(f"/elsewhere/claims/{claim.pk}")

    assert [inside.status_code, outside.status_code] == [403, 404]
