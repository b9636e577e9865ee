"""The e-mail to a practice's administrators about a webhook that was switched off by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.audit.mail import send_later
from casewell.lib.full_address import full_address

if TYPE_CHECKING:
    from casewell.events.models import WebhookEndpoint

WORDS = """The webhook “{name}” of {practice} was switched off. {reason}

It called {url}. What happens while it is off is not kept for that software. Once the software
can be reached again, switch the webhook on: {page}
"""


def tell_switched_off(endpoint: WebhookEndpoint) -> None:
    """One message to each administrator, sent once this is committed."""
    account = endpoint.account
    body = WORDS.format(
        name=endpoint,
        practice=account.name,
        reason=endpoint.disabled_reason,
        url=endpoint.url,
        page=full_address("settings-webhook", account.slug, endpoint.pk),
    )
    members = account.memberships.live().administrators().select_related("user")
    for member in members.order_by("id"):
        subject = f"{account.name}: the webhook “{endpoint}” was switched off"
        send_later(account, to=member.user.email, subject=subject, body=body)
