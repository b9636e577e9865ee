"""The demo practice: believable, within every limit, and the same every time."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.models import Sum

from casewell import demo
from casewell.accounts.models import Account, Membership
from casewell.accounts.roles import Role
from casewell.appointments.models import Attendee, Booking
from casewell.appointments.models.uncased import fitting_cases
from casewell.availability.hours import hours_at, with_hours
from casewell.cases.models import PatientCase
from casewell.cases.models.worklist import Lookout, Reason
from casewell.cases.usage import Status
from casewell.claims.models import Claim, State
from casewell.connections.models import ApprovedApp
from casewell.contacts.models import Contact
from casewell.demo.practices import NotEmpty
from casewell.invoices.models import Invoice
from casewell.lib.zones import at
from casewell.patients.models import Patient
from casewell.tenancy.scope import account_scope
from tests import database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker

A_SUNDAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Account]:
    """The demo as of a Sunday, in a database of its own; the large practice's account."""
    usual = connection.settings_dict["NAME"]
    name = f"demo_{usual}"
    with django_db_blocker.unblock():
        database.copy(name)
        database.use(name)
        try:
            demo.load(A_SUNDAY)
            account = Account.objects.get(slug="demo")
            with account_scope(account):
                yield account
        finally:
            database.use(usual)
            database.drop(name)


def test_there_are_the_people_and_places_of_a_real_practice(loaded: Account) -> None:
    doctors = Contact.objects.doctors()

    assert Patient.objects.count() == 400
    assert doctors.count() == 30
    assert doctors.values("company_name").distinct().count() == 20
    assert loaded.practitioners.values("designation").distinct().count() == 4
    assert loaded.practitioners.count() == 7
    assert {b.time_zone for b in loaded.businesses.all()} == {
        "Australia/Sydney",
        "Australia/Adelaide",
    }


def test_some_have_hours_of_their_own_with_a_break_and_one_works_at_two_places(
    loaded: Account,
) -> None:
    places = with_hours(loaded.practitioner_businesses.all(), A_SUNDAY, A_SUNDAY)
    hours = [hours_at(place) for place in places]
    own = [one for one in hours if one.week is not None]

    assert len(own) == 4
    assert max(Counter(one.practitioner.pk for one in hours).values()) == 2
    # who has hours of their own is there today, a Sunday, all the same
    assert sorted(len(one.clock_spans(A_SUNDAY)) for one in own) == [0, 2, 2, 2]


def test_two_doctors_of_one_name_are_at_two_practices(loaded: Account) -> None:
    places = {doctor.company_name for doctor in Contact.objects.matching("jane lee")}

    assert len(places) >= 2


def test_no_case_is_over_its_limit_and_positions_have_no_gaps(loaded: Account) -> None:
    cases = list(PatientCase.objects.with_usage())
    positions: dict[Any, list[int]] = {}
    for visit in Attendee.objects.exclude(case=None).with_position().in_order():
        if visit.position:
            positions.setdefault(visit.case_id, []).append(visit.position)

    assert len(cases) == 153  # three of them for classes
    assert [case.name for case in cases if case.usage.is_overused] == []
    assert all(found == list(range(1, len(found) + 1)) for found in positions.values())


def test_there_is_a_case_in_every_state(loaded: Account) -> None:
    words = Counter(case.status_on(A_SUNDAY) for case in PatientCase.objects.with_usage())

    assert set(words) == set(Status)


def test_there_is_a_case_in_the_worklist_for_every_reason(loaded: Account) -> None:
    noon = at(A_SUNDAY, time(12), loaded.zone)
    found = Lookout(loaded, noon).find()

    assert {why for reasons in found.asked for why in reasons} == set(Reason)
    assert loaded.programmes.count() == 2


def test_some_visits_lack_the_case_that_fits_them(loaded: Account) -> None:
    found = fitting_cases(loaded, at(A_SUNDAY, time(12), loaded.zone))

    numbers = Counter(len(fitting) for fitting in found.values())
    assert numbers[1] >= 3
    assert sum(numbers.values()) > numbers[1]


def test_even_a_sunday_has_its_day_in_both_businesses(loaded: Account) -> None:
    for business in loaded.businesses.all():
        held = Booking.objects.live().on_day(A_SUNDAY, business.zone).filter(business=business)
        assert held.count() > 15


def test_nobody_is_in_two_places_at_once(loaded: Account) -> None:
    held = Booking.objects.live().order_by("practitioner_id", "starts_at")
    rows = list(held.values_list("practitioner_id", "starts_at", "ends_at"))
    pairs = itertools.pairwise(rows)

    assert [(a, b) for a, b in pairs if a[0] == b[0] and b[1] < a[2]] == []


def test_the_next_class_is_full_and_two_wait_for_it(loaded: Account) -> None:
    classes = Booking.objects.filter(kind=Booking.Kind.GROUP).order_by("starts_at")
    coming = [one for one in classes if one.local_start.date() > A_SUNDAY]
    inside = [one.attendees.live().count() for one in coming]

    assert len(classes) > len(coming) == 8
    assert inside == [8, 5, 5, 5, 5, 5, 5, 5]
    assert [one.max_attendees for one in coming] == [8] * 8
    assert [one.candidates.waiting().count() for one in coming] == [2, *[0] * 7]


def test_ada_has_one_open_case_with_room(loaded: Account) -> None:
    [ada] = Patient.objects.matching("ada rossi")
    [knee] = ada.cases.with_usage()

    assert (knee.name, str(knee.usage)) == ("Left knee (GP plan)", "3 of 10")
    assert knee.status_on(A_SUNDAY) is Status.OPEN


def test_each_practice_has_its_own_people(loaded: Account) -> None:
    members = Counter(m.account.slug for m in Membership.objects.select_related("account"))

    assert members == {"demo": 3, "southside": 2, "empty": 2}


def test_it_is_loaded_only_where_no_practice_exists(loaded: Account) -> None:
    with pytest.raises(NotEmpty):
        demo.load()


def test_one_app_is_a_button_and_another_waits_for_its_approval(loaded: Account) -> None:
    [button] = loaded.connected_apps.shown_to(Role.RECEPTIONIST)
    approval = button.approval

    assert approval is not None
    opened = approval.launch_address(1).href
    assert opened == "https://hillside.stride.example.com/patients?patient_id=1"
    assert [app.name for app in ApprovedApp.objects.proposed()] == ["Clearview Imaging"]


def test_invoices_are_in_every_state_and_add_up(loaded: Account) -> None:
    invoices = list(Invoice.objects.with_balance().order_by("number"))
    states = Counter(invoice.state for invoice in invoices)
    overdue = Invoice.objects.overdue_on(A_SUNDAY).count()

    assert set(states) == {"open", "part-paid", "paid", "void", "credit"}
    assert min(*states.values(), overdue, loaded.draft_invoices.count()) >= 3
    assert [one.number for one in invoices] == list(range(1001, 1001 + len(invoices)))
    assert 600 < len(invoices) < 800
    assert [one for one in invoices if one.original_id is None and one.owed < 0] == []
    lines = loaded.invoice_items.values_list("invoice").annotate(total=Sum("total_amount"))
    assert dict(lines) == {one.pk: one.total_amount for one in invoices}
    assert loaded.payments.values("payment_type").distinct().count() >= 5


def test_some_referrers_were_written_to_and_some_letters_are_drafts(loaded: Account) -> None:
    letters = loaded.letters.select_related("case", "recipient")

    assert Counter(one.is_final for one in letters) == {True: 5, False: 3}
    assert all(one.recipient == one.case.contact for one in letters if one.case)
    assert loaded.communications.count() == 5


def test_there_are_claims_wherever_one_can_stand(loaded: Account) -> None:
    states = Counter(claim.state for claim in Claim.objects.with_state())

    assert {*states} == set(State) - {State.SENDING}
    paid = Claim.objects.in_state(State.PAID).values("steps__payment__amount", "steps__benefit")
    assert all(len(set(row.values())) == 1 for row in paid)
