"""What is asked of the site: each operation's name, path, and the headers it is asked with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = "2026-03-03"
FEED = "calendar feed, week of 1,000 bookings"
DAY_FEED = "calendar feed, day of 200 bookings"
CALENDAR = f"/northside/calendar/{DAY}/bookings"
Named = tuple[str, str, dict[str, str]]


def operations(cookie: str, week: str) -> Iterator[Named]:
    """All of them, in the order of the page; `cookie` and `week` are of `stage.load`."""
    path, signed_in = feed_of_week(cookie, week)
    yield FEED, path, signed_in
    yield DAY_FEED, f"{CALENDAR}?view=day", signed_in
    paths, key = api_operations()
    for name, path in paths.items():
        yield name, path, key
    for name, path in money_operations().items():
        yield name, path, signed_in


def feed_of_week(cookie: str, week: str) -> tuple[str, dict[str, str]]:
    """The feed that an open calendar polls, and the headers that it is asked with."""
    signed_in = {"Cookie": cookie, "Host": "localhost", "Accept-Encoding": "gzip"}
    return f"{CALENDAR}?{week}", signed_in


def api_operations(slug: str = "northside") -> tuple[dict[str, str], dict[str, str]]:
    """The API's reads by name, and the headers that they are asked with."""
    from casewell.accounts.models import Account, ApiKey
    from casewell.tenancy.scope import account_scope
    from tests.api.client import AGENT, basic

    account = Account.objects.get(slug=slug)
    _, key = ApiKey.issue(account.memberships.get())
    with account_scope(account):
        case = account.patient_cases.order_by("pk").last()
    assert case is not None
    paths = {
        "API: one patient": f"/v1/patients/{case.patient_id}",
        "API: one case with usage": f"/v1/patient_cases/{case.pk}",
        "API: 100 patients": "/v1/patients?per_page=100",
        "API: 100 attendees": "/v1/attendees?per_page=100",
        "API: 100 cases with usage": "/v1/patient_cases?per_page=100",
        "API: visits of a patient": f"/v1/attendees?q%5B%5D=patient_id:={case.patient_id}",
    }
    return paths, {"Host": "localhost", "User-Agent": AGENT, "Authorization": basic(key)}


def money_operations(slug: str = "till") -> dict[str, str]:
    """The pages of a practice with very many invoices, by name."""
    from casewell.accounts.models import Account
    from casewell.tenancy.scope import account_scope

    account = Account.objects.get(slug=slug)
    today = account.today()
    with account_scope(account):
        ada = account.patients.order_by("pk")[0].pk
    return {
        "money: list of 100,000 invoices": f"/{slug}/invoices",
        "money: open ones of 100,000": f"/{slug}/invoices?state=open",
        "money: overdue ones of 100,000": f"/{slug}/invoices?state=overdue",
        "money: takings of a year": (
            f"/{slug}/takings?start={today - timedelta(days=365)}&until={today}"
        ),
        "money: statement of 500 invoices": (
            f"/{slug}/patients/{ada}/statement?of=days&start=2015-01-01"
        ),
    }
