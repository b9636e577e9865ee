"""Template words of the project, known in every template without loading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html

from casewell.cases.usage import Status
from casewell.web.submissions import FIELD, new_token

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.utils.safestring import SafeString

    from casewell.cases.models import PatientCase

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """The hidden field by which a form that is sent twice acts once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_token())


@register.inclusion_tag("_case_status.html")
def case_status(case: PatientCase, today: date) -> dict[str, object]:
    """The one word for a case, with what is left where it is open."""
    status = case.status_on(today)
    return {"status": str(status), "left": case.usage.left if status is Status.OPEN else None}


@register.simple_tag
def case_reason(case: PatientCase, today: date) -> str:
    """Why the case's word is what it is."""
    return case.reason_on(today)


@register.filter
def clock(local: datetime, form: str = "") -> str:
    """A local time as the calendar writes it; `"short"` leaves out am and pm.

    >>> from datetime import datetime
    >>> clock(datetime(2026, 3, 3, 13, 5)), clock(datetime(2026, 3, 3, 9), "short")
    ('1:05 pm', '9:00')
    """
    # Not Django's filter, which would take the time back to the server's own zone.
    half = "" if form == "short" else f" {'am' if local.hour < 12 else 'pm'}"
    return f"{local.hour % 12 or 12}:{local:%M}{half}"
