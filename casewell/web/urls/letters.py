"""Addresses of letters and of their templates."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import letter_sending, letters, new_letter
from casewell.web.views.settings import letter_templates

TEMPLATES = "settings/letter-templates"
LETTERS = [
    page("patients/<int:pk>/letters", new_letter.new, may=May.WRITE_LETTERS, name="letter-new"),
    page(
        "patients/<int:pk>/communications",
        letter_sending.communications,
        may=May.SEE_LETTERS,
        name="communications",
    ),
    page("letters/<int:pk>", letters.letter, may=May.SEE_LETTERS, name="letter"),
    page("letters/<int:pk>/letter.pdf", letters.pdf, may=May.SEE_LETTERS, name="letter-pdf"),
    page("letters/<int:pk>/edit", letters.edit, may=May.WRITE_LETTERS, name="letter-edit"),
    page("letters/<int:pk>/final", letters.finalise, may=May.WRITE_LETTERS, name="letter-final"),
    page(
        "letters/<int:pk>/draft", letters.take_back, may=May.WRITE_LETTERS, name="letter-take-back"
    ),
    page("letters/<int:pk>/copy", letters.copy, may=May.WRITE_LETTERS, name="letter-copy"),
    page("letters/<int:pk>/archive", letters.archive, may=May.WRITE_LETTERS, name="letter-archive"),
    page("letters/<int:pk>/restore", letters.restore, may=May.WRITE_LETTERS, name="letter-restore"),
    page(
        "letters/<int:pk>/email", letter_sending.email, may=May.WRITE_LETTERS, name="letter-email"
    ),
    page(
        "letters/<int:pk>/printed",
        letter_sending.printed,
        may=May.WRITE_LETTERS,
        name="letter-printed",
    ),
    page(
        TEMPLATES,
        letter_templates.templates,
        may=May.EDIT_TEMPLATES,
        name="settings-letter-templates",
    ),
    page(
        f"{TEMPLATES}/new",
        letter_templates.new,
        may=May.EDIT_TEMPLATES,
        name="settings-letter-template-new",
    ),
    page(
        f"{TEMPLATES}/<int:pk>",
        letter_templates.edit,
        may=May.EDIT_TEMPLATES,
        name="settings-letter-template",
    ),
    page(
        f"{TEMPLATES}/<int:pk>/archive",
        letter_templates.archive,
        may=May.EDIT_TEMPLATES,
        name="settings-letter-template-archive",
    ),
    page(
        f"{TEMPLATES}/<int:pk>/restore",
        letter_templates.restore,
        may=May.EDIT_TEMPLATES,
        name="settings-letter-template-restore",
    ),
]
