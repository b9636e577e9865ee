"""What the API itself keeps: calls counted by the minute, answers by idempotency key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantModel


class KeyMinute(models.Model):
    """How many calls a key has made in its latest minute.

    The table is UNLOGGED: counting writes nothing durable, and a crash forgets a minute.
    """

    key_id = models.BigIntegerField(primary_key=True)
    minute = models.BigIntegerField()  # since 1970
    calls = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.calls} calls of key {self.key_id}"


class IdempotentAnswer(TenantModel):
    """The answer to a POST that named an idempotency key, for the client that asks again.

    Its row is written first, in the transaction of what is done: who comes meanwhile waits at
    the unique key. `fingerprint` tells what was asked.
    """

    account = AccountField(related_name="idempotent_answers")
    key_of = models.BigIntegerField()  # the API key; no relation, for keys are no tenant's rows
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "created_at"], name="idempotent_answers_by_age")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "key_of", "key"], name="one_answer_for_each_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
