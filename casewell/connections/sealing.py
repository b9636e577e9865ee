"""What is derived from the installation's secret key: sealing of keys, and people's opaque ids.

Several servers of one installation have the same secret key, and so open what another sealed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from django.conf import settings
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

SEALING = "casewell launch keys, sealed"
SUBJECTS = "casewell launch subjects"
SEALED = {"alg": "dir", "enc": "A256GCM"}
SUBJECT_LENGTH = 32


class NotOpened(ValueError):  # noqa: N818 - a fact, as all our exceptions are
    """Something was sealed under another secret key, or was changed since."""


def derived(purpose: str) -> bytes:
    """32 bytes for one purpose: HKDF (RFC 5869) with SHA-256, without salt, in one block."""
    extracted = hmac.digest(bytes(32), settings.SECRET_KEY.encode(), hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)


def seal(private: dict[str, Any]) -> str:
    """Encrypt a private JWK, for keeping."""
    key = OctKey.import_key(derived(SEALING))
    return jwe.encrypt_compact(SEALED, json.dumps(private), key)


def unseal(sealed: str) -> dict[str, Any]:
    """What `seal` was given. Raises NotOpened."""
    try:
        opened = jwe.decrypt_compact(sealed, OctKey.import_key(derived(SEALING)))
        found: dict[str, Any] = json.loads(opened.plaintext or b"")
    except (JoseError, ValueError) as error:
        raise NotOpened("sealed under another secret key") from error
    return found


def subject(app_id: int, user_id: int) -> str:
    """A user as one app knows them: always the same there, another elsewhere, leading nowhere."""
    said = f"{app_id}:{user_id}".encode()
    return hmac.new(derived(SUBJECTS), said, hashlib.sha256).hexdigest()[:SUBJECT_LENGTH]
