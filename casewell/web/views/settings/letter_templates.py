"""Settings: letter templates, with a preview of what they say of a made-up patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from casewell.letters.models import LetterTemplate
from casewell.letters.sample import sample_of
from casewell.letters.saying import head_of
from casewell.letters.template_forms import LetterTemplateForm
from casewell.web.letter_fields import PREVIEWED, field_groups
from casewell.web.letter_look import logo_at, paper_of
from casewell.web.paging import page_of
from casewell.web.requests import key_in
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.letters.models.template import LetterTemplateQuerySet
    from casewell.web.requests import PracticeRequest

SECTION = "settings-letter-templates"
COPIED = ("purpose", "addressee", "title", "body", "programme_code", "discipline", "duty_code")


def templates(request: PracticeRequest) -> HttpResponse:
    archived = request.GET.get("archived") == "yes"
    rows = LetterTemplate.of(request.account).filter(archived_at__isnull=not archived)
    context = {"page_obj": page_of(request, rows.in_order()), "archived": archived}
    return page_of_settings(request, "settings/letter_templates.html", SECTION, context)


def new(request: PracticeRequest) -> HttpResponse:
    """A new one; `?like=` begins with what another says."""
    one = LetterTemplate(account=request.account)
    former = _rows(request).filter(pk=key_in(request.GET.get("like"))).first()
    if former is not None:
        one.name = f"{former.name[:240]} (copy)"
        for name in COPIED:
            setattr(one, name, getattr(former, name))
    return _form(request, one)


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = _rows(request)
    held = rows.select_for_update(no_key=True) if request.method == "POST" else rows
    return _form(request, get_object_or_404(held, pk=pk))


def _rows(request: PracticeRequest) -> LetterTemplateQuerySet:
    return request.account.letter_templates.all()


def _form(request: PracticeRequest, one: LetterTemplate) -> HttpResponse:
    """The form; sent to be looked at, it is drawn again and saves nothing."""
    looking = "look" in request.POST
    form = LetterTemplateForm(request.POST or None, instance=one)
    if not looking and form.is_valid():
        saved = form.save(by=request.actor)
        messages.success(request, f"{saved} is saved.")
        return redirect(SECTION, request.account.slug)
    for name in ("title", "body"):
        form.fields[name].widget.attrs |= PREVIEWED | {"hx-post": request.path}
    context = {
        "form": form,
        "template": one,
        "groups": field_groups(),
        "paper": _paper(request, form),
    }
    status = 422 if form.is_bound and not looking else 200
    return page_of_settings(request, "settings/letter_template.html", SECTION, context, status)


def _paper(request: PracticeRequest, form: LetterTemplateForm) -> dict[str, Any]:
    """The text as it is now, of somebody who was made up, under the first letterhead."""
    business = request.account.businesses.live().order_by("id").first()
    values = sample_of(request.account, business)
    said = {
        "fields": values,
        "head": head_of(business) if business else {"name": request.account.name},
        "to": [values["recipient name"], *values["recipient address"].split("\n")],
        "date": values["today"],
        "signed": [
            values["practitioner name"],
            values["practitioner discipline"],
            f"Provider number {values['provider number']}",
        ],
    }
    return paper_of(
        str(form["body"].value() or ""), said, business, logo_at(business), for_author=True
    )


@require_POST
def archive(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(_rows(request), pk=pk)
    one.archive(by=request.actor)
    messages.success(request, f"{one} is archived.")
    return redirect(SECTION, request.account.slug)


@require_POST
def restore(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(_rows(request), pk=pk)
    one.restore(by=request.actor)
    messages.success(request, f"{one} is restored.")
    return redirect("settings-letter-template", request.account.slug, pk)
