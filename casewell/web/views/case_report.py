"""The report of cases over a period: a page with charts, and CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from casewell.audit.models import record_export
from casewell.cases.models import PatientCase
from casewell.cases.periods import months_after
from casewell.cases.report import CaseReport, Line, report_on
from casewell.lib.fields import DayField
from casewell.lib.formats import formats
from casewell.lib.spreadsheets import BYTE_ORDER_MARK, line_of

if TYPE_CHECKING:
    from casewell.web.requests import PracticeRequest

CHARTED = 10
ROW, TEXT_AT, BAR_AT, BAR = 38, 14, 20, 11  # pixels of a chart
WIDEST = 72  # per cent, so that the figures have room behind the bar
HEADINGS = (
    "By", "Name", "Place", "Opened", "Ended", "Sessions used", "Sessions lapsed",
    "Average sessions of an ended case", "Income",
)  # fmt: skip


class PeriodForm(forms.Form):
    """The days of the report; the last twelve months unless the address says otherwise."""

    start = DayField(label="From")
    until = DayField(label="Until")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, until = cleaned.get("start"), cleaned.get("until")
        if start and until and until < start:
            self.add_error("until", "The last day is before the first one.")
        return cleaned


@dataclass(frozen=True)
class Bar:
    """A line of the chart: where it stands, and how long its parts are, in per cent."""

    line: Line
    y: int
    used: float
    lapsed: float

    @property
    def text_y(self) -> int:
        return self.y + TEXT_AT

    @property
    def bar_y(self) -> int:
        return self.y + BAR_AT

    @property
    def figures_y(self) -> int:
        return self.bar_y + BAR - 1

    @property
    def end(self) -> float:
        return self.used + self.lapsed


@dataclass(frozen=True)
class Part:
    """One table of the report with its chart."""

    title: str
    key: str
    lines: list[Line]

    @property
    def bars(self) -> list[Bar]:
        """Those with most sessions; whole numbers of pixels, and per cent for any width."""
        shown = [line for line in self.lines if line.used or line.lapsed][:CHARTED]
        most = max((line.used + line.lapsed for line in shown), default=0)
        return [
            Bar(line, ROW * place, _per_cent(line.used, most), _per_cent(line.lapsed, most))
            for place, line in enumerate(shown)
        ]

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


def _per_cent(number: int, most: int) -> float:
    return round(WIDEST * number / most, 2)


def _form(request: PracticeRequest) -> PeriodForm:
    today = request.account.today()
    begun = months_after(today, -12)
    usual = {"start": begun.isoformat(), "until": today.isoformat()}
    return PeriodForm(usual | {name: value for name, value in request.GET.items() if value})


def _report(request: PracticeRequest, form: PeriodForm) -> CaseReport | None:
    if not form.is_valid():
        return None
    return report_on(request.account, form.cleaned_data["start"], form.cleaned_data["until"])


def report(request: PracticeRequest) -> HttpResponse:
    """Opened, used, lapsed, average and income, by referrer and by programme."""
    form = _form(request)
    found = _report(request, form)
    parts = []
    if found:
        parts = [
            Part("By programme", "programme", found.by_programme),
            Part("By referrer", "referrer", found.by_referrer),
        ]
    context = {
        "form": form,
        "parts": [part for part in parts if part.lines],
        "total": found.total if found else None,
        "words": _words(form),
        "bar": BAR,
        "asked": request.GET,
    }
    return render(request, "cases/report.html", context, status=200 if found else 422)


def _words(form: PeriodForm) -> str:
    if not form.is_valid():
        return ""
    return formats().span(form.cleaned_data["start"], form.cleaned_data["until"])


def as_csv(request: PracticeRequest) -> HttpResponse:
    """The same tables as one file; who took it out is written down."""
    form = _form(request)
    found = _report(request, form)
    if found is None:
        return report(request)
    record_export(PatientCase, {"report": _words(form)}, account=request.account, by=request.actor)
    told = [("Programme", line) for line in found.by_programme]
    told += [("Referrer", line) for line in found.by_referrer]
    told.append(("All", found.total))
    text = "".join([BYTE_ORDER_MARK, line_of(HEADINGS), *(_csv_line(*one) for one in told)])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    days = "-".join(form.cleaned_data[name].isoformat() for name in ("start", "until"))
    response["Content-Disposition"] = f'attachment; filename="case-report-{days}.csv"'
    return response


def _csv_line(by: str, line: Line) -> str:
    average = "" if line.average is None else f"{line.average:.1f}"
    figures = (line.opened, line.ended, line.used, line.lapsed)
    return line_of([by, line.name, line.place, *map(str, figures), average, f"{line.income:.2f}"])
