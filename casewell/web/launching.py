"""The connected apps that a page offers, and the content policy that lets a launch pass.

Source: docs/domain.md#connected-patient-apps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.accounts.roles import Permission, Role
from casewell.tenancy.scope import NoAccountScope

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.accounts.models import Membership
    from casewell.connections.models import ConnectedApp
    from casewell.web.requests import PracticeRequest

KEPT = "_connected_apps"


def offered_apps(request: PracticeRequest) -> list[ConnectedApp]:
    """What the member may open a patient in now, in the clinic's order; asked once a request.

    None on the page of a refusal, which is drawn when the practice has been left.
    """
    if not hasattr(request, KEPT):
        try:
            setattr(request, KEPT, _shown_to(request.member))
        except NoAccountScope:
            return []
    found: list[ConnectedApp] = getattr(request, KEPT)
    return found


def _shown_to(member: Membership) -> list[ConnectedApp]:
    may = member.may(Permission.SEE_PATIENTS)
    return member.account.connected_apps.shown_to(Role(member.role)) if may else []


def origins_of(request: PracticeRequest) -> list[str]:
    """The origins to which a launch from this page may lead."""
    approvals = [app.approval for app in offered_apps(request)]
    return sorted({one.address.origin for one in approvals if one})


def let_launches_pass(request: PracticeRequest, response: HttpResponse) -> None:
    """Name the apps in the page's `form-action`: browsers ask it of a form's redirect as well.

    Of a page that htmx fetches into another, browsers ignore the policy.
    """
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if is_page and response.status_code in (200, 422) and not request.headers.get("HX-Request"):
        response._csp_update = {"form-action": origins_of(request)}  # type: ignore[attr-defined]
