"""Addresses of patient cases."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import (
    case_linking,
    case_report,
    case_terms,
    cases,
    history,
    notices,
    successor,
    uncased,
    worklist,
)

CASES = [
    page("cases", cases.cases, may=May.SEE_PATIENTS, name="cases"),
    page("cases/worklist", worklist.worklist, may=May.SEE_PATIENTS, name="worklist"),
    page("cases/worklist.csv", worklist.as_csv, may=May.EXPORT, name="worklist-csv"),
    page("cases/report", case_report.report, may=May.SEE_PATIENTS, name="case-report"),
    page("cases/report.csv", case_report.as_csv, may=May.EXPORT, name="case-report-csv"),
    page("cases/reminders", notices.reminders, may=May.SEE_PATIENTS, name="case-reminders"),
    page("cases/reminders/seen", notices.seen, may=May.BOOK, name="case-reminders-seen"),
    page("appointments/uncased", uncased.uncased, may=May.BOOK, name="uncased"),
    page(
        "today/notices",
        notices.notices,
        may=May.SEE_PATIENTS,
        name="notices",
        background=True,
    ),
    page("cases/<int:pk>/duties/due", worklist.duties, may=May.EDIT_CASES, name="case-duties"),
    page("cases/<int:pk>", cases.case, may=May.SEE_PATIENTS, name="case"),
    page(
        "cases/<int:pk>/appointments",
        case_linking.appointments,
        may=May.BOOK,
        name="case-appointments",
    ),
    page(
        "cases/<int:pk>/appointments/outlook",
        case_linking.outlook,
        may=May.BOOK,
        name="case-outlook",
        background=True,
    ),
    page(
        "cases/<int:pk>/appointments/matching",
        case_linking.matching,
        may=May.BOOK,
        name="case-matching",
    ),
    page("cases/<int:pk>/successor", successor.start, may=May.EDIT_CASES, name="case-successor"),
    page("cases/<int:pk>/history", history.case, may=May.SEE_PATIENTS, name="case-history"),
    page("cases/<int:pk>/edit", cases.edit, may=May.EDIT_CASES, name="case-edit"),
    page("cases/<int:pk>/approvals", case_terms.approve, may=May.EDIT_CASES, name="case-approve"),
    page("cases/<int:pk>/limit", case_terms.raise_limit, may=May.EDIT_CASES, name="case-raise"),
    page(
        "cases/<int:pk>/amount",
        case_terms.raise_amount,
        may=May.EDIT_CASES,
        name="case-raise-amount",
    ),
    page("cases/<int:pk>/duties", case_terms.duty, may=May.EDIT_CASES, name="case-duty"),
    page("cases/<int:pk>/letter", case_terms.letter, may=May.EDIT_CASES, name="case-letter"),
    page(
        "approvals/<int:pk>/withdrawal",
        case_terms.withdraw,
        may=May.EDIT_CASES,
        name="approval-withdraw",
    ),
    page(
        "approvals/<int:pk>/return", case_terms.put_back, may=May.EDIT_CASES, name="approval-return"
    ),
    page("duties/<int:pk>/undoing", case_terms.duty_undone, may=May.EDIT_CASES, name="duty-undone"),
    page("cases/<int:pk>/closing", cases.close, may=May.EDIT_CASES, name="case-close"),
    page("cases/<int:pk>/reopening", cases.reopen, may=May.EDIT_CASES, name="case-reopen"),
    page("cases/<int:pk>/archive", cases.archive, may=May.ARCHIVE_CASES, name="case-archive"),
    page("cases/<int:pk>/restore", cases.restore, may=May.ARCHIVE_CASES, name="case-restore"),
]
