"""Whether anything has changed since a page was drawn, for pages that ask again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Max
from django.utils import timezone

from casewell.tenancy.ids import first_id_at

if TYPE_CHECKING:
    from django.http import HttpRequest

    from casewell.accounts.models import Account


def tag_of(account: Account, also: object = "") -> str:
    """A validator, as in ETag, that changes with every change in the practice and with `also`.

    Ids are made before their transaction commits, so the highest alone could miss one that
    commits late: the number of changes since yesterday tells it too.
    """
    yesterday = int(timezone.now().timestamp() // 86_400 - 1) * 86_400_000
    since = account.changes.filter(pk__gte=first_id_at(yesterday))
    seen = since.aggregate(n=Count("pk"), last=Max("pk"))
    words = [str(seen["n"]), str(seen["last"] or 0), *([str(also)] if also != "" else [])]
    return f'"{"-".join(words)}"'


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether the client has what that tag stands for."""
    # On its way through gzip the tag was marked as weak.
    return request.headers.get("If-None-Match", "").removeprefix("W/") == tag
