"""The letterhead of a business: what is printed, and a logo that was drawn anew."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casewell.accounts.models import BusinessLogo
from casewell.audit.models import Change
from casewell.letters.saying import head_of
from tests.web.pages import said, text_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

TYPED = {
    "display_name": "Hill Street <b>Physio</b>",
    "business_registration_name": "ABN",
    "business_registration_value": "51 824 753 556",
    "contact_information": "02 9000 0000",
    "logo_height": "60",
}


def picture(kind: str = "PNG", **more: Any) -> bytes:
    """A small red picture, with what a camera would write into it."""
    kept = BytesIO()
    Image.new("RGB", (40, 20), "red").save(kept, kind, **more)
    return kept.getvalue()


def upload(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def test_a_letterhead_is_set_shown_as_printed_and_its_logo_taken_away(
    northside: Practice, admin: Client
) -> None:
    here = f"/northside/settings/businesses/{northside.business.pk}/letterhead"
    assert "Remove the logo" not in text_of(admin.get(here))
    sent = picture("GIF", comment=b"who made this")
    saved = admin.post(here, TYPED | {"logo": upload(sent, "logo.gif")})

    assert saved.headers["Location"] == here
    assert said(saved) == ["The letterhead of Hill Street is saved."]
    [logo] = BusinessLogo.objects.all()
    shown = admin.get(here)
    assert "Hill Street <b>Physio</b> 02 9000 0000 ABN 51 824 753 556" in text_of(shown)
    assert "Remove the logo" in text_of(shown)
    page = shown.content.decode()
    address = f"/northside/businesses/{northside.business.pk}/logo"
    assert f'src="{address}?v={logo.pk}" height="60"' in page
    seen = admin.get(address)
    assert (seen.headers["Content-Type"], Image.open(BytesIO(seen.content)).size) == (
        "image/png",
        (40, 20),
    )
    assert b"who made this" in sent
    assert b"who made this" not in seen.content
    assert "sandbox" in seen.headers["Content-Security-Policy"]

    admin.post(here, TYPED | {"remove_logo": "on"})
    assert BusinessLogo.objects.count() == 0
    assert admin.get(address).status_code == 404
    assert next(change.changes for change in Change.objects.of(northside.business)) == {
        "logo": ["given", None]
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<svg onload='alert(1)'/>", "The logo must be a PNG, JPEG or GIF."),
        (b"\x89PNG\r\n\x1a\n<?php", "The logo must be a picture that can be shown."),
        (picture() + b"0" * 1_100_000, "The logo must be at most 1 MB."),
    ],
)
def test_what_is_no_small_picture_is_refused_and_keeps_what_was_typed(
    northside: Practice, admin: Client, content: bytes, told: str
) -> None:
    here = f"/northside/settings/businesses/{northside.business.pk}/letterhead"
    refused = admin.post(here, TYPED | {"logo": upload(content)})

    assert refused.status_code == 422
    assert told in text_of(refused)
    assert 'value="51 824 753 556"' in refused.content.decode()
    assert BusinessLogo.objects.count() == 0
    northside.business.refresh_from_db()
    assert northside.business.business_registration_value == ""


def test_each_way_to_reach_a_place_is_a_line_of_its_head(northside: Practice) -> None:
    northside.business.contact_information = "Phone 02 9000 0000\r\n\r\nwww.hill.example "

    assert head_of(northside.business)["lines"] == ["Phone 02 9000 0000", "www.hill.example"]
