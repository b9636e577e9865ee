"""A file that was sent becomes a patient's attachment: once, and only theirs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from casewell.lib.uploads import plain_name
from casewell.patients.attachment import FOLDER, SOON
from casewell.patients.incoming.bucket import Bucket
from casewell.patients.incoming.folder import Folder
from casewell.patients.incoming.place import Place, Store, UploadMissing
from casewell.patients.models import Patient, PatientAttachment

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


def store() -> Store:
    """What keeps files until they are claimed."""
    return Bucket() if settings.FILES_ARE_IN_S3 else Folder()


def claim(
    patient: Patient, address: str, *, by: Actor, filename: str = "", description: str = ""
) -> PatientAttachment:
    """Attach the file that was sent to that address, under the name it was sent by or `filename`.

    Inside a transaction. Raises UploadMissing for an address of another patient or practice, or
    of nothing; FileRefused as `PatientAttachment.keep` does.
    """
    place = Place.written_in(address)
    if place is None or (place.account_id, place.patient_id) != (patient.account_id, patient.pk):
        raise UploadMissing
    # Of two who claim the same, the second waits, and finds it claimed.
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    kept_at = f"{FOLDER}/{place.account_id}/{place.token}"
    if patient.attachments.filter(file=kept_at).exists():
        raise UploadMissing("This upload is attached already: send the file again.")
    store().copy(place, kept_at)
    name = plain_name(filename or place.filename)
    try:
        kept = PatientAttachment.keep_placed(patient, kept_at, name, by=by, description=description)
    except Exception:
        default_storage.delete(kept_at)
        raise
    transaction.on_commit(partial(store().remove, place))
    return kept


def remove_unclaimed(account_id: int) -> int:
    """Remove what an account was sent and has not claimed a day later; how many files."""
    return store().remove_before(account_id, timezone.now() - SOON)
