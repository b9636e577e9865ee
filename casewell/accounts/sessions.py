"""Sessions that know whose they are, so that a user's can be listed and ended.

What sign-in and `SessionTimes` keep in one: `started` and `seen` as seconds, `browser` as it names
itself.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casewell.accounts.models import User


class Session(AbstractBaseSession):
    """One browser's session; somebody's, once they have signed in."""

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, related_name="sessions", editable=False
    )

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, with the user in a column."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session: Any = super().create_model_instance(data)
        session.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return session  # type: ignore[no-any-return]


@dataclass(frozen=True)
class SignIn:
    """A running session as its user may know it: without the key, which would let anybody in."""

    digest: str
    browser: str
    started_at: datetime
    seen_at: datetime


def has_ended(kept: Mapping[str, Any]) -> bool:
    """Whether a session is over: unused for too long, or too long in any case."""
    now = time.time()
    unused: bool = now - kept["seen"] > settings.SESSION_IDLE_MINUTES * 60
    too_old: bool = now - kept["started"] > settings.SESSION_ABSOLUTE_HOURS * 3600
    return unused or too_old


def sign_ins(user: User) -> list[SignIn]:
    """The user's sessions that still open something, last used first."""
    found = []
    for session in user.sessions.filter(expire_date__gt=timezone.now()):
        kept = session.get_decoded()
        # A changed password has ended the others, whose rows are removed later.
        known = kept.get(HASH_SESSION_KEY) == user.get_session_auth_hash()
        if known and "started" in kept and not has_ended(kept):
            times = (datetime.fromtimestamp(kept[name], UTC) for name in ("started", "seen"))
            browser = kept.get("browser", "")
            found.append(SignIn(digest_of_session(session.session_key), browser, *times))
    return sorted(found, key=lambda one: one.seen_at, reverse=True)


def end_sign_ins(user: User, *, but: str = "", only: str = "") -> int:
    """Sign a user out: everywhere, but in one session, or only there, each named by its digest."""
    keys = user.sessions.values_list("session_key", flat=True)
    ended = [
        key for key in keys if (digest := digest_of_session(key)) != but and only in ("", digest)
    ]
    user.sessions.filter(session_key__in=ended).delete()
    return len(ended)


def digest_of_session(key: str | None) -> str:
    """What a page may call a session."""
    return hashlib.sha256((key or "").encode()).hexdigest()[:20]
