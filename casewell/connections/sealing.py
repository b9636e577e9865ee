"""The sealing of launch keys, and people's opaque ids: both from the installation's secret key."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from casewell.lib import sealing
from casewell.lib.sealing import NotOpened, derived

SEALING = "casewell launch keys, sealed"
SUBJECTS = "casewell launch subjects"
SUBJECT_LENGTH = 32


def seal(private: dict[str, Any]) -> str:
    """Encrypt a private JWK, for keeping."""
    return sealing.seal(json.dumps(private), SEALING)


def unseal(sealed: str) -> dict[str, Any]:
    """What `seal` was given. Raises NotOpened."""
    try:
        found: dict[str, Any] = json.loads(sealing.unseal(sealed, SEALING))
    except json.JSONDecodeError as error:
        raise NotOpened("sealed under another secret key") from error
    return found


def subject(app_id: int, user_id: int) -> str:
    """A user as one app knows them: always the same there, another elsewhere, leading nowhere."""
    said = f"{app_id}:{user_id}".encode()
    return hmac.new(derived(SUBJECTS), said, hashlib.sha256).hexdigest()[:SUBJECT_LENGTH]
