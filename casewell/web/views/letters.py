"""A letter: read as its paper has it, written as a draft, finalised, taken back, put away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from casewell.accounts.models import BusinessLogo
from casewell.letters.letter_forms import LetterForm
from casewell.letters.models import Letter, LetterArchived, LetterIsFinal, LetterVersion
from casewell.letters.paper import drawn
from casewell.lib.typeset import CannotDraw
from casewell.web.forms import prepared
from casewell.web.letter_fields import PREVIEWED, field_groups
from casewell.web.letter_look import paper_of_form, paper_of_version
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.web.requests import PracticeRequest

RELATED = (
    "account",
    "patient__referring_doctor",
    "case__programme",
    "practitioner",
    "business",
    "recipient",
    "template",
    "duty_done",
)
# A PDF of ours, which no page may frame. The pages' own policy, which has no plug-ins, would keep
# browsers from showing it.
SEALED = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
}


def letters_of(request: PracticeRequest) -> QuerySet[Letter]:
    """Letters with all that their pages and papers say, and the id of the `logo`."""
    logos = BusinessLogo.objects.filter(business=OuterRef("business_id")).values("pk")[:1]
    rows: QuerySet[Letter] = request.account.letters.select_related(*RELATED)
    return rows.annotate(logo=Subquery(logos))


def letter_at(request: PracticeRequest, rows: QuerySet[Letter], pk: int) -> Any:
    """The letter, whose patient and business know the practice. Raises Http404."""
    one = get_object_or_404(rows, pk=pk)
    one.patient.account = one.business.account = request.account
    return one


def letter(request: PracticeRequest, pk: int) -> HttpResponse:
    """The letter on its paper; `?version=` as it was written before."""
    one = letter_at(request, letters_of(request), pk)
    versions = list(one.versions.select_related("user").order_by("-place"))
    shown = _asked(request, versions)
    context = {
        "letter": one,
        "versions": versions,
        "shown": shown,
        "duty": _duty(one),
        "paper": paper_of_version(shown, one),
        "sent": one.communications.live().select_related("mail").order_by("-id"),
        "today": request.account.today(),
    }
    return render(request, "letters/letter.html", context)


def _asked(request: PracticeRequest, versions: list[LetterVersion]) -> LetterVersion:
    """The version that is asked for, else the latest. Raises Http404."""
    if not (asked := request.GET.get("version")):
        return versions[0]
    found = next((one for one in versions if one.place == key_in(asked)), None)
    if found is None:
        raise Http404
    return found


def _duty(one: Letter) -> str:
    """What the duty is called that the letter is for; empty without one."""
    rules = one.case.programme.duties if one.case and one.case.programme else []
    return next((rule["name"] for rule in rules if rule["code"] == one.duty_code), "")


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    """The draft's form beside its paper; what is final leads to its page."""
    texts = LetterVersion.objects.filter(letter=OuterRef("pk")).order_by("-place").values("body")
    rows = letters_of(request).annotate(body=Subquery(texts[:1]))
    held = rows.select_for_update(of=("self",), no_key=True) if request.method == "POST" else rows
    one = letter_at(request, held, pk)
    if request.method != "POST" and (one.is_final or one.archived_at):
        return redirect("letter", request.account.slug, pk)
    form = prepared(
        LetterForm(request.POST or None, instance=one, initial={"body": one.body}), request
    )
    looking = "look" in request.POST
    if not looking and form.is_valid():
        try:
            return _saved(request, form)
        except (LetterIsFinal, LetterArchived) as meanwhile:
            form.add_error(None, f"{meanwhile} What you typed is still here, to be copied.")
    return _drawn(request, form, 422 if form.is_bound and not looking else 200)


def _saved(request: PracticeRequest, form: LetterForm) -> HttpResponse:
    one = form.save(by=request.actor)
    if request.POST.get("then") != "final":
        messages.success(request, f"“{one}” is saved as a draft.")
        return redirect("letter-edit", request.account.slug, one.pk)
    return _finalised(request, one)


def _drawn(request: PracticeRequest, form: LetterForm, status: int) -> HttpResponse:
    here = {"hx-post": request.path}
    for name in ("title", "body"):
        form.fields[name].widget.attrs |= PREVIEWED | here
    changed = {"hx-trigger": "change"}
    for name in ("case", "duty_code", "practitioner", "business"):
        form.fields[name].widget.attrs |= PREVIEWED | here | changed
        form.fields[name].widget.attrs.pop("data-letter-text")
    context = {"form": form, "letter": form.instance, "groups": field_groups()}
    return render(request, "letters/edit.html", context | paper_of_form(form), status=status)


@require_POST
def finalise(request: PracticeRequest, pk: int) -> HttpResponse:
    return _finalised(request, get_object_or_404(letters_of(request), pk=pk))


def _finalised(request: PracticeRequest, one: Letter) -> HttpResponse:
    one.finalise(by=request.actor)
    did = f" {_duty(one)}: done." if one.duty_done_id else ""
    messages.success(request, f"“{one}” is final.{did}")
    return redirect("letter", request.account.slug, one.pk)


@require_POST
def take_back(request: PracticeRequest, pk: int) -> HttpResponse:
    """A new version: a draft again, the final one kept."""
    one = get_object_or_404(letters_of(request), pk=pk)
    had_done = one.duty_done_id is not None
    one.take_back(by=request.actor)
    open_again = " Its duty is open again." if had_done and one.duty_done_id is None else ""
    messages.success(request, f"“{one}” is a draft again; what was final is kept.{open_again}")
    return redirect("letter-edit", request.account.slug, pk)


@require_POST
def copy(request: PracticeRequest, pk: int) -> HttpResponse:
    copied = get_object_or_404(letters_of(request), pk=pk).copy(by=request.actor)
    messages.success(request, "This is the copy, a draft.")
    return redirect("letter-edit", request.account.slug, copied.pk)


@require_POST
def archive(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(letters_of(request), pk=pk)
    one.archive(by=request.actor)
    messages.success(request, f"“{one}” is archived.")
    return redirect("letter", request.account.slug, pk)


@require_POST
def restore(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(letters_of(request), pk=pk)
    one.restore(by=request.actor)
    messages.success(request, f"“{one}” is restored.")
    return redirect("letter", request.account.slug, pk)


def pdf(request: PracticeRequest, pk: int) -> HttpResponse:
    """The paper as a file; `?show=yes` for the browser to show and print it."""
    one = get_object_or_404(letters_of(request), pk=pk)
    version = _asked(request, list(one.versions.order_by("-place")))
    version.letter = one
    try:
        body = drawn(version, mark=_mark(one, version))
    except CannotDraw:
        return render(request, "letters/not_drawn.html", {"letter": one}, status=422)
    attached = request.GET.get("show") != "yes"
    disposition = content_disposition_header(as_attachment=attached, filename=one.filename) or ""
    return HttpResponse(
        body, "application/pdf", headers=SEALED | {"Content-Disposition": disposition}
    )


def _mark(one: Letter, version: Any) -> str:
    """What the foot says of a paper that does not stand."""
    if version.is_final:
        return ""
    return "Draft" if not one.is_final else "Earlier version"
