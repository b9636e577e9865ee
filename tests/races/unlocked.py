"""The application with its locks taken out: what the races must be able to catch."""

from __future__ import annotations

from casewell.config.wsgi import application

# isort: split
# Models can be imported when the application has set Django up, and not before.
from casewell.accounts.invitations import InvitationQuerySet
from casewell.cases.models import PatientCase

__all__ = ["application"]


def read_without_a_lock(case: PatientCase) -> PatientCase:
    return PatientCase.objects.select_related("account").get(pk=case.pk)


PatientCase.held = read_without_a_lock  # type: ignore[assignment, method-assign]


def without_a_lock(rows: InvitationQuerySet, **_: object) -> InvitationQuerySet:
    return rows.all()


InvitationQuerySet.select_for_update = without_a_lock  # type: ignore[assignment, method-assign]
