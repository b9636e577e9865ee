"""Addresses of patient cases."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import cases, history

CASES = [
    page("cases", cases.cases, may=May.SEE_PATIENTS, name="cases"),
    page("cases/<int:pk>", cases.case, may=May.SEE_PATIENTS, name="case"),
    page("cases/<int:pk>/history", history.case, may=May.SEE_PATIENTS, name="case-history"),
    page("cases/<int:pk>/edit", cases.edit, may=May.EDIT_CASES, name="case-edit"),
    page("cases/<int:pk>/closing", cases.close, may=May.EDIT_CASES, name="case-close"),
    page("cases/<int:pk>/reopening", cases.reopen, may=May.EDIT_CASES, name="case-reopen"),
    page("cases/<int:pk>/archive", cases.archive, may=May.ARCHIVE_CASES, name="case-archive"),
    page("cases/<int:pk>/restore", cases.restore, may=May.ARCHIVE_CASES, name="case-restore"),
]
