"""The token of a signed launch (docs/domain.md#signed-launch)."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from joserfc import jwt

if TYPE_CHECKING:
    from joserfc.jwk import ECKey

    from casewell.connections.addresses import Address

ALGORITHM = "ES256"
TYPE = "casewell-launch+jwt"
LASTS = 60  # seconds


def launch_token(opened: Address, key: ECKey, **claims: str | None) -> str:
    """A JWT for one launch at `opened`, good for a minute. Claims that are None are left out."""
    said = launch_claims(opened, **claims)
    return jwt.encode(launch_header(key), said, key, algorithms=[ALGORITHM])


def launch_header(key: ECKey) -> dict[str, Any]:
    return {"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}


def launch_claims(opened: Address, **claims: str | None) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": issuer(),
        "aud": opened.without_query,
        "iat": now,
        "exp": now + LASTS,
        "jti": secrets.token_urlsafe(16),
        **{name: value for name, value in claims.items() if value is not None},
    }


def issuer() -> str:
    """This installation's address, as tokens name it: without a / at its end."""
    return str(settings.SITE_ADDRESS).rstrip("/")
