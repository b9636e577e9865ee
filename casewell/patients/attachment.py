"""Files of a patient: kept under random names, served by what their bytes are."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from casewell.audit.models import recorded
from casewell.lib.uploads import content_type, plain_name, refuse_unsafe
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import ARCHIVED, by_time
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from django.core.files import File
    from django.core.files.uploadedfile import UploadedFile

    from casewell.audit.actors import Actor

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PDF = "application/pdf"
_WORD = "Word document"
_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    PDF: "PDF",
    "application/msword": _WORD,
    f"{_OFFICE}.wordprocessingml.document": _WORD,
    f"{_OFFICE}.spreadsheetml.sheet": "Spreadsheet",
    "application/rtf": "Text document",
    "application/vnd.oasis.opendocument.text": "Text document",
    "application/zip": "Archive",
}
SORTS = {"image": "Picture", "audio": "Sound", "video": "Video"}
FOLDER = "attachments"
SOON = timedelta(days=1)


def random_place(attachment: PatientAttachment, name: str) -> str:
    """Where the bytes are kept: nothing of the name or the patient, one folder per account."""
    return f"{FOLDER}/{attachment.account_id}/{secrets.token_hex(16)}"


def remove_unkept(account_id: int) -> int:
    """Remove an account's bytes of which no row knows a day later; how many files that were.

    Such are left by a server that was killed between the two. Needs the account's scope.
    """
    folder = f"{FOLDER}/{account_id}"
    if not default_storage.exists(folder) and not settings.FILES_ARE_IN_S3:
        return 0
    found = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    unknown = found - set(PatientAttachment.objects.values_list("file", flat=True))
    before = timezone.now() - SOON
    forgotten = [p for p in unknown if default_storage.get_modified_time(p) < before]
    for place in forgotten:
        default_storage.delete(place)
    return len(forgotten)


class PatientAttachmentQuerySet(TenantQuerySet["PatientAttachment"]):
    def live(self) -> PatientAttachmentQuerySet:
        return self.filter(archived_at=None)


PatientAttachmentManager = TenantManager.from_queryset(PatientAttachmentQuerySet)


class PatientAttachment(TenantModel):
    """A file of one patient. It may be in several of the patient's cases."""

    account = AccountField(related_name="patient_attachments")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="attachments")
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    filename = models.CharField(max_length=255)
    description = models.CharField(max_length=255, blank=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    file = models.FileField(upload_to=random_place, max_length=255)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PatientAttachmentManager] = PatientAttachmentManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="attachments_of_patient"),
            models.Index(fields=["account", "user", "id"], name="attachments_of_user"),
            *by_time("attachments", "created_at", "updated_at", seldom=ARCHIVED),
        ]
        constraints: ClassVar = [
            # What the key of a file in a case refers to: no file of another patient.
            models.UniqueConstraint(
                fields=["account", "id", "patient"], name="attachment_of_patient"
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_image(self) -> bool:
        return self.content_type in IMAGES

    @property
    def is_pdf(self) -> bool:
        return self.content_type == PDF

    @property
    def has_preview(self) -> bool:
        return self.is_image or self.is_pdf

    @property
    def kind(self) -> str:
        """What sort of file it is, in a word."""
        sort = self.content_type.partition("/")[0]
        return KINDS.get(self.content_type) or SORTS.get(sort, "File")

    @classmethod
    def refuse(cls, upload: UploadedFile) -> None:
        """Raise FileRefused where `keep` would."""
        refuse_unsafe(upload, upload.size or 0, most=settings.LARGEST_FILE)

    @classmethod
    def keep(
        cls, patient: Patient, upload: UploadedFile, *, by: Actor, description: str = ""
    ) -> PatientAttachment:
        """Store the file. Raises FileRefused for one that is empty, too large or a trap.

        Bytes whose row is not stored are removed at once; where only the transaction fails later,
        by `remove_unkept`.
        """
        kept = cls._checked(patient, upload, upload.name or "", by, description)
        kept.file.save(kept.filename, upload, save=False)
        try:
            kept._store(by)
        except Exception:
            kept.file.delete(save=False)
            raise
        return kept

    @classmethod
    def keep_placed(
        cls, patient: Patient, place: str, name: str, *, by: Actor, description: str = ""
    ) -> PatientAttachment:
        """As `keep`, of bytes that are in the storage already, at `place`, and stay there."""
        with default_storage.open(place) as bytes_there:
            kept = cls._checked(patient, bytes_there, name, by, description)
        kept.file.name = place
        kept._store(by)
        return kept

    @classmethod
    def _checked(
        cls, patient: Patient, upload: File[Any], name: str, by: Actor, description: str
    ) -> PatientAttachment:
        """What is kept of a file, told from its bytes; not stored yet. Raises FileRefused."""
        size = upload.size or 0
        refuse_unsafe(upload, size, most=settings.LARGEST_FILE)
        return cls(
            account_id=patient.account_id,
            patient=patient,
            user=by.member.user if by.member else None,
            filename=plain_name(name),
            description=description[:255],
            content_type=content_type(upload, plain_name(name)),
            size=size,
        )

    def _store(self, by: Actor) -> None:
        with transaction.atomic(), recorded(self, "attached", by=by):
            self.save(force_insert=True)

    def archive(self, *, by: Actor) -> None:
        """Take it out of the lists; the bytes are kept."""
        self._set_archived_at(timezone.now(), "archived", by)

    def restore(self, *, by: Actor) -> None:
        """Undo `archive`."""
        self._set_archived_at(None, "restored", by)

    def _set_archived_at(self, moment: object, verb: str, by: Actor) -> None:
        with recorded(self, verb, by=by):
            self.archived_at = moment  # type: ignore[assignment]
            self.save(update_fields=["archived_at", "updated_at"])
