"""Who may launch an app for a try, and with which test patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casewell.accounts.models import Account, Membership
from casewell.accounts.roles import Permission
from casewell.connections.trials import TEST_ACCOUNT
from casewell.lib.demo_password import DEMO_SLUG
from casewell.tenancy.scope import account_scope
from casewell.web.requests import key_in
from casewell.web.trying import typed

if TYPE_CHECKING:
    from django.http import HttpRequest

    from casewell.patients.models import Patient

NOBODY = 1897443798099  # an id of January 2025, before there was any practice
FEW = 5


@dataclass(frozen=True)
class Launcher:
    """An operator, or a member of the demo practice, whose patients are then there to choose."""

    demo: Account | None

    @property
    def account(self) -> str:
        """What the token names as the practice."""
        return str(self.demo.pk) if self.demo else TEST_ACCOUNT

    def patients(self) -> list[Patient]:
        """Some of the demo practice, which its API keys can read."""
        if not self.demo:
            return []
        with account_scope(self.demo):
            living = self.demo.patients.filter(archived_at=None)
            return list(living.order_by("last_name", "first_name", "id")[:FEW])


def launcher_of(request: HttpRequest) -> Launcher | None:
    """Whoever may launch what is only proposed; None for all others."""
    if not request.user.is_authenticated:
        return None
    user = request.user
    member = (
        Membership.objects.live()
        .filter(user=user, account__slug=DEMO_SLUG)
        .select_related("account")
        .first()
    )
    if member and member.may(Permission.SEE_PATIENTS):
        return Launcher(member.account)
    return Launcher(None) if user.is_operator else None


def test_patient(request: HttpRequest) -> int:
    """The id that was chosen, or one that nobody has."""
    return key_in(typed(request, "patient_id")) or NOBODY
