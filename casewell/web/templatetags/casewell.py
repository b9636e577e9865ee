"""Template words of the project, known in every template without loading."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html

from casewell.appointments.models import Booking
from casewell.cases.usage import Status
from casewell.lib.formats import formats
from casewell.web.launching import offered_apps, origins_of
from casewell.web.submissions import FIELD, new_token

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from django.forms import BaseForm
    from django.template import Context
    from django.utils.safestring import SafeString

    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase

register = template.Library()
A_TENTH = 10


@register.simple_tag
def once() -> SafeString:
    """The hidden field by which a form that is sent twice acts once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_token())


@register.simple_block_tag(takes_context=True)
def folded_form(
    context: Context,
    content: str,
    label: str,
    *,
    picture: str,
    to: str,
    button: str,
    form: BaseForm | None = None,
) -> SafeString:
    """A form of the side panel, folded below its `label`; the tag's content is its fields.

    It is sent `to` an address, and stands open where `form` was refused there.
    """
    shown = {"label": label, "picture": picture, "to": to, "button": button, "form": form}
    shown |= {"content": content, "csrf_token": context.get("csrf_token")}
    return render_to_string("_folded_form.html", shown)


ANY_KEY = 4_611_686_018_427_387_903  # in no slug: what a template asks an address for


@register.simple_tag
def url_of(name: str, slug: str, key: int) -> str:
    """As `url` for a page of one record. In a list of many the same route is looked up once."""
    return _url_of_any(name, slug, get_script_prefix()).replace(str(ANY_KEY), str(key))


@register.simple_tag(takes_context=True)
def visit_url(context: Context, visit: Attendee) -> str:
    """Where a visit is shown: its appointment's page or, of a class, its own."""
    page = url_of("booking", context["request"].account.slug, visit.booking_id)
    return f"{page}?visit={visit.pk}" if visit.booking.kind == Booking.Kind.GROUP else page


@lru_cache(maxsize=1000)
def _url_of_any(name: str, slug: str, _prefix: str) -> str:
    return reverse(name, args=[slug, ANY_KEY])


@register.inclusion_tag("_open_in.html", takes_context=True)
def open_in(
    context: Context, patient: int, case: int | None = None, booking: int | None = None
) -> dict[str, object]:
    """The button or the menu that opens a patient in a connected app; nothing without one."""
    request = context["request"]
    slug = request.account.slug
    found = _launch(context, patient, case, booking)
    named = {"case": case, "booking": booking}
    query = urlencode({name: key for name, key in named.items() if key})
    return found | {"page": f"{reverse('open-in', args=[slug, patient])}?{query}"}


@register.inclusion_tag("_open_in_list.html", takes_context=True)
def open_in_list(
    context: Context, patient: int, case: int | None = None, booking: int | None = None
) -> dict[str, object]:
    """All connected apps below one another, for a page of their own."""
    return _launch(context, patient, case, booking)


def _launch(
    context: Context, patient: int, case: int | None, booking: int | None
) -> dict[str, object]:
    request = context["request"]
    keys = {"patient": patient, "case": case, "booking": booking}
    return keys | {"apps": offered_apps(request), "slug": request.account.slug}


@register.simple_tag(takes_context=True)
def app_origins(context: Context) -> str:
    """The origins that this page's policy lets launches lead to, as words."""
    return " ".join(origins_of(context["request"]))


@register.inclusion_tag("_case_status.html")
def case_status(case: PatientCase, today: date) -> dict[str, object]:
    """The one word for a case, with what is left where it is open."""
    status, amount = case.status_on(today), case.amount
    is_open = status is Status.OPEN
    return {
        "status": str(status),
        "left": case.usage.left if is_open else None,
        "amount": amount if is_open else None,
    }


@register.simple_tag
def amount_meter(case: PatientCase) -> SafeString | str:
    """What of a case's amount is invoiced and left; nothing where no amount is limited."""
    amount = case.amount
    if amount is None:  # of nearly all: no template for them
        return ""
    state = "low" if amount.left * A_TENTH <= amount.limit else "open"
    state = "full" if amount.is_used_up else state
    shown = {
        "amount": amount,
        "state": "over" if amount.is_passed else state,
        "used": int(max(amount.used, Decimal()) * 100),
        "width": int(max(amount.used, amount.limit) * 100),
    }
    return render_to_string("_amount_meter.html", shown)


@register.simple_tag
def case_reason(case: PatientCase, today: date) -> str:
    """Why the case's word is what it is."""
    return case.reason_on(today)


@register.filter
def clock(local: datetime | time, form: str = "") -> str:
    """A local time as the practice writes it; `"short"` leaves out am and pm.

    >>> from datetime import datetime
    >>> clock(datetime(2026, 3, 3, 13, 5)), clock(datetime(2026, 3, 3, 9), "short")
    ('1:05 pm', '9:00')
    """
    # Not Django's filter, which would take the time back to the server's own zone.
    return formats().clock(local, short=form == "short")


@register.filter
def day(value: date | None, form: str = "") -> str:
    """A date as the practice writes it; `"weekday"` puts the weekday before it, `"month"` is
    the month and year alone.

    >>> from datetime import date
    >>> day(date(2026, 3, 3)), day(date(2026, 3, 3), "weekday"), day(None)
    ('3 Mar 2026', 'Tue 3 Mar 2026', '')
    """
    if value is None:
        return ""
    written = {"weekday": formats().weekday, "month": formats().month}
    return written.get(form, formats().day)(value)


@register.filter
def money(amount: Decimal | None) -> str:
    """An amount as the practice writes it; nothing for none.

    >>> from decimal import Decimal
    >>> money(Decimal("450")), money(None)
    ('$450.00', '')
    """
    return "" if amount is None else formats().money(amount)
