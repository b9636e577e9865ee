"""Addresses of recalls and of their types."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.urls.settings import kept
from casewell.web.views import recalls
from casewell.web.views.settings.recall_types import RECALL_TYPES

RECALLS = [
    page("recalls", recalls.due, may=May.SEE_PATIENTS, name="recalls"),
    page("recalls.csv", recalls.as_csv, may=May.EXPORT, name="recalls-csv"),
    page("patients/<int:pk>/recalls", recalls.new, may=May.EDIT_PATIENTS, name="recall-new"),
    page("recalls/<int:pk>", recalls.edit, may=May.EDIT_PATIENTS, name="recall"),
    page("recalls/<int:pk>/archive", recalls.archive, may=May.EDIT_PATIENTS, name="recall-archive"),
    page("recalls/<int:pk>/restore", recalls.restore, may=May.EDIT_PATIENTS, name="recall-restore"),
    page("recalls/<int:pk>/email", recalls.email, may=May.WRITE_LETTERS, name="recall-email"),
    page("recalls/<int:pk>/reopening", recalls.reopen, may=May.BOOK, name="recall-reopen"),
    *kept("recall-types", RECALL_TYPES),
]
