"""An invitation into a practice: a link that works once, for some days."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone

from casewell.accounts.models import Account, Shared, User
from casewell.accounts.roles import Role
from casewell.lib.errors import RuleViolation

if TYPE_CHECKING:
    from casewell.accounts.models import Membership

LASTS = timedelta(days=7)


class InvitationGone(RuleViolation):
    """The invitation was used, taken back or has run out."""

    code = "invitation_gone"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> InvitationQuerySet:
        """Neither used nor taken back; perhaps run out."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> InvitationQuerySet:
        return self.pending().filter(expires_at__gt=timezone.now())

    def with_token(self, token: str) -> InvitationQuerySet:
        return self.filter(digest=digest_of(token))


class Invitation(Shared):
    """Somebody who may become a member. Only the SHA-256 of the link's token is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail", max_length=254)
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display()}"

    @property
    def has_run_out(self) -> bool:
        return self.expires_at <= timezone.now()

    def renew(self) -> str:
        """Let it last anew under a new token, which is returned; not stored yet."""
        token = secrets.token_urlsafe(32)
        self.digest, self.expires_at = digest_of(token), timezone.now() + LASTS
        return token

    def accept(self, user: User) -> Membership:
        """Make `user` a member, once. Raises InvitationGone.

        The row is locked: of two clicks the second waits, and finds it used.
        """
        held = Invitation.objects.open().select_for_update(of=("self",), no_key=True)
        if not held.filter(pk=self.pk, digest=self.digest).exists():
            raise InvitationGone("This invitation can no longer be used.")
        self.accepted_at = timezone.now()
        self.save(update_fields=["accepted_at", "updated_at"])
        # Who is a member already stays what they are: an old link takes no role away.
        present = self.account.memberships.filter(user=user, active=True).first()
        return present or self.account.admit(user, role=Role(self.role))


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
