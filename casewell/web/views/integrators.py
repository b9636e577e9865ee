"""Pages for those who make connected apps; for everybody, signed in or not.

Nothing is fetched from an address that somebody types, and a browser is sent to one only for those
who may launch, and only where it is on the list.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from allauth.core import ratelimit
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from casewell.connections.app_forms import ProposalForm
from casewell.connections.explained import explain
from casewell.connections.faults import FAULTS
from casewell.connections.models import Decider
from casewell.connections.models.approvals import Approvals
from casewell.connections.tokens import issuer
from casewell.connections.trials import trial_issuer, trial_key_set
from casewell.lib.errors import RuleViolation
from casewell.web.guides import INTEGRATORS, drawn
from casewell.web.submissions import only_once_outside
from casewell.web.trying import tried_address, typed
from casewell.web.trying_out import (
    chosen_fault,
    is_signed,
    keep_latest,
    latest_launch,
    launcher_of,
    test_patient,
    trial_of,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    from casewell.accounts.models import User

LONGEST_PASTED = 10_000
SEE_OTHER = 303


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What it is, the rule to try, and a launch to look at."""
    return _home(request)


@require_POST
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """What is wrong with a token that was pasted. Nothing of it is kept."""
    pasted = request.POST.get("token", "")[:LONGEST_PASTED]
    found = explain(pasted)
    return _home(
        request,
        pasted=pasted,
        explained=found,
        header=json.dumps(found.header, indent=2, ensure_ascii=False) if found.header else "",
        claims=json.dumps(found.claims, indent=2, ensure_ascii=False),
    )


@require_POST
def launch(request: HttpRequest) -> HttpResponse:
    """Open an app that is approved or proposed, with a test patient, for who may. No record of a
    patient is read or told: a number is.
    """
    who = launcher_of(request)
    if not who:
        raise PermissionDenied("Launching from here")
    with transaction.atomic():
        approval = Approvals.read(with_proposed=True).of(typed(request, "url"))
        sent = trial_of(request, who, approval.launch_address(test_patient(request)))
        with_fault = f" with a fault: {sent.fault.words}" if sent.fault else ""
        by = Decider(cast("User", request.user))
        approval.app.tried_at(f"{sent.opened.href}{with_fault}", by=by)
    keep_latest(request, sent)
    headers = {"Location": sent.address.href, "Referrer-Policy": "no-referrer"}
    return HttpResponse(status=SEE_OTHER, headers=headers | {"Cache-Control": "no-store"})


@require_safe
@never_cache
def latest(request: HttpRequest) -> HttpResponse:
    """What the latest launch of this browser sent, as a part of the page."""
    return render(request, "integrators/_latest.html", _latest(request))


@require_safe
@cache_control(public=True, max_age=300)
def test_keys(request: HttpRequest) -> HttpResponse:
    return JsonResponse(trial_key_set(), content_type="application/jwk-set+json")


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The guide, as it is under Help, for those who are in no practice."""
    text, headings = drawn(INTEGRATORS, "")
    context = {"guide": INTEGRATORS, "text": text, "headings": headings}
    return render(request, "integrators/guide.html", context)


@never_cache
def propose(request: HttpRequest) -> HttpResponse:
    """A form by which anybody proposes an app; so many an hour from one address."""
    if limited := ratelimit.consume_or_429(request, action="propose"):
        return cast("HttpResponse", limited)
    with transaction.atomic():
        response = only_once_outside(request, lambda: _proposed(request))
        if response.status_code >= 400:
            transaction.set_rollback(True)
        return response


def _proposed(request: HttpRequest) -> HttpResponse:
    form = ProposalForm(request.POST or None)
    if form.is_bound and not form.is_by_a_person:
        return redirect("integrators-thanks")
    if form.is_valid():
        try:
            form.save()
        except (ValidationError, RuleViolation) as refused:
            form.add_error(None, refused if isinstance(refused, ValidationError) else str(refused))
        else:
            return redirect("integrators-thanks")
    return render(
        request, "integrators/propose.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "integrators/thanks.html")


def _home(request: HttpRequest, **known: Any) -> HttpResponse:
    who = launcher_of(request)
    patient_id = test_patient(request)
    context = tried_address(request, patient_id) | {
        "patient_id": patient_id,
        "signed": is_signed(request),
        "fault": chosen_fault(request),
        "faults": FAULTS.values(),
        "may_launch": bool(who),
        "patients": who.patients() if who else [],
        "issuer": issuer(),
        "trial_issuer": trial_issuer(),
        **(_latest(request) if who else {}),
        **known,
    }
    opened = context["verdict"].launch if context["verdict"] else None
    if opened:
        context["trial"] = trial_of(request, who, opened)
        context["approval"] = _approval(context["url"]) if who else None
    response = render(request, "integrators/home.html", context)
    if opened and context["approval"]:
        # Browsers ask the policy of a form's redirect as well.
        response._csp_update = {"form-action": [opened.origin]}  # type: ignore[attr-defined]
    return response


def _latest(request: HttpRequest) -> dict[str, Any]:
    kept = latest_launch(request)
    return {"latest": kept, "latest_fault": FAULTS.get(kept.get("fault", "")) if kept else None}


def _approval(url: str) -> Any:
    """The entry of the list, proposed ones too, that lets this address be opened; or None."""
    return Approvals.read(with_proposed=True).find(url)
