"""Takings of a day or of days: tables to match terminal and bank, and CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page

from casewell.accounts.models import Business
from casewell.audit.models import record_export
from casewell.invoices.models import Payment
from casewell.invoices.money import NOTHING
from casewell.invoices.takings import ON_ACCOUNT, takings_of
from casewell.lib.fields import ChoiceOfFew, DayField
from casewell.lib.formats import formats
from casewell.lib.spreadsheets import BYTE_ORDER_MARK, line_of

if TYPE_CHECKING:
    from decimal import Decimal

    from casewell.invoices.takings import Taking, Takings
    from casewell.web.requests import PracticeRequest

MOST_DAYS = 366
LISTED = 300  # payments of one day
HEADINGS = ("Date", "Business", "Payment type", "Practitioner", "Amount")


class DaysForm(forms.Form):
    """The days and the business; today unless the address says otherwise."""

    start = DayField(label="From")
    until = DayField(label="Until")
    business = ChoiceOfFew(
        Business.objects.order_by("id"), required=False, empty_label="Every business"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, until = cleaned.get("start"), cleaned.get("until")
        if start and until and until < start:
            self.add_error("until", "The last day is before the first one.")
        elif start and until and (until - start).days >= MOST_DAYS:
            self.add_error("until", "No more than a year at once.")
        return cleaned


@dataclass(frozen=True)
class Table:
    """Sums by two things; the last of each line is its total, the last line that of all."""

    title: str
    key: str
    columns: list[str]
    lines: list[tuple[str, list[Decimal]]]
    foot: list[Decimal]


@gzip_page
def takings(request: PracticeRequest) -> HttpResponse:
    form, found = _asked(request)
    context: dict[str, Any] = {"form": form, "takings": found}
    if found:
        start, until = form.cleaned_data["start"], form.cleaned_data["until"]
        names = _names(request)
        context |= {
            "words": formats().weekday(start) if start == until else formats().span(start, until),
            "before": start - timedelta(days=1) if start == until else None,
            "after": start + timedelta(days=1) if start == until else None,
            "tables": _tables(found, names, many_days=start != until),
            "number": sum(found.numbers.values()),
            "listed": _listed(form) if start == until else None,
        }
    return render(request, "till/takings.html", context, status=200 if found else 422)


def as_csv(request: PracticeRequest) -> HttpResponse:
    """A line for each day, business, payment type and practitioner; written down."""
    form, found = _asked(request)
    if not found:
        address = reverse("takings", args=[request.account.slug])
        return redirect(f"{address}?{request.GET.urlencode()}")
    start, until = form.cleaned_data["start"], form.cleaned_data["until"]
    what = {"rows": len(found.rows), "filter": f"takings {start} – {until}"}
    record_export(Payment, what, account=request.account, by=request.actor)
    names = _names(request)
    rows = sorted(found.rows, key=lambda row: _cells(row, names)[:4])
    body = BYTE_ORDER_MARK + line_of(HEADINGS)
    body += "".join(line_of(_cells(row, names)) for row in rows)
    response = HttpResponse(body, "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="takings-{start}-{until}.csv"'
    return response


def _asked(request: PracticeRequest) -> tuple[DaysForm, Takings | None]:
    today = request.account.today()
    asked = request.GET.dict()
    start = asked.get("start") or today
    form = DaysForm({"start": start, "until": start} | {k: v for k, v in asked.items() if v})
    if not form.is_valid():
        return form, None
    place = form.cleaned_data["business"]
    days = form.cleaned_data["start"], form.cleaned_data["until"]
    return form, takings_of(*days, place.pk if place else None)


def _names(request: PracticeRequest) -> dict[str, dict[int, str]]:
    account = request.account
    practitioners = account.practitioners.order_by("last_name", "first_name", "id")
    return {
        "business": {one.pk: str(one) for one in account.businesses.order_by("id")},
        "payment_type": {one.pk: str(one) for one in account.payment_types.order_by("name")},
        "practitioner": {one.pk: str(one) for one in practitioners}
        | {ON_ACCOUNT: "On account, no invoice yet"},
    }


def _cells(row: Taking, names: dict[str, dict[int, str]]) -> list[Any]:
    said = [names[of][getattr(row, of)] for of in ("business", "payment_type", "practitioner")]
    return [row.day.isoformat(), *said, row.amount]


def _tables(found: Takings, names: dict[str, dict[int, str]], *, many_days: bool) -> list[Table]:
    wanted = [
        ("By payment type and business", "payment_type", "business"),
        ("By practitioner and payment type", "practitioner", "payment_type"),
    ]
    if many_days:
        days = {row.day: formats().weekday(row.day) for row in found.rows}
        named: dict[str, Any] = names | {"day": dict(sorted(days.items()))}
        wanted.append(("By day and payment type", "day", "payment_type"))
        return [_table(found, named, *one) for one in wanted]
    return [_table(found, names, *one) for one in wanted]


def _table(found: Takings, names: dict[str, Any], title: str, of: str, by: str) -> Table:
    sums = found.table(of, by)
    across = [key for key in names[by] if any(key in line for line in sums.values())]
    lines = []
    for key, name in names[of].items():
        if key in sums:
            cells = [sums[key].get(column, NOTHING) for column in across]
            lines.append((name, [*cells, sum(cells, NOTHING)]))
    foot = [sum((cells[n] for _, cells in lines), NOTHING) for n in range(len(across) + 1)]
    return Table(title, of, [names[by][key] for key in across], lines, foot)


def _listed(form: DaysForm) -> list[Payment]:
    """The payments of the day, as a terminal's own list has them: by type, then in turn."""
    rows = Payment.objects.filter(paid_on=form.cleaned_data["start"])
    if place := form.cleaned_data["business"]:
        rows = rows.filter(business=place)
    related = rows.select_related("payment_type", "patient", "business")
    return list(related.order_by("payment_type__name", "created_at", "id")[: LISTED + 1])
