"""How forms are drawn: by the templates of casewell.web below `django/forms`. No forms live here."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Looks templates up as pages do, so that ours come before those of Django's forms."""
