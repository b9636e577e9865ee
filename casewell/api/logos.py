"""Logos of businesses: pictures that come as text, in a property."""

from __future__ import annotations

import base64
import binascii

from casewell.audit.logos import logo_of


def picture_in(text: str) -> tuple[str, bytes]:
    """Media type and bytes of a picture in base64, bare or as a `data:` address.

    Raises ValueError, with what is wrong, as a person reads it.
    """
    try:
        content = base64.b64decode("".join(text.rpartition(",")[2].split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("must be a picture in base64") from error
    return logo_of(content)
