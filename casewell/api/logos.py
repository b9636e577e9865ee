"""Logos of businesses: pictures that come as text, in a property."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from casewell.accounts.models import BusinessLogo
from casewell.audit.models import record_change

if TYPE_CHECKING:
    from casewell.accounts.models import Business
    from casewell.audit.actors import Actor

LARGEST = 1024 * 1024
BEGINNINGS = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def picture_in(text: str) -> tuple[str, bytes]:
    """Media type and bytes of a picture in base64, bare or as a `data:` address.

    Raises ValueError, with what is wrong, as a person reads it.
    """
    try:
        content = base64.b64decode("".join(text.rpartition(",")[2].split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("must be a picture in base64") from error
    if len(content) > LARGEST:
        raise ValueError("must be at most 1 MB")
    for beginning, kind in BEGINNINGS.items():
        if content.startswith(beginning):
            return kind, content
    raise ValueError("must be a PNG, JPEG or GIF")


def put_logo(business: Business, picture: tuple[str, bytes] | None, *, by: Actor) -> None:
    """Give a business that logo in place of the one it had; None is none."""
    removed, _ = business.logos.all().delete()
    if picture:
        kind, content = picture
        BusinessLogo.objects.create(
            account_id=business.account_id, business=business, media_type=kind, content=content
        )
    if removed or picture:
        told = ["given" if removed else None, "given" if picture else None]
        record_change(business, "edited", {"logo": told}, by=by)
