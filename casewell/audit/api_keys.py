"""Keys to the API as somebody makes and revokes them, written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from casewell.accounts.models import ApiKey, Membership
from casewell.audit.models import recorded
from casewell.lib.errors import RuleViolation

if TYPE_CHECKING:
    from datetime import datetime

    from casewell.audit.actors import Actor

MOST = 20  # keys of one member that have not ended


class TooManyApiKeys(RuleViolation):
    """Nobody knows any more what so many keys are for."""

    code = "too_many_api_keys"


def issue(
    member: Membership, *, name: str = "", expires_at: datetime | None = None, by: Actor
) -> tuple[ApiKey, str]:
    """A new key of that member, and its only showing. Raises TooManyApiKeys."""
    with transaction.atomic():
        # The member's row is held, so that two at once cannot pass the limit.
        Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
        if member.api_keys.unended().count() >= MOST:
            raise TooManyApiKeys(f"{MOST} keys are in use already. Revoke one that nothing needs.")
        key, text = ApiKey.issue(member, name=name, expires_at=expires_at)
        with recorded(key, "made", by=by, before=ApiKey()):
            pass
    return key, text


def revoke(key: ApiKey, *, by: Actor) -> None:
    """End a key at once; one that was revoked before stays as it is."""
    with transaction.atomic():
        held = ApiKey.objects.select_for_update(of=("self",), no_key=True)
        key = held.select_related("membership").get(pk=key.pk)
        if key.revoked_at is None:
            with recorded(key, "revoked", by=by):
                key.revoke()
