"""The link in a reminder: signed, for one visit at one time, and good for nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer
from django.utils.http import base36_to_int, int_to_base36

from casewell.lib.full_address import full_address
from casewell.reminders.fields import Links

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee

SIGNER = Signer(salt="casewell.reminders.links", sep=".")
PARTS = 3


@dataclass(frozen=True)
class VisitAt:
    """What a link names: a patient's visit, and when it was to be."""

    account_id: int
    visit_id: int
    starts_at: datetime

    def signed(self) -> str:
        """As it stands in an address."""
        second = int(self.starts_at.timestamp())
        words = map(int_to_base36, (self.account_id, self.visit_id, second))
        return SIGNER.sign("-".join(words))


def read(token: str) -> VisitAt | None:
    """What a link names; None for what we never signed."""
    try:
        parts = SIGNER.unsign(token).split("-")
    except BadSignature:
        return None
    if len(parts) != PARTS:
        return None
    account, visit, second = map(base36_to_int, parts)
    return VisitAt(account, visit, datetime.fromtimestamp(second, UTC))


def links_of(visit: Attendee) -> Links:
    """The addresses for a visit at the time that it has now."""
    token = VisitAt(visit.account_id, visit.pk, visit.booking.starts_at).signed()
    return Links(full_address("visit-link", token), full_address("visit-reminders", token))
