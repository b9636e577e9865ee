"""Change rows: who changed what, from what to what, and when; written with the change itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from casewell.audit.hearing import write_down
from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from casewell.audit.actors import Actor
    from casewell.tenancy.scope import HasKey

OF_NO_RECORD = 0  # the `target_id` of what was done to many records at once
UNTOLD_FIELDS = frozenset({"id", "account", "created_at", "updated_at", "digest"})


class Recordable(Protocol):
    """A record whose changes are told: a practice's own, or the practice and its members."""

    pk: Any
    _meta: ClassVar[Any]
    _state: Any

    @property
    def account_id(self) -> Any: ...


class ChangeQuerySet(TenantQuerySet["Change"]):
    def of(self, record: Recordable) -> ChangeQuerySet:
        """The history of one record, latest first."""
        return self.filter(target_type=record._meta.label_lower, target_id=record.pk).order_by(
            "-id"
        )


ChangeManager = TenantManager.from_queryset(ChangeQuerySet)


class Change(TenantModel):
    """One change of one record. `changes` is `{"field": [from, to]}`, values as in JSON."""

    append_only = True

    account = AccountField(related_name="changes")
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    api_key = models.ForeignKey(
        "accounts.ApiKey", models.PROTECT, null=True, related_name="+", db_index=False
    )
    job = models.CharField(max_length=100, blank=True)
    verb = models.CharField(max_length=50)
    target_type = models.CharField(max_length=50)
    target_id = models.BigIntegerField()
    changes = models.JSONField(encoder=DjangoJSONEncoder)

    objects: ClassVar[ChangeManager] = ChangeManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "target_type", "target_id", "id"], name="history")
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type} {self.target_id}"


@contextmanager
def recorded(
    record: Recordable, verb: str, *, by: Actor, before: Recordable | None = None
) -> Iterator[None]:
    """Write down what the block changes of `record`, in the block's own transaction.

    A record that is not stored yet is recorded with all its values; a block that changes
    nothing leaves no row. `before` is its former state, where `record` itself has left that.
    """
    former = before or record
    is_new = record._state.adding
    before_values = {} if is_new else stored_values(former)
    yield
    after = stored_values(record)
    changes = (
        values_of_new(record)
        if is_new
        else {
            name: [before_values.get(name), value]
            for name, value in after.items()
            if before_values.get(name) != value
        }
    )
    if changes:
        record_change(record, verb, changes, by=by)


def values_of_new(record: Recordable) -> dict[str, Any]:
    """What is told of a record that was not there before: all that it has, from nothing."""
    values = stored_values(record).items()
    return {name: [None, value] for name, value in values if value not in (None, "", False)}


def record_change(record: Recordable, verb: str, changes: dict[str, Any], *, by: Actor) -> None:
    """Add a Change row for `record`, whose `changes` are `{"field": [from, to]}`."""
    record_changes([(record, changes)], verb, by=by)


def record_changes(
    changed: Iterable[tuple[Recordable, dict[str, Any]]], verb: str, *, by: Actor
) -> None:
    """`record_change` for many records of one account that a verb changed, in one statement."""
    told = list(changed)
    rows = [
        Change(
            account_id=record.account_id,
            verb=verb,
            target_type=record._meta.label_lower,
            target_id=record.pk,
            changes=changes,
            **_who(by),
        )
        for record, changes in told
    ]
    if rows:
        write_down(rows, [record for record, _ in told])


def record_export(
    model: type[TenantModel], what: dict[str, Any], *, account: HasKey, by: Actor
) -> None:
    """Write down that `by` took many records of a kind out of the practice, and `what` of them."""
    Change.objects.create(
        account_id=account.pk,
        verb="exported",
        target_type=model._meta.label_lower,
        target_id=OF_NO_RECORD,
        changes={name: [None, value] for name, value in what.items()},
        **_who(by),
    )


def _who(by: Actor) -> dict[str, Any]:
    user_id = by.member.user_id if by.member else None
    return {"user_id": user_id, "api_key": by.api_key, "job": by.job}


def stored_values(record: Recordable) -> dict[str, Any]:
    """The record's own columns by field name, relations as ids; not where its bytes are kept.

    A model's own `untold_fields` are its secrets, and what it notes of its own accord.
    """
    untold = UNTOLD_FIELDS | getattr(record, "untold_fields", frozenset())
    return {
        field.name: field.value_from_object(record)
        for field in record._meta.local_fields
        if field.name not in untold and not isinstance(field, models.FileField)
    }


class Submission(TenantModel):
    """A page's form that was sent: its one-time token, and where its sender was led.

    The unique token makes the second click of a double click wait for the first, and then end
    where that one ended.
    """

    account = AccountField(related_name="submissions")
    token = models.CharField(max_length=64)
    location = models.CharField(max_length=2000, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "token"], name="submitted_once")
        ]

    def __str__(self) -> str:
        return self.token


from casewell.audit.mail import OutgoingMail  # noqa: E402 - Django finds models in this module

__all__ = [
    "Change",
    "OutgoingMail",
    "Submission",
    "record_change",
    "record_changes",
    "recorded",
    "stored_values",
    "values_of_new",
]
