"""What no clinic sends: the character NUL, a case for a patient who is archived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.accounts.roles import Role
from casewell.cases.models import PatientCase
from tests.web.full_case import full, in_days

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


@pytest.mark.parametrize("door", ["closing", "raise", "adoption"])
def test_the_character_nul_is_refused_in_words_where_no_form_looks_for_it(
    northside: Practice, desk: Client, door: str
) -> None:
    northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR)
    case, _ = full(northside)
    extra = in_days(northside, 3)
    way = {"case": case.pk, "full_case": case.pk, "way": "raise", "raise_to": "4"}
    address, body = {
        "closing": (f"cases/{case.pk}/closing", {"reason": "a\0b"}),
        "raise": (f"bookings/{extra.booking_id}/case", way | {"raise_reason": "a\0b"}),
        "adoption": ("settings/programmes/adoption", {"code": "a\0b"}),
    }[door]

    answer = desk.post(f"/northside/{address}", body)

    assert answer.status_code == 400
    assert "This request could not be read" in answer.content.decode()
    kept = PatientCase.objects.get(pk=case.pk)
    assert (kept.closed_at, str(kept.usage)) == (None, "3 of 3")


@pytest.mark.parametrize("way", ["get", "post"])
def test_a_patient_who_is_archived_gets_no_new_case(
    northside: Practice, desk: Client, way: str
) -> None:
    northside.ada.archive(by=northside.by)
    address = f"/northside/patients/{northside.ada.pk}/cases/new"

    answer = getattr(desk, way)(address, {"name": "Knee", "limit_kind": "none"})

    assert answer.status_code == 422
    assert "Ada Rossi is archived: restore the patient" in answer.content.decode()
    assert not northside.account.patient_cases.exists()
