"""What is written: templates, letters and their versions, and all that was said to patients."""

from __future__ import annotations

from casewell.letters.models.communication import Communication
from casewell.letters.models.errors import LetterArchived, LetterIsDraft, LetterIsFinal, NoAddress
from casewell.letters.models.letter import Letter
from casewell.letters.models.template import LONGEST, LetterTemplate, shipped_templates
from casewell.letters.models.version import LetterVersion
from casewell.letters.models.writing import ask_to_complete, write

__all__ = [
    "LONGEST",
    "Communication",
    "Letter",
    "LetterArchived",
    "LetterIsDraft",
    "LetterIsFinal",
    "LetterTemplate",
    "LetterVersion",
    "NoAddress",
    "ask_to_complete",
    "shipped_templates",
    "write",
]
