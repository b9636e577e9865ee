"""Which changes belong to a practitioner's history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.web.availability_words import DAY_OFF, EXTRA_HOURS, PRACTITIONER
from casewell.web.history_rows import rows_of, together

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Practitioner
    from casewell.audit.models import Change


def changes_of_practitioner(one: Practitioner) -> QuerySet[Change]:
    """The changes of a practitioner: of their details, of their hours, of the days that differ."""
    account = one.account
    return together(
        [
            rows_of(account, PRACTITIONER, [one.pk]),
            rows_of(account, EXTRA_HOURS, one.availability_blocks.values("pk")),
            rows_of(account, DAY_OFF, one.days_off.values("pk")),
        ]
    )
