"""The page of a patient's appointments beside a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.pages import SLUG

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase


def page_of(case: PatientCase) -> str:
    return f"{SLUG}/cases/{case.pk}/appointments"


def keys(*visits: Attendee) -> str:
    return ",".join(str(visit.pk) for visit in visits)
