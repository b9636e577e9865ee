"""The cases worklist: its page, its CSV, and duties that are done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.gzip import gzip_page

from casewell.audit.models import record_export
from casewell.cases.models import DutyDone, PatientCase
from casewell.cases.models.worklist import Reason
from casewell.cases.term_forms import DutyDoneForm
from casewell.lib.spreadsheets import BYTE_ORDER_MARK, line_of
from casewell.web.caseload import MANY_ROWS, ROWS, Caseload, pressing_duties_of
from casewell.web.forms import prepared
from casewell.web.letter_shelf import letters_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.web.caseload_rows import Row
    from casewell.web.requests import PracticeRequest

HEADINGS = (
    "Patient", "Phone", "Case", "Why", "Sessions", "Left", "Amount left", "Expires", "Referrer",
    "Provider number", "Programme", "Due",
)  # fmt: skip


@gzip_page
def worklist(request: PracticeRequest) -> HttpResponse:
    """The cases that somebody should look at, by reason."""
    load = Caseload(request.account, request.GET)
    prepared(load.form, request)
    if load.reason and load.reason not in set(Reason):
        raise Http404
    size = MANY_ROWS if request.GET.get("rows") == str(MANY_ROWS) else ROWS
    page, found = load.page(size)
    context = {
        "form": load.form,
        "chosen": load.reason,
        "told": load.words,
        "total": found.number(),
        "some": bool(found.asked or found.others),
        "asked": load.address,
        "counts": [(reason, found.number(reason)) for reason in Reason],
        "page_obj": page,
        "sort": load.sort,
        "today": load.lookout.today,
        "many_rows": MANY_ROWS if page.paginator.count > size else 0,
    }
    return render(request, "cases/worklist.html", context)


def as_csv(request: PracticeRequest) -> HttpResponse:
    """The same list whole; who took it out is written down."""
    load = Caseload(request.account, request.GET)
    rows = load.rows(load.find())
    what = {"rows": len(rows), "filter": load.words}
    record_export(PatientCase, what, account=request.account, by=request.actor)
    text = BYTE_ORDER_MARK + line_of(HEADINGS) + "".join(line_of(_cells(row)) for row in rows)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"cases-{load.lookout.today.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cells(row: Row) -> Iterator[str]:
    case, one = row.case, row.standing
    yield case.patient.listed_name
    yield case.patient.phone
    yield case.name
    yield "; ".join(reason.label for reason in row.reasons)
    yield str(one.usage)
    yield "" if one.left is None else str(one.left)
    yield "" if case.amount_left is None else str(case.amount_left)
    yield one.expires_on.isoformat() if one.expires_on else ""
    yield str(case.contact or "")
    yield case.contact.provider_number if case.contact else ""
    yield str(case.programme or "")
    yield "; ".join(row.duties)


def duties(request: PracticeRequest, pk: int) -> HttpResponse:
    """The duties of a case's programme; POST says that one of them is done."""
    rows = request.account.patient_cases.select_related("patient", "programme", "account")
    case = get_object_or_404(rows, pk=pk)
    rules = {rule["code"]: rule for rule in case.programme.duties} if case.programme else {}
    code = request.POST.get("code", "")
    form = _form(request, code, request.POST or None)
    if request.method == "POST":
        if code not in rules:
            raise Http404
        if form.is_valid():
            DutyDone.mark(case, code, by=request.actor, **form.cleaned_data)
            messages.success(request, f"“{rules[code]['name']}” is done.")
            return redirect("case-duties", request.account.slug, pk)
    context = {"case": case, "duties": list(_duties(request, case, code, form))}
    return render(request, "cases/duties.html", context, status=422 if form.is_bound else 200)


def _duties(
    request: PracticeRequest, case: PatientCase, code: str, sent: DutyDoneForm
) -> Iterator[dict[str, Any]]:
    """Each duty with its state, and with a form where it is not done."""
    _today, duties = request.account.today(), case.programme.duties if case.programme else []
    pressing = {rule["code"]: state for rule, state in pressing_duties_of(case)}
    done = {one.code: one for one in case.duties_done.filter(archived_at=None)}
    letters = letters_of(request, case.patient, case)
    drafts = letters.drafts if letters else {}
    for rule in duties:
        key = rule["code"]
        form = sent if key == code else _form(request, key)
        yield {
            "rule": rule,
            "done": done.get(key),
            "draft": drafts.get(key),
            "state": str(pressing.get(key, "not yet")),
            "form": form,
        }


def _form(request: PracticeRequest, code: str, sent: Any = None) -> DutyDoneForm:
    today = request.account.today()
    return DutyDoneForm(sent, prefix=code, label_suffix="", initial={"done_on": today})
