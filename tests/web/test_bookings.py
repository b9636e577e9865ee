"""What the booking panel does, through its forms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casewell.accounts.roles import Role
from casewell.appointments.models import Attendee

if TYPE_CHECKING:
    from tests.world import Practice


def test_saving_no_case_takes_the_visit_out_of_its_case(northside: Practice) -> None:
    visit, client = northside.attend(northside.case()), Client()
    client.force_login(northside.member.user, "casewell.accounts.backend.SignInBackend")

    answer = client.post(f"/northside/bookings/{visit.booking_id}/case", {"case": "none"})

    assert answer.status_code == 302
    assert Attendee.objects.get(pk=visit.pk).case is None


def test_times_are_those_of_the_business_not_of_the_server(northside: Practice) -> None:
    morning = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)  # Tuesday 8:30 in Sydney
    visit, client = northside.attend(northside.case(), at=morning), Client()
    client.force_login(northside.member.user, "casewell.accounts.backend.SignInBackend")

    pages = [
        f"bookings/{visit.booking_id}",
        f"patients/{visit.patient_id}",
        f"cases/{visit.case_id}",
    ]

    for page in pages:
        shown = client.get(f"/northside/{page}").content.decode()
        assert "Tue 3 Mar 2026" in shown
        assert "8:30" in shown


@pytest.mark.parametrize(
    "made", [{"case": "new", "case_new-name": "Knee"}, {"new_patient": "yes"}, {"letters": "x"}]
)
def test_who_may_only_book_makes_no_patient_case_or_file_on_the_way(
    northside: Practice, desk: Client, made: dict[str, Any]
) -> None:
    northside.account.memberships.update(role=Role.SCHEDULER)
    if "letters" in made:
        made = {"letters": SimpleUploadedFile("letter.txt", b"Dear colleague")}
    sent = {"patient": northside.ada.pk, "patient_new-first_name": "Eva", **made}

    answer = desk.post("/northside/bookings/new", sent)

    assert answer.status_code == 403
    assert northside.account.patients.count() == 1
    assert not northside.account.patient_cases.exists()
    assert not northside.account.patient_attachments.exists()
