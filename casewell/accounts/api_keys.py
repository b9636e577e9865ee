"""A member's key to the API."""

from __future__ import annotations

import hashlib
import secrets
import string
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from casewell.accounts.models import Membership, Shared

if TYPE_CHECKING:
    from datetime import date, datetime

NOTED_EVERY = timedelta(minutes=1)
A_MOMENT = timedelta(microseconds=1)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def unended(self, now: Any = None) -> ApiKeyQuerySet:
        """Neither revoked nor past its end; whose member may be gone all the same."""
        lasting = Q(expires_at=None) | Q(expires_at__gt=now or timezone.now())
        return self.filter(lasting, revoked_at=None)

    def ended(self) -> ApiKeyQuerySet:
        """Revoked, or past their end."""
        return self.filter(Q(revoked_at__isnull=False) | Q(expires_at__lte=timezone.now()))

    def valid(self, now: Any = None) -> ApiKeyQuerySet:
        """Those that open the API now: unended, of members who can come in.

        `now` may be an expression, for a statement that is compiled once.
        """
        return self.unended(now).filter(membership__active=True, membership__user__is_active=True)


class ApiKey(Shared):
    """A member's key to the API: it has the member's rights, and is shown once.

    36 random letters and digits (214 bits), then `-` and the cell; only the prefix and the
    SHA-256 of the 36 are kept.
    """

    ALPHABET = string.ascii_letters + string.digits
    LENGTH = 36

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100, blank=True)
    prefix = models.CharField(max_length=6)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.membership}"

    @classmethod
    def issue(
        cls, membership: Membership, *, name: str = "", expires_at: datetime | None = None
    ) -> tuple[ApiKey, str]:
        """A new key and its only showing: `(key, "<36 characters>-au1")`."""
        text = "".join(secrets.choice(cls.ALPHABET) for _ in range(cls.LENGTH))
        key = cls.objects.create(
            membership=membership,
            name=name,
            prefix=text[:6],
            digest=cls.digest_of(text),
            expires_at=expires_at,
        )
        return key, f"{text}-{settings.CELL}"

    @classmethod
    def digest_of(cls, text: str) -> str:
        """What is kept of a key, given with any cell's suffix or without; of any text at all."""
        return hashlib.sha256(text.partition("-")[0].encode(errors="replace")).hexdigest()

    @classmethod
    def used(cls, key_id: int, at: datetime) -> None:
        """Note that a key was used: one statement, which writes at most once a minute.

        It belongs outside the request's transaction, whose length would hold up the next one.
        """
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=at - NOTED_EVERY)
        cls.objects.filter(unnoted, pk=key_id).update(last_used_at=at)

    @property
    def called(self) -> str:
        """How people know it: by its name, else by how it begins."""
        return f"“{self.name}”" if self.name else f"{self.prefix}…"

    @property
    def account_id(self) -> int:
        """The practice that it opens: its changes are told there."""
        return int(self.membership.account_id)

    @property
    def has_run_out(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def last_day(self) -> date | None:
        """The last day, where the practice is, on which it opens something."""
        if self.expires_at is None:
            return None
        return timezone.localdate(self.expires_at - A_MOMENT, self.membership.account.zone)

    def revoke(self) -> None:
        """End this key at once."""
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at", "updated_at"])
