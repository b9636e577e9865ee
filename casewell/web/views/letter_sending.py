"""Letters on their way: e-mailed after a look at the address, or noted as printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.letters.letter_forms import SendForm
from casewell.reminders.models import OutgoingText
from casewell.web.merged import patient_at
from casewell.web.paging import page_of
from casewell.web.views.letters import letters_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest


def email(request: PracticeRequest, pk: int) -> HttpResponse:
    """To which address, with which words; in the side panel, or as a page."""
    one = get_object_or_404(letters_of(request), pk=pk)
    one.refuse_unless_final()
    place = one.business.display_name or one.business.business_name
    usual = {
        "to": one.addressee.email,
        "subject": f"Letter from {place}"[:255],
        "message": f"Please find a letter attached.\n\n{place}",
    }
    form = SendForm(request.POST or None, initial=usual)
    if form.is_valid():
        one.send(**form.cleaned_data, by=request.actor)
        messages.success(request, f"“{one}” is on its way to {form.cleaned_data['to']}.")
        return redirect("letter", request.account.slug, pk)
    status = 422 if form.is_bound else 200
    return render(request, "letters/email.html", {"letter": one, "form": form}, status=status)


@require_POST
def printed(request: PracticeRequest, pk: int) -> HttpResponse:
    """Note that it went out on paper."""
    one = get_object_or_404(letters_of(request), pk=pk)
    one.mark_printed(by=request.actor)
    messages.success(request, f"Noted: “{one}” went out on paper.")
    return redirect("letter", request.account.slug, pk)


def communications(request: PracticeRequest, pk: int) -> HttpResponse:
    """What was sent to a patient or about one, to whom, latest first."""
    patient = patient_at(request, pk)
    texts = OutgoingText.objects.filter(communication=OuterRef("pk"))
    rows = patient.communications.live().select_related("mail", "letter").order_by("-id")
    rows = rows.annotate(
        texted_at=Subquery(texts.values("sent_at")[:1]),
        text_failed_at=Subquery(texts.values("failed_at")[:1]),
    )
    context = {
        "patient": patient,
        "page_obj": page_of(request, rows),
        "today": request.account.today(),
    }
    return render(request, "letters/communications.html", context)
