"""The requests that views are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from casewell.accounts.models import Account, Membership, User
    from casewell.audit.actors import Actor


class PracticeRequest(HttpRequest):
    """A member's request inside a practice: whose rows, and who acts."""

    account: Account
    member: Membership
    actor: Actor
    user: User
    htmx: HtmxDetails
