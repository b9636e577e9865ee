"""A member's key to the API."""

from __future__ import annotations

import hashlib
import secrets
import string

from django.db import models
from django.utils import timezone

from casewell.accounts.models import Membership, Shared


class ApiKey(Shared):
    """A member's key to the API: it has the member's rights, and is shown once.

    36 random letters and digits (214 bits), then `-` and the cell; only the prefix and the
    SHA-256 of the 36 are kept.
    """

    ALPHABET = string.ascii_letters + string.digits
    LENGTH = 36
    CELL = "au1"

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100, blank=True)
    prefix = models.CharField(max_length=6)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.membership}"

    @classmethod
    def issue(cls, membership: Membership, *, name: str = "") -> tuple[ApiKey, str]:
        """A new key and its only showing: `(key, "<36 characters>-au1")`."""
        text = "".join(secrets.choice(cls.ALPHABET) for _ in range(cls.LENGTH))
        key = cls.objects.create(
            membership=membership, name=name, prefix=text[:6], digest=cls.digest_of(text)
        )
        return key, f"{text}-{cls.CELL}"

    @classmethod
    def digest_of(cls, text: str) -> str:
        """What is kept of a key, given with or without its cell's suffix."""
        return hashlib.sha256(text.partition("-")[0].encode()).hexdigest()

    def revoke(self) -> None:
        """End this key at once."""
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at", "updated_at"])
