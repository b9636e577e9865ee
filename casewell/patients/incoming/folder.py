"""Files sent to Casewell itself, by forms that it signs as S3 signs its own."""

from __future__ import annotations

import base64
import json
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from casewell.patients.incoming.place import (
    FOLDER,
    HOLDS,
    FormRefused,
    Place,
    Store,
    UploadMissing,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files import File

SALT = "casewell.patients.incoming"


class Folder(Store):
    """The data folder, one folder an account."""

    def form(self, place: Place, root: str) -> tuple[str, dict[str, Any]]:
        now = timezone.now()
        policy = _policy(place, now + HOLDS)
        return root, {
            "acl": "private",
            "key": place.key,
            "policy": policy,
            "success_action_status": "201",
            "x-amz-algorithm": "AWS4-HMAC-SHA256",
            "x-amz-credential": f"casewell/{now:%Y%m%d}/local/s3/aws4_request",
            "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}",
            "x-amz-signature": _signature(policy),
        }

    def copy(self, place: Place, kept_at: str) -> None:
        default_storage.delete(kept_at)  # of a try that did not hold
        source, kept = (
            Path(default_storage.path(staged(place))),
            Path(default_storage.path(kept_at)),
        )
        for folder in (kept.parent.parent, kept.parent):
            folder.mkdir(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True)
        try:
            os.link(source, kept)
        except FileNotFoundError as error:
            raise UploadMissing from error
        except OSError:  # not every file system has links
            shutil.copy2(source, kept)

    def remove(self, place: Place) -> None:
        default_storage.delete(staged(place))

    def remove_before(self, account_id: int, moment: datetime) -> int:
        folder = f"{FOLDER}/{account_id}"
        if not default_storage.exists(folder):
            return 0
        found = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        old = [one for one in found if default_storage.get_modified_time(one) < moment]
        for one in old:
            default_storage.delete(one)
        return len(old)


def staged(place: Place) -> str:
    """Where the file waits; nothing of its name."""
    return f"{FOLDER}/{place.account_id}/{place.patient_id}-{place.token}"


def take_in(place: Place, file: File[bytes]) -> None:
    """Keep a file that was sent, in place of one that was sent there before."""
    default_storage.delete(staged(place))
    default_storage.save(staged(place), file)


def place_in(fields: Mapping[str, str]) -> Place:
    """Where the file of a form belongs. Raises FormRefused unless we have signed that."""
    policy, key = fields.get("policy", ""), fields.get("key", "")
    if not constant_time_compare(_signature(policy), fields.get("x-amz-signature", "")):
        raise FormRefused("The signature is not ours.")
    prefix, until = _read(policy)
    place = Place.written_in(key)
    if place is None or not key.startswith(prefix) or place.prefix != prefix:
        raise FormRefused("The key is another than the one that was handed out.")
    if until < timezone.now():
        raise FormRefused("The form has expired: ask for another.")
    return place


def _policy(place: Place, until: datetime) -> str:
    """What is signed, as S3 writes it."""
    conditions = [
        {"acl": "private"},
        ["starts-with", "$key", place.prefix],
        {"success_action_status": "201"},
        ["content-length-range", 1, settings.LARGEST_FILE],
    ]
    said = {"expiration": f"{until:%Y-%m-%dT%H:%M:%S}Z", "conditions": conditions}
    return base64.b64encode(json.dumps(said).encode()).decode()


def _read(policy: str) -> tuple[str, datetime]:
    """What the key begins with, and until when; of a policy that we have signed."""
    said = json.loads(base64.b64decode(policy))
    [prefix] = (one[2] for one in said["conditions"] if isinstance(one, list) and "$key" in one)
    return prefix, datetime.fromisoformat(said["expiration"])


def _signature(policy: str) -> str:
    return salted_hmac(SALT, policy, algorithm="sha256").hexdigest()
