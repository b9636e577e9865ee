"""A receiver: where a practice's events are sent, signed with a secret that both know."""

from __future__ import annotations

import base64
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import ada_url
from django.db import models, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from casewell.accounts.models import Account
from casewell.audit.models import record_change, recorded
from casewell.events.addresses import LONGEST
from casewell.lib.errors import RuleViolation
from casewell.lib.sealing import NotOpened, seal, unseal
from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from casewell.audit.actors import Actor

PURPOSE = "casewell webhook secrets, sealed"
SECRET_BYTES = 32
FORMER_SECRET_LASTS = timedelta(hours=24)
LEASE = timedelta(seconds=60)  # longer than one call may take
CLOCKS_DIFFER = timedelta(seconds=1)
MOST_ENDPOINTS = 10
# After so many calls in a row without an answer: for so long nothing more is tried there.
RESTS = [timedelta(seconds=s) for s in (5, 60, 5 * 60, 30 * 60)]
GIVEN_UP_AFTER = timedelta(days=5)
LOCKED = "Its secret was sealed with another secret key of the installation: give it a new one."
GONE, UNANSWERED = "It answered that it is gone (410).", "No call was answered well for five days."


class TooManyEndpoints(RuleViolation):
    """A practice has as many receivers as it may have."""

    code = "too_many_webhooks"


class WebhookEndpointQuerySet(TenantQuerySet["WebhookEndpoint"]):
    def kept(self) -> WebhookEndpointQuerySet:
        return self.filter(archived_at=None)

    def live(self) -> WebhookEndpointQuerySet:
        return self.kept().filter(disabled_at=None)

    def with_calls(self) -> WebhookEndpointQuerySet:
        """Annotate `last_done_at`, and by `failed_count` and `waiting_count` how many are so."""
        return self.annotate(
            last_done_at=Max("deliveries__done_at"),
            failed_count=Count("deliveries", filter=Q(deliveries__failed_at__isnull=False)),
            waiting_count=Count("deliveries", filter=Q(deliveries__next_try_at__isnull=False)),
        )

    def overdue(self, since: datetime) -> WebhookEndpointQuerySet:
        """Those with a call that was due then, which neither rest nor are being called."""
        now = timezone.now()
        busy = Q(claimed_until__gt=now) | Q(rests_until__gt=now)
        deliveries: Any = self.model._meta.get_field("deliveries").related_model
        late = deliveries.objects.filter(endpoint=OuterRef("pk"), next_try_at__lt=since)
        return self.exclude(busy).filter(Exists(late))


WebhookEndpointManager = TenantManager.from_queryset(WebhookEndpointQuerySet)


class WebhookEndpoint(TenantModel):
    """One address with the types of event that it is told of, from then on."""

    # Its secrets, and what its calls note.
    untold_fields = frozenset({"secret", "former_secret", "claim", "claimed_until"}) | frozenset(
        {"wakes_at", "rests_until", "unanswered", "failing_since", "is_slow"}
    )

    account = AccountField(related_name="webhook_endpoints")
    url = models.CharField("address", max_length=LONGEST)
    description = models.CharField("what it is for", max_length=100, blank=True)
    types = models.JSONField("events", default=list)
    secret = models.TextField(editable=False)
    former_secret = models.TextField(blank=True, editable=False)
    rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_at = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_reason = models.CharField(max_length=255, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Who is calling it now, and until when that is believed: a killed worker's claim ends. When
    # the next job looks what is due.
    claim = models.BigIntegerField(default=0, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    wakes_at = models.DateTimeField(null=True, blank=True, editable=False)
    rests_until = models.DateTimeField(null=True, blank=True, editable=False)
    unanswered = models.PositiveSmallIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    is_slow = models.BooleanField(default=False, editable=False)

    objects: ClassVar[WebhookEndpointManager] = WebhookEndpointManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["account", "id"], name="webhook_endpoints")]

    def __str__(self) -> str:
        return self.description or ada_url.URL(self.url).host

    @property
    def state(self) -> str:
        """How it is, in a word: off, failing, or on."""
        if not self.is_live:
            return "off"
        return "failing" if self.failing_since else "on"

    @property
    def is_live(self) -> bool:
        return self.disabled_at is None and self.archived_at is None

    @classmethod
    def refuse_one_too_many(cls, account: Account) -> None:
        """Hold the practice, and raise TooManyEndpoints where it has as many as it may."""
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if account.webhook_endpoints.kept().count() >= MOST_ENDPOINTS:
            raise TooManyEndpoints(
                f"A practice has at most {MOST_ENDPOINTS} webhooks. Remove one that is not used."
            )

    def new_secret(self) -> str:
        """Give it a secret, not stored yet; this is the only time that it is told."""
        made = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        self.secret = seal(made, PURPOSE)
        return made

    def secrets_at(self, moment: datetime) -> list[str]:
        """What calls are signed with: for a day after a change, the former one as well.

        Raises NotOpened where the installation has another secret key by now.
        """
        found = [unseal(self.secret, PURPOSE)]
        both = self.rotated_at is not None and moment < self.rotated_at + FORMER_SECRET_LASTS
        if both and self.former_secret:
            with suppress(NotOpened):
                found.append(unseal(self.former_secret, PURPOSE))
        return found

    def rotate(self, *, by: Actor) -> str:
        """A new secret, told this once; the former one signs as well for a day."""
        with transaction.atomic(), recorded(self, "given a new secret", by=by):
            self.former_secret, self.rotated_at = self.secret, timezone.now()
            made = self.new_secret()
            self.save(update_fields=["secret", "former_secret", "rotated_at", "updated_at"])
        return made

    def disable(self, reason: str = "", *, by: Actor) -> None:
        """Send it nothing from now on; what happens meanwhile is not kept for it."""
        with recorded(self, "switched off", by=by):
            self.disabled_at, self.disabled_reason = timezone.now(), reason
            self.save(update_fields=["disabled_at", "disabled_reason", "updated_at"])

    def give_up(self, reason: str, *, by: Actor) -> None:
        """`disable` it though nobody asked for that, and tell those who can mend it."""
        from casewell.events.telling import tell_switched_off

        self.disable(reason, by=by)
        tell_switched_off(self)

    def enable(self, *, by: Actor) -> None:
        """Undo `disable`; what had waited is sent now."""
        with recorded(self, "switched on", by=by):
            self.disabled_at, self.disabled_reason = None, ""
            self.answered()
            self.save(
                update_fields=["disabled_at", "disabled_reason", *self.NOTED_OF_CALLS, "updated_at"]
            )
        self.call_soon()

    def archive(self, *, by: Actor) -> None:
        """Take it out of the settings for good, and forget its secrets."""
        with recorded(self, "archived", by=by):
            self.archived_at, self.secret, self.former_secret = timezone.now(), "", ""
            self.save(update_fields=["archived_at", "secret", "former_secret", "updated_at"])

    def send_test(self, *, by: Actor) -> None:
        """Have it called with an event that tells of nothing."""
        from casewell.events.outbox import put_out_test

        record_change(self, "tested", {"url": [None, self.url]}, by=by)
        put_out_test(self)

    NOTED_OF_CALLS: ClassVar = ["rests_until", "unanswered", "failing_since", "is_slow"]

    def answered(self, *, slowly: bool = False) -> None:
        """Note that a call went well."""
        self.rests_until = self.failing_since = None
        self.unanswered, self.is_slow = 0, slowly

    def failed(self, now: datetime, *, is_reached: bool, slowly: bool) -> None:
        """Note that a call failed; where nobody is there, all others wait too."""
        self.failing_since = self.failing_since or now
        if is_reached:
            self.rests_until, self.unanswered, self.is_slow = None, 0, slowly
            return
        self.rests_until = now + RESTS[min(self.unanswered, len(RESTS) - 1)]
        self.unanswered, self.is_slow = self.unanswered + 1, True

    def is_given_up(self, now: datetime) -> bool:
        return self.failing_since is not None and now - self.failing_since >= GIVEN_UP_AFTER

    def wake(self, due: datetime | None, now: datetime) -> datetime | None:
        """When one more job is to look here, not stored yet; None where one will in time."""
        if due is None:
            return None
        if self.rests_until:
            due = max(due, self.rests_until)
        if self.wakes_at and now + CLOCKS_DIFFER < self.wakes_at <= due:
            return None
        self.wakes_at = due
        return due

    def call_soon(self) -> None:
        """Have the worker send what is due, once the caller's transaction is committed."""
        from casewell.events.tasks import call_soon

        call_soon(self.account_id, self.pk, is_slow=self.is_slow)
