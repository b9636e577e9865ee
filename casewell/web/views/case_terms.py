"""What changes at a case in time: approvals, its limit, duties done, what its letter says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from casewell.accounts.case_policy import WhenFull
from casewell.audit.models import recorded
from casewell.cases.models import Approval, DutyDone
from casewell.cases.term_forms import ApprovalForm, DutyDoneForm, RaiseAmountForm, RaiseForm
from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats
from casewell.web.case_page import new_approval
from casewell.web.views.cases import case_page, may_raise

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.cases.models import PatientCase
    from casewell.web.requests import PracticeRequest


def _case(request: PracticeRequest, pk: int) -> PatientCase:
    rows = request.account.patient_cases.select_related("account", "programme")
    return get_object_or_404(rows, pk=pk)


def _back(request: PracticeRequest, pk: int, part: str) -> HttpResponse:
    return redirect(f"{reverse('case', args=[request.account.slug, pk])}#{part}")


def _refuse_unless_let(request: PracticeRequest) -> None:
    """More sessions are given by the roles that the practice lets do it, through every door."""
    if not may_raise(request):
        raise PermissionDenied(
            f"{WhenFull.RAISE.label}: {request.account.who_may(WhenFull.RAISE)}."
        )


@require_POST
def approve(request: PracticeRequest, pk: int) -> HttpResponse:
    """Add a portion that the funder granted."""
    _refuse_unless_let(request)
    one = _case(request, pk)
    form = ApprovalForm(request.POST, instance=new_approval(one))
    if not form.is_valid():
        return case_page(request, pk, approval_form=form)
    one.held()
    portion = form.save(by=request.actor)
    messages.success(request, f"The approval of {portion} is added.")
    _warn_if_overused(request, one)
    return _back(request, pk, "approvals")


def _warn_if_overused(request: PracticeRequest, one: PatientCase) -> None:
    usage = _case(request, one.pk).usage
    if usage.is_overused:
        messages.warning(
            request, f"This case now has {usage} sessions: more than its limit. None was unlinked."
        )


@require_POST
def raise_limit(request: PracticeRequest, pk: int) -> HttpResponse:
    """Let the case have more sessions, with a reason."""
    _refuse_unless_let(request)
    one, form = _case(request, pk), RaiseForm(request.POST, auto_id="raise_%s")
    if not form.is_valid():
        return case_page(request, pk, raise_form=form)
    try:
        Approval.raise_limit(
            one, form.cleaned_data["to"], form.cleaned_data["reason"], by=request.actor
        )
    except RuleViolation as refusal:
        form.add_error("to", str(refusal))
        return case_page(request, pk, raise_form=form)
    messages.success(request, f"“{one}” has {form.cleaned_data['to']} sessions now.")
    return _back(request, pk, "approvals")


@require_POST
def raise_amount(request: PracticeRequest, pk: int) -> HttpResponse:
    """Let more be invoiced in the case, with a reason."""
    _refuse_unless_let(request)
    one, form = _case(request, pk), RaiseAmountForm(request.POST, auto_id="amount_%s")
    if not form.is_valid():
        return case_page(request, pk, amount_form=form)
    to = form.cleaned_data["to"]
    try:
        Approval.raise_amount(one, to, form.cleaned_data["reason"], by=request.actor)
    except RuleViolation as refusal:
        form.add_error("to", str(refusal))
        return case_page(request, pk, amount_form=form)
    messages.success(request, f"Up to {formats().money(to)} can be invoiced in “{one}” now.")
    return _back(request, pk, "approvals")


@require_POST
def withdraw(request: PracticeRequest, pk: int) -> HttpResponse:
    """Take an approval out of the limit."""
    portion = get_object_or_404(request.account.approvals.select_related("case"), pk=pk)
    before = _case(request, portion.case_id).limit
    if portion.archived_at is None:
        portion.withdraw(by=request.actor)
    after = _case(request, portion.case_id).limit
    if before is not None and (after is None or after > before):
        _refuse_unless_let(request)  # without any approval, what was typed once is the limit
    _warn_if_overused(request, portion.case)
    return _back(request, portion.case_id, "approvals")


@require_POST
def put_back(request: PracticeRequest, pk: int) -> HttpResponse:
    """Let an approval count again."""
    _refuse_unless_let(request)
    portion = get_object_or_404(request.account.approvals.select_related("case"), pk=pk)
    if portion.archived_at is not None:
        portion.put_back(by=request.actor)
    _warn_if_overused(request, portion.case)
    return _back(request, portion.case_id, "approvals")


@require_POST
def duty(request: PracticeRequest, pk: int) -> HttpResponse:
    """Say that a duty is done: `code` of the programme's duties, when and by what."""
    one, code = _case(request, pk), request.POST.get("code", "")
    known = {rule["code"]: rule["name"] for rule in (one.programme.duties if one.programme else [])}
    form = DutyDoneForm(request.POST)
    if code not in known or not form.is_valid():
        said = "; ".join(error for errors in form.errors.values() for error in map(str, errors))
        messages.error(request, said or "The programme has no such duty.")
        return _back(request, pk, "duties")
    DutyDone.mark(one, code, by=request.actor, **form.cleaned_data)
    messages.success(request, f"Done: {known[code]}.")
    return _back(request, pk, "duties")


@require_POST
def duty_undone(request: PracticeRequest, pk: int) -> HttpResponse:
    done = get_object_or_404(request.account.duties_done, pk=pk)
    if done.archived_at is None:
        done.take_back(by=request.actor)
    return _back(request, done.case_id, "duties")


@require_POST
def letter(request: PracticeRequest, pk: int) -> HttpResponse:
    """What of the programme's list the referral's letter has: each `contains` that is ticked."""
    one = _case(request, pk)
    wanted = one.programme.letter_must_contain if one.programme else []
    ticked = set(request.POST.getlist("contains"))
    with recorded(one, "edited", by=request.actor):
        one.letter_contains = [words for words in wanted if words in ticked]
        one.save(update_fields=["letter_contains", "updated_at"])
    return _back(request, pk, "letter")
