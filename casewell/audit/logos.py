"""Logos of businesses: drawn anew when they are kept, so that no paper or page shows a file of
unknown making.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from casewell.accounts.models import BusinessLogo
from casewell.audit.models import record_change
from casewell.lib.errors import RuleViolation
from casewell.lib.previews import picture_of

if TYPE_CHECKING:
    from casewell.accounts.models import Business
    from casewell.audit.actors import Actor

LARGEST = 1024 * 1024
KINDS = ("image/png", "image/jpeg")  # as they are kept; a GIF becomes a PNG
BEGINNINGS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")


def logo_of(content: bytes) -> tuple[str, bytes]:
    """Media type and bytes of a picture as it is kept.

    Raises ValueError, with what is wrong, as in “The logo must be …”.
    """
    if len(content) > LARGEST:
        raise ValueError("must be at most 1 MB")
    if not content.startswith(BEGINNINGS):
        raise ValueError("must be a PNG, JPEG or GIF")
    try:
        drawn = picture_of(io.BytesIO(content), "image")
    except RuleViolation as why:
        raise ValueError("must be a picture that can be shown") from why
    if len(drawn.body) > 4 * LARGEST:
        raise ValueError("must be a simpler or smaller picture")
    return drawn.content_type, drawn.body


def put_logo(business: Business, picture: tuple[str, bytes] | None, *, by: Actor) -> None:
    """Give a business that logo, of `logo_of`, in place of the one it had; None is none."""
    removed, _ = business.logos.all().delete()
    if picture:
        kind, content = picture
        BusinessLogo.objects.create(
            account_id=business.account_id, business=business, media_type=kind, content=content
        )
    if removed or picture:
        told = ["given" if removed else None, "given" if picture else None]
        record_change(business, "edited", {"logo": told}, by=by)
