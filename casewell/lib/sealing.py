"""What is derived from the installation's secret key, and the sealing of secrets with it.

Several servers of one installation have the same secret key, and so open what another sealed.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

SEALED = {"alg": "dir", "enc": "A256GCM"}


class NotOpened(ValueError):  # noqa: N818 - a fact, as all our exceptions are
    """Something was sealed under another secret key, or was changed since."""


def derived(purpose: str) -> bytes:
    """32 bytes for one purpose: HKDF (RFC 5869) with SHA-256, without salt, in one block."""
    extracted = hmac.digest(bytes(32), settings.SECRET_KEY.encode(), hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)


def seal(text: str, purpose: str) -> str:
    """Encrypt a secret, for keeping."""
    return jwe.encrypt_compact(SEALED, text, OctKey.import_key(derived(purpose)))


def unseal(sealed: str, purpose: str) -> str:
    """What `seal` was given for that purpose. Raises NotOpened."""
    try:
        opened = jwe.decrypt_compact(sealed, OctKey.import_key(derived(purpose)))
        return (opened.plaintext or b"").decode()
    except (JoseError, ValueError) as error:
        raise NotOpened("sealed under another secret key") from error
