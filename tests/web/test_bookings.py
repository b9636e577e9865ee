"""What the booking panel does, through its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.test import Client

from casewell.appointments.models import Attendee

if TYPE_CHECKING:
    from tests.world import Practice


def test_saving_no_case_takes_the_visit_out_of_its_case(northside: Practice) -> None:
    visit, client = northside.attend(northside.case()), Client()
    client.force_login(northside.member.user, "allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(f"/northside/bookings/{visit.booking_id}/case", {"case": "none"})

    assert answer.status_code == 302
    assert Attendee.objects.get(pk=visit.pk).case is None
