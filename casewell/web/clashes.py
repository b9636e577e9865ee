"""Clashes as the panel shows them: before saving, and once more where somebody was faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.accounts.models import LimitAction
from casewell.appointments.models.clashes import CLOSED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.appointments.models.clashes import Clash
    from casewell.web.requests import PracticeRequest

FIELD = "known_clashes"
FASTER = "Somebody was faster: {} Send it again to go on anyway."


def unseen(request: PracticeRequest, clashes: Iterable[Clash]) -> str:
    """Why to look again, for clashes that the sender has not been shown; else empty.

    Closed doors are nobody's doing. Where the practice keeps bookings apart the verb refuses,
    with the reason.
    """
    if request.account.booking_conflict_action == LimitAction.BLOCK:
        return ""
    known = {CLOSED, *request.POST.get(FIELD, "").split()}
    news = [str(clash) for clash in clashes if clash.key not in known]
    return FASTER.format(" ".join(news)) if news else ""
