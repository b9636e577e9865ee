"""An invitation and its link, as the invited person meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.test import Client

from casewell.accounts.models import Invitation
from casewell.accounts.roles import Role
from casewell.audit.members import invite

if TYPE_CHECKING:
    from tests.world import Practice

NEW: dict[str, Any] = {
    "first_name": "Nia",
    "last_name": "Cole",
    "password": "four plain words here",
    "again": "four plain words here",
}


def invited(practice: Practice, email: str = "nia@example.org", **values: Any) -> tuple[Any, str]:
    values = {"role": Role.SCHEDULER, "invited_by": practice.member.user} | values
    one = Invitation(account=practice.account, email=email, **values)
    return one, invite(one, by=practice.by)


def opened(token: str, client: Client | None = None, **form: Any) -> Any:
    client = client or Client(SERVER_NAME="localhost")
    address = f"/sign-up/invitation/{token}"
    return client.post(address, form) if form else client.get(address)
