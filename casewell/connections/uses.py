"""How many practices have a button of an app: a count, and nothing of what the practices have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.accounts.models import Account
from casewell.connections.addresses import admitted
from casewell.connections.models.approvals import Approvals
from casewell.connections.reasons import Refusal
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from casewell.connections.addresses import Pattern
    from casewell.connections.models import ApprovedApp


def practices_with(app: ApprovedApp) -> int:
    """Those with a button that this app's approval decides about, whether it is in force or not.

    Each practice's rows are asked in a scope of its own: two short statements a practice.
    """
    entries = Approvals.read().entries
    found = 0
    for account in Account.objects.order_by("id"):
        with account_scope(account):
            urls = list(account.connected_apps.live().values_list("url", flat=True))
        found += any(_decides(app, url, entries) for url in urls)
    return found


def _decides(app: ApprovedApp, url: str, entries: list[tuple[Pattern, ApprovedApp]]) -> bool:
    try:
        pattern, _ = admitted(url, [entry for entry, _ in entries])
    except Refusal:
        return False
    return any(entry == pattern and one.pk == app.pk for entry, one in entries)
