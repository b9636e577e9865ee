"""Files of patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec
from django import forms
from django.http import FileResponse

from casewell.accounts.roles import Permission
from casewell.api.bodies import BLANK, Body, Ref, Text255
from casewell.api.calls import PREFIX, Answer
from casewell.api.errors import Invalid, NotThere
from casewell.api.filters import Moment as MomentFilter
from casewell.api.filters import Number, Text
from casewell.api.resource import Listing, usual_filters
from casewell.api.routes import Route
from casewell.api.rows import Always, At, Id, Link, Moment, Of, Row, SelfLink, To
from casewell.api.writing import Writable, one_of
from casewell.audit.forms import RecordForm
from casewell.patients.incoming import Place, claim, store
from casewell.patients.models import PatientAttachment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call

# Whatever a file holds, it runs nothing and loads nothing where it is opened.
SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
}


class UploadForm(msgspec.Struct):
    """Where a file is sent as a form, and the fields that stand before it there."""

    url: str
    fields: dict[str, str]


class PatientAttachmentRow(Row):
    """Files are ready at once: `processed_at` is when they came. None is pinned."""

    id: Id
    filename: str | None
    description: str | None
    content_type: str | None
    size: int | None
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    processed_at: Annotated[Moment | None, Of("created_at")]
    processing_completed: Annotated[bool, Always(True)]
    pinned_at: Annotated[Moment | None, Always()]
    content: Annotated[Link, At("/patient_attachments/{id}/content")]
    patient: Annotated[Link, To("patients", "patient_id")]
    user: Annotated[Link | None, To("users", "user_id")]
    links: SelfLink


class PatientAttachmentBody(Body):
    required = ("patient_id", "upload_url")

    patient_id: Ref
    upload_url: str
    filename: str | None
    description: Text255 | None


class AttachmentAsSent(RecordForm[PatientAttachment]):
    """What is in the file; nothing else of it changes."""

    class Meta:
        model = PatientAttachment
        fields: ClassVar = ["description"]
        widgets: ClassVar = {"description": forms.TextInput}


class PatientAttachments(Writable):
    name = "patient_attachments"
    row = PatientAttachmentRow
    body = PatientAttachmentBody
    form = AttachmentAsSent
    reads = Permission.SEE_PATIENTS
    creates = changes = removes = Permission.EDIT_PATIENTS
    lists = (
        Listing(),
        Listing(within="patients", of="patient_id", lacks=frozenset({"patient_id"})),
        Listing(within="patient_cases", of="case_links__case_id"),
    )
    filters: ClassVar = usual_filters(
        deleted=False,
        content_type=Text(),
        description=Text(),
        filename=Text(),
        patient_id=Number(),
        processed_at=MomentFilter("created_at"),
        size=Number(),
        user_id=Number(),
    )

    def queryset(self, account: Account) -> QuerySet[PatientAttachment]:
        return account.patient_attachments.all()

    def records(self, account: Account) -> QuerySet[PatientAttachment]:
        return account.patient_attachments.all()

    def further(self) -> Iterator[Route]:
        form, content = "patients/*/attachment_presigned_post", f"{self.name}/*/content"
        yield Route(
            "GET", form, self.upload_form, self, "presigned post", status=200, gives=UploadForm
        )
        yield Route("GET", content, self.content, self, "content", status=200, media=("*/*",))

    def create_record(self, call: Call, values: dict[str, Any]) -> PatientAttachment:
        patient = one_of(call.account.patients.live(), values["patient_id"], "patient_id")
        if not values["upload_url"].strip():
            raise Invalid({"upload_url": BLANK})
        return claim(
            patient,
            values["upload_url"],
            by=call.actor,
            filename=values.get("filename") or "",
            description=values.get("description") or "",
        )

    def upload_form(self, call: Call) -> Answer:
        """Where to send a file of the patient, and by which fields."""
        call.require(Permission.EDIT_PATIENTS)
        patient = call.account.patients.live().filter(pk=call.ids[0]).first()
        if patient is None:
            raise NotThere
        url, fields = store().form(Place.of(patient), call.base.removesuffix(PREFIX) + "/")
        return Answer(200, UploadForm(url, fields))

    def content(self, call: Call) -> Answer:
        """The file's own bytes, under its name."""
        call.require(self.reads)
        files = call.account.patient_attachments.live()
        one = files.filter(pk=call.ids[0]).first()
        if one is None:
            raise NotThere
        try:
            opened = one.file.open("rb")
        except FileNotFoundError as error:
            raise NotThere from error
        return Answer(
            200,
            FileResponse(
                opened,
                as_attachment=True,
                filename=one.filename,
                content_type=one.content_type,
                headers=SEALED,
            ),
        )
