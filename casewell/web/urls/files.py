"""Addresses of files."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import case_summary, files

FILES = [
    page("patients/<int:pk>/files", files.upload, may=May.EDIT_PATIENTS, name="patient-files"),
    page("files/<int:pk>", files.original, may=May.SEE_PATIENTS, name="file"),
    page("files/<int:pk>/preview", files.preview, may=May.SEE_PATIENTS, name="file-preview"),
    page("files/<int:pk>/edit", files.edit, may=May.EDIT_PATIENTS, name="file-edit"),
    page("files/<int:pk>/archive", files.archive, may=May.EDIT_PATIENTS, name="file-archive"),
    page("files/<int:pk>/restore", files.restore, may=May.EDIT_PATIENTS, name="file-restore"),
    page(
        "cases/<int:pk>/summary.pdf",
        case_summary.summary,
        may=May.SEE_PATIENTS,
        name="case-summary",
    ),
]
