"""How forms are drawn, by the templates below `django/forms`, and how pages prepare them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.forms import BaseForm
from django.forms.renderers import TemplatesSetting
from django.urls import reverse

from casewell.lib.fields import RecordSearch

if TYPE_CHECKING:
    from casewell.web.requests import PracticeRequest

FormT = TypeVar("FormT", bound=BaseForm)


class Renderer(TemplatesSetting):
    """Looks templates up as pages do, so that ours come before those of Django's forms."""


def prepared(form: FormT, request: PracticeRequest) -> FormT:
    """The form, its search fields told where in this practice to search."""
    for field in form.fields.values():
        if isinstance(field.widget, RecordSearch):
            field.widget.url = reverse(field.widget.route, args=[request.account.slug])
    return form
