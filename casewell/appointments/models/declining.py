"""That a visit was decided to be in no case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from casewell.audit.models import recorded
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from datetime import datetime

    from casewell.audit.actors import Actor


class CaseDeclining(TenantModel):
    """A visit without a case, which is either forgotten or meant."""

    case_declined_at = models.DateTimeField("not for a case", null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = True

    def decline_case(self, *, by: Actor) -> None:
        """Say that it is not for a case, so that nobody asks again."""
        self._set_case_declined_at(timezone.now(), "left without a case", by)

    def ask_for_case(self, *, by: Actor) -> None:
        """Undo `decline_case`."""
        self._set_case_declined_at(None, "waits for a case", by)

    def _set_case_declined_at(self, moment: datetime | None, verb: str, by: Actor) -> None:
        with recorded(self, verb, by=by):
            self.case_declined_at = moment
            self.save(update_fields=["case_declined_at", "updated_at"])
