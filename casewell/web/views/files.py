"""Files of patients: taken in, served whole as downloads, shown as pictures drawn anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from casewell.cases.file_forms import FileForm
from casewell.cases.models import CaseAttachment
from casewell.lib.errors import RuleViolation
from casewell.lib.previews import NoPreview, TooManyPreviews, picture_of
from casewell.lib.uploads import FileRefused, plain_name
from casewell.patients.models import PatientAttachment
from casewell.web.merged import patient_at
from casewell.web.requests import key_in, way_back

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO

    from django.core.files.uploadedfile import UploadedFile

    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient
    from casewell.web.requests import PracticeRequest

MOST_AT_ONCE = 100
# Whatever a file holds, it runs nothing and loads nothing where it is opened.
SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
}


def keep_files(
    patient: Patient,
    uploads: Iterable[UploadedFile],
    case: PatientCase | None,
    request: PracticeRequest,
) -> list[str]:
    """Keep each that can be kept, in the case if there is one; why the others were refused."""
    refused = []
    for upload in uploads:
        try:
            kept = PatientAttachment.keep(patient, upload, by=request.actor)
        except FileRefused as refusal:
            refused.append(f"{plain_name(upload.name or '')}: {refusal}")
            continue
        if case is not None:
            CaseAttachment.put(kept, case, by=request.actor)
    return refused


@require_POST
def upload(request: PracticeRequest, pk: int) -> HttpResponse:
    """Files of a patient, for one of their `case`s or none. Scripts send one, and get JSON."""
    patient = patient_at(request, pk)
    case = None
    if asked := request.POST.get("case"):
        case = get_object_or_404(patient.cases, pk=key_in(asked))
    sent = request.FILES.getlist("files")[:MOST_AT_ONCE]
    refused = keep_files(patient, sent, case, request)
    if not sent:
        refused = ["Choose a file first."]
    back = way_back(request) or _page_of_patient(request, pk)
    if request.headers.get("Accept") == "application/json":
        if refused:
            return JsonResponse(
                {"refusal": refused[0].partition(": ")[2] or refused[0]}, status=422
            )
        return JsonResponse({}, status=201, headers={"Location": back})
    for why in refused:
        messages.error(request, why)
    return redirect(back)


def _page_of_patient(request: PracticeRequest, pk: int) -> str:
    return reverse("patient", args=[request.account.slug, pk]) + "#files"


def _opened(one: PatientAttachment) -> IO[bytes]:
    """The bytes. Raises RuleViolation where they are not to be had."""
    try:
        return cast("IO[bytes]", one.file.open("rb"))
    except FileNotFoundError as error:
        raise RuleViolation(
            "This file is not where it was kept. Ask those who run Casewell to bring it back."
        ) from error


def original(request: PracticeRequest, pk: int) -> HttpResponse:
    """The file as it came, to be saved under its name and never shown by us."""
    one = get_object_or_404(request.account.patient_attachments, pk=pk)
    response = FileResponse(
        _opened(one),
        as_attachment=True,
        filename=one.filename,
        content_type=one.content_type,
        headers=SEALED,
    )
    return cast("HttpResponse", response)  # which it is in all that the door asks of it


def preview(request: PracticeRequest, pk: int) -> HttpResponse:
    """A page of the file as a picture; 422 with why there is none."""
    one = get_object_or_404(request.account.patient_attachments, pk=pk)
    page = key_in(request.GET.get("page", "1"))
    try:
        if not one.has_preview:
            raise NoPreview("This sort of file cannot be shown here. Download it instead.")
        with _opened(one) as file:
            picture = picture_of(file, "pdf" if one.is_pdf else "image", page)
    except TooManyPreviews as full:
        return HttpResponse(str(full), "text/plain", 503, headers=SEALED | {"Retry-After": "1"})
    except RuleViolation as why:
        return HttpResponse(str(why), "text/plain", 422, headers=SEALED)
    pages = {"X-Pages": str(picture.pages)}
    return HttpResponse(picture.body, picture.content_type, headers=SEALED | pages)


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    """What is in the file and which cases it is in: in the side panel, or as a page."""
    rows = request.account.patient_attachments.select_for_update(of=("self",), no_key=True)
    one = get_object_or_404(rows.select_related("patient"), pk=pk)
    form = FileForm(request.POST or None, instance=one)
    if form.is_valid():
        form.save(by=request.actor)
        messages.success(request, f"“{one}” is saved.")
        return redirect("file-edit", request.account.slug, pk)
    status = 422 if form.is_bound else 200
    return render(request, "files/form.html", {"form": form, "file": one}, status=status)


@require_POST
def archive(request: PracticeRequest, pk: int) -> HttpResponse:
    """Take the file out of the lists; the page then offers to take that back."""
    one = get_object_or_404(request.account.patient_attachments, pk=pk)
    one.archive(by=request.actor)
    back = urlsplit(way_back(request) or _page_of_patient(request, one.patient_id))
    return redirect(urlunsplit(back._replace(query=urlencode({"gone": pk}))))


@require_POST
def restore(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(request.account.patient_attachments, pk=pk)
    one.restore(by=request.actor)
    return redirect(way_back(request) or _page_of_patient(request, one.patient_id))
