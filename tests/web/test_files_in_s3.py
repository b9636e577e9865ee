"""Files in an S3 bucket, on a server of our own: kept, served and drawn through us alone."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from django.core.files.storage import storages
from django.test import Client

from casewell.patients.attachment import remove_unkept
from tests.files import keep_file, picture
from tests.web.files import served
from tests.world import BACKEND

if TYPE_CHECKING:
    from tests.world import Practice


def test_a_file_is_put_served_drawn_and_private(northside: Practice, bucket: str) -> None:
    desk = Client()
    desk.force_login(northside.member.user, BACKEND)
    kept = keep_file(northside, "knee.png", picture())

    original = desk.get(f"/northside/files/{kept.pk}")
    drawn = desk.get(f"/northside/files/{kept.pk}/preview")

    assert served(original) == picture()
    assert drawn.headers["Content-Type"] == "image/png"
    stored = storages["default"].bucket.Object(kept.file.name)  # type: ignore[attr-defined]
    grants = [grant["Grantee"].get("URI", "") for grant in stored.Acl().grants]
    assert grants == [""]  # the owner alone, no group
    assert remove_unkept(northside.account.pk) == 0
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{bucket}/{kept.file.name}", timeout=5)  # noqa: S310 - our own
