"""The list of invoices: filtered, added up, with columns to choose, and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page

from casewell.audit.models import record_export
from casewell.invoices.money import NOTHING, Amounts
from casewell.lib.formats import formats, written_as
from casewell.lib.spreadsheets import BYTE_ORDER_MARK, line_of
from casewell.tenancy.scope import account_scope
from casewell.web import long_list
from casewell.web.forms import prepared
from casewell.web.invoice_columns import COLUMNS, KEPT, columns_of, kept_columns, rows_of
from casewell.web.invoice_filter import InvoiceFilter
from casewell.web.long_list import address_of, asked_of, of_the_list, page_of_ids, with_columns_kept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.http import HttpResponse

    from casewell.accounts.models import Account
    from casewell.web.invoice_columns import Column, Row
    from casewell.web.requests import PracticeRequest

MOST_IN_CSV, AT_ONCE = 100_000, 1_000


@gzip_page
def invoices(request: PracticeRequest) -> HttpResponse:
    """The invoices that the address asks for, or the drafts."""
    form = prepared(InvoiceFilter(request.GET, request.account), request)
    asked = asked_of(request, form, "rows")
    if "column" in request.GET:
        chosen = columns_of(request.GET.getlist("column"))
        return with_columns_kept(request, asked, KEPT, chosen)
    found, columns = form.found(), kept_columns(request)
    sums = _sums(found, drafts=form.asks_for_drafts)
    page = page_of_ids(request, found, sums["all"])
    context = {
        "form": form,
        "asked": asked,
        "sums": sums,
        "lines": _lines(rows_of(found.model, page.object_list, request.account.today()), columns),
        "columns": columns,
        "choices": [(column, column in columns) for column in COLUMNS],
        "drafts": 0 if form.asks_for_drafts else request.account.draft_invoices.count(),
    } | of_the_list(page, sums["all"])
    response = render(request, "till/invoices.html", context)
    response["HX-Push-Url"] = address_of(request, asked)
    return response


def _sums(found: Any, *, drafts: bool) -> dict[str, Any]:
    """How many there are, up to one more than can be paged through, and what they come to.

    What is void counts and comes to nothing.
    """
    if drafts:
        amounts = [draft.amounts for draft in found[: long_list.MOST + 1]]
        total = sum(amounts, Amounts())
        return {"all": len(amounts), "total": total.total, "tax": total.tax, "left": NOTHING}
    standing = Q(voided_at=None)
    sums = found.with_balance()[: long_list.MOST + 1].aggregate(
        all=Count("pk"),
        total=Sum("total_amount", filter=standing),
        tax=Sum("tax_amount", filter=standing),
        left=Sum("owed"),
    )
    return {name: value or NOTHING for name, value in sums.items()} | {"all": sums["all"]}


def _lines(rows: list[Row], columns: list[Column]) -> list[tuple[Row, list[tuple[Column, str]]]]:
    return [(row, [(column, _text(column, row)) for column in columns]) for row in rows]


def _text(column: Column, row: Row) -> str:
    value = column.of(row)
    return value if isinstance(value, str) else formats().money(value)


def as_csv(request: PracticeRequest) -> HttpResponse:
    """The same list whole, with the columns that are shown; who took it out is written down."""
    form, columns = InvoiceFilter(request.GET, request.account), kept_columns(request)
    found = form.found()
    keys = list(found.values_list("pk", flat=True)[: MOST_IN_CSV + 1])
    if not form.is_valid() or len(keys) > MOST_IN_CSV:
        messages.error(request, "Choose fewer days: no more than 100,000 rows can be taken out.")
        address = reverse("invoices", args=[request.account.slug])
        return redirect(f"{address}?{request.GET.urlencode()}")
    what = {"rows": len(keys), "filter": form.words, "columns": [column.key for column in columns]}
    record_export(found.model, what, account=request.account, by=request.actor)
    parts = _csv(request.account, found.model, keys, columns)
    response = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
    name = "-".join(["invoices", *(day.isoformat() for day in form.days if day)])
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return cast("HttpResponse", response)  # which it is in all that the door asks of it


def _csv(account: Account, model: Any, keys: list[int], columns: list[Column]) -> Iterator[str]:
    """The file, part by part; each part is read in a scope of its own, for the view's is over."""
    yield BYTE_ORDER_MARK + line_of(["Number", "Issued", "Patient", *(c.label for c in columns)])
    today: date = account.today()
    for first in range(0, len(keys), AT_ONCE):
        with account_scope(account), written_as(account.formats):
            rows = rows_of(model, keys[first : first + AT_ONCE], today)
            part = "".join(_line(row, columns) for row in rows)
        yield part


def _line(row: Row, columns: list[Column]) -> str:
    number = "" if row.state == "draft" else str(row.one.number)  # type: ignore[union-attr]
    who = [number, row.one.issue_date.isoformat(), row.one.patient.listed_name]
    return line_of([*who, *(column.of(row) for column in columns)])
