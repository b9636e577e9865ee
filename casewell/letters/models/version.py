"""What a letter said, once for each time that it was written."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from casewell.letters.models.letter import Letter
from casewell.letters.models.template import LONGEST
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel


class LetterVersion(TenantModel):
    """A letter as it was written once; added to only. Of a final one, as it was sent.

    `said` is all that stood around the text that day: what the fields said, letterhead,
    addressee, date and signature (`casewell.letters.saying`).
    """

    append_only = True

    account = AccountField(related_name="letter_versions")
    letter = TenantForeignKey(Letter, models.PROTECT, related_name="versions")
    place = models.PositiveSmallIntegerField()
    title = models.CharField("subject", max_length=255)
    body = models.TextField("text", max_length=LONGEST)
    said: models.JSONField[Any, Any] = models.JSONField(default=dict)
    is_final = models.BooleanField(default=False)
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "letter", "place"], name="letter_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.place}"
