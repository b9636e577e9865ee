"""The private address at which other programs read a practitioner's calendar."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from casewell.accounts.models import Membership, Practitioner, User
from casewell.audit.models import recorded
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

NOTED_EVERY = timedelta(minutes=5)


class CalendarFeedQuerySet(TenantQuerySet["CalendarFeed"]):
    def live(self) -> Self:
        return self.filter(revoked_at=None)

    def opened_by(self, token: str) -> Self:
        """The feed that the token opens: not where it is revoked, or where the practitioner, their
        user or whoever made it has left.
        """
        members = Membership.objects.live().filter(account_id=OuterRef("account_id"))
        maker = members.filter(user_id=OuterRef("made_by_id"))
        own = members.filter(user_id=OuterRef("practitioner__user_id"))
        return self.live().filter(
            Exists(maker),
            Q(practitioner__user=None) | Exists(own),
            digest=digest_of(token),
            practitioner__active=True,
        )


CalendarFeedManager = TenantManager.from_queryset(CalendarFeedQuerySet)


class CalendarFeed(TenantModel):
    """A practitioner's address; of its secret part only the SHA-256 is kept."""

    account = AccountField(related_name="calendar_feeds")
    practitioner = TenantForeignKey(Practitioner, models.CASCADE, related_name="calendar_feeds")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    with_names = models.BooleanField("with the names of patients", default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    untold_fields = frozenset({"fetched_at"})
    objects: ClassVar[CalendarFeedManager] = CalendarFeedManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "digest"], name="feed_by_digest"),
            models.UniqueConstraint(
                fields=["account", "practitioner"],
                condition=Q(revoked_at=None),
                name="one_feed_of_practitioner",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "practitioner", "id"], name="feeds_of_practitioner")
        ]

    def __str__(self) -> str:
        return f"Calendar feed of {self.practitioner}"

    @classmethod
    def make(
        cls, practitioner: Practitioner, user: User, *, with_names: bool = False, by: Actor
    ) -> tuple[CalendarFeed, str]:
        """A new address in the place of the former one, and the only showing of its secret."""
        text = secrets.token_urlsafe(32)
        with transaction.atomic():
            Practitioner.objects.select_for_update(no_key=True).get(pk=practitioner.pk)
            for former in cls.objects.live().filter(practitioner=practitioner):
                former.revoke(by=by)
            feed = cls(
                account_id=practitioner.account_id,
                practitioner=practitioner,
                made_by=user,
                digest=digest_of(text),
                with_names=with_names,
            )
            with recorded(feed, "made", by=by):
                feed.save(force_insert=True)
        return feed, text

    def show_names(self, shown: bool, *, by: Actor) -> None:
        """Put the names of patients into it, or leave them out."""
        with recorded(self, "shows names" if shown else "hides names", by=by):
            self.with_names = shown
            self.save(update_fields=["with_names", "updated_at"])

    def revoke(self, *, by: Actor) -> None:
        """Close the address for good."""
        with recorded(self, "revoked", by=by):
            self.revoked_at = timezone.now()
            self.save(update_fields=["revoked_at", "updated_at"])

    def note_fetch(self) -> None:
        """Note that it was read, at most every few minutes."""
        now = timezone.now()
        if self.fetched_at is None or self.fetched_at < now - NOTED_EVERY:
            type(self).objects.filter(pk=self.pk).update(fetched_at=now)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
