"""The list of appointments as a browser reads it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from casewell.patients.models import Patient
    from tests.world import Practice

LIST = "/northside/appointments"
HOUR = timedelta(hours=1)


def found(admin: Client, query: str) -> list[str]:
    """The last names of the patients in the list, in its order."""
    shown = admin.get(f"{LIST}?{query}").content.decode()
    return re.findall(r"<bdi>(\w+), \w+</bdi>", shown.split('id="appointments"')[1])


def person(northside: Practice, last_name: str) -> Patient:
    return northside.patient(first_name="Ben", last_name=last_name)
