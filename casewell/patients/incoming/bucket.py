"""Files sent to an S3 bucket by forms that it takes, past Casewell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage

from casewell.lib.uploads import FileRefused
from casewell.patients.incoming.place import FOLDER, HOLDS, Place, Store, UploadMissing

if TYPE_CHECKING:
    from datetime import datetime


class Bucket(Store):
    """The bucket in which files are kept; what is sent waits under a prefix of its own."""

    def form(self, place: Place, root: str) -> tuple[str, dict[str, Any]]:
        fields = {"acl": "private", "success_action_status": "201"}
        sent = self._client.generate_presigned_post(
            self._name,
            place.key,
            Fields=fields,
            Conditions=[
                *({name: text} for name, text in fields.items()),
                ["content-length-range", 1, settings.LARGEST_FILE],
            ],
            ExpiresIn=int(HOLDS.total_seconds()),
        )
        return sent["url"].rstrip("/") + "/", sent["fields"]

    def copy(self, place: Place, kept_at: str) -> None:
        sent = self._sent_to(place)
        if not sent:
            raise UploadMissing
        named = [one for one in sent if one.key == place.prefix + place.filename]
        chosen = max(named or sent, key=lambda one: one.last_modified)
        if chosen.size > settings.LARGEST_FILE:
            raise FileRefused(f"This file is larger than {settings.LARGEST_FILE // 1024**2} MB.")
        self._client.copy_object(
            Bucket=self._name,
            Key=kept_at,
            CopySource={"Bucket": self._name, "Key": chosen.key},
            ACL="private",
            MetadataDirective="REPLACE",
        )

    def remove(self, place: Place) -> None:
        for one in self._sent_to(place):
            one.delete()

    def remove_before(self, account_id: int, moment: datetime) -> int:
        sent = self._bucket.objects.filter(Prefix=f"{FOLDER}/{account_id}/")
        old = [one for one in sent if one.last_modified < moment]
        for one in old:
            one.delete()
        return len(old)

    def _sent_to(self, place: Place) -> list[Any]:
        return list(self._bucket.objects.filter(Prefix=place.prefix))

    @property
    def _bucket(self) -> Any:
        storage: Any = default_storage
        return storage.bucket

    @property
    def _client(self) -> Any:
        return self._bucket.meta.client

    @property
    def _name(self) -> str:
        return str(self._bucket.name)
