"""Settings: the reasons for which patients are recalled."""

from __future__ import annotations

from casewell.recalls.forms import RecallTypeForm
from casewell.web.views.settings.collections import Collection

RECALL_TYPES = Collection(
    "settings-recall-type",
    "Recall types",
    "recall type",
    "recall_types",
    ("name", "id"),
    RecallTypeForm,
    "settings/recall_types.html",
    "It can no longer be chosen. Recalls of this type stay, and it can be restored.",
)
