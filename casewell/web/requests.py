"""The requests that views are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

if TYPE_CHECKING:
    from datetime import datetime

    from django_htmx.middleware import HtmxDetails

    from casewell.accounts.models import Account, Membership, User
    from casewell.audit.actors import Actor


LONGEST_ADDRESS = 500  # of a page of ours, with its filters
MANY_DIGITS = 19  # more than any id has, and than the database can take


class PracticeRequest(HttpRequest):
    """A member's request inside a practice: whose rows, and who acts."""

    account: Account
    member: Membership
    actor: Actor
    user: User
    htmx: HtmxDetails


def key_in(text: str | None) -> int:
    """The id that a client wrote, or 0, which no record has, for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < MANY_DIGITS else 0


def visit_key(request: PracticeRequest) -> int:
    """Which visit of a class the address means, as `?visit=…`; 0 where it means the booking."""
    return key_in(request.GET.get("visit"))


def of_visit(request: PracticeRequest) -> str:
    """The end of addresses that go on meaning that visit."""
    key = visit_key(request)
    return f"?visit={key}" if key else ""


def way_back(request: PracticeRequest) -> str:
    """The page of this practice to which a form leads, its `next`; empty where it names none.

    It goes into headers: an address as browsers write it, without line breaks or letters beyond
    ASCII, which would make it longer than it looks.
    """
    wanted = request.POST.get("next", "")
    written = wanted.isascii() and wanted.isprintable() and len(wanted) < LONGEST_ADDRESS
    return wanted if written and wanted.startswith(f"/{request.account.slug}/") else ""


def moment_in(text: str) -> datetime | None:
    """A moment as an address writes it; None for what is none, such as the 31st of February."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None
