"""Who may launch an app for a try, and with which test patients."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casewell.accounts.models import Account, Membership
from casewell.accounts.roles import Permission
from casewell.connections.faults import FAULTS, REPLAYED
from casewell.connections.trials import TEST_ACCOUNT, trial
from casewell.lib.demo_password import DEMO_SLUG
from casewell.tenancy.scope import account_scope
from casewell.web.requests import key_in
from casewell.web.trying import typed

if TYPE_CHECKING:
    from django.http import HttpRequest

    from casewell.connections.addresses import Address
    from casewell.connections.faults import Fault
    from casewell.connections.trials import Trial
    from casewell.patients.models import Patient

NOBODY = 1897443798099  # an id of January 2025, before there was any practice
FEW = 5
LATEST = "latest_trial"


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


def chosen_fault(request: HttpRequest) -> Fault | None:
    return FAULTS.get(typed(request, "fault"))


def is_signed(request: HttpRequest) -> bool:
    """Whether a token is wanted; a fault is one of a token."""
    return typed(request, "signed") == "yes" or chosen_fault(request) is not None


def trial_of(request: HttpRequest, who: Launcher | None, opened: Address) -> Trial:
    """What is sent to `opened`, as it was chosen; the former token where that is to come again."""
    account = {"account": who.account} if who else {}
    signed, fault = is_signed(request), chosen_fault(request)
    made = trial(opened, test_patient(request), is_signed=signed, fault=fault, **account)
    former = _former_token(request, opened) if fault is REPLAYED else ""
    return replace(made, token=former, is_again=True) if former else made


def latest_launch(request: HttpRequest) -> dict[str, Any] | None:
    """What this browser launched last: `at`, `lines`, and what is to be said of it."""
    found: dict[str, Any] | None = request.session.get(LATEST)
    return found


def keep_latest(request: HttpRequest, sent: Trial) -> None:
    """Keep what was launched, in the session; a right token too, to be sent once more."""
    told = {
        "at": timezone.now().isoformat(timespec="seconds"),
        "lines": sent.request_lines,
        "fault": sent.fault.name if sent.fault else "",
        "is_again": sent.is_again,
    }
    if sent.token and sent.fault in {None, REPLAYED}:
        told |= {"token": sent.token, "opened": sent.opened.href}
        told["until"] = json.loads(sent.claims)["exp"]
    request.session[LATEST] = told


def _former_token(request: HttpRequest, opened: Address) -> str:
    """That of the latest launch, if it was right, went there, and is not over."""
    kept = latest_launch(request) or {}
    fits = kept.get("opened") == opened.href and kept["until"] > time.time()
    return str(kept["token"]) if fits else ""
