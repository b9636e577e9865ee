"""Addresses of merging patients."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import merging

MERGING = [
    page("patients/<int:pk>/merge", merging.merge, may=May.MERGE_PATIENTS, name="patient-merge"),
    page("settings/merges", merging.merges, may=May.MERGE_PATIENTS, name="settings-merges"),
    page("merges/<int:pk>/undo", merging.undo, may=May.MERGE_PATIENTS, name="merge-undo"),
]
