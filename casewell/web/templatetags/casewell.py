"""Template words of the project, known in every template without loading."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from casewell.web.submissions import FIELD, new_token

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """The hidden field by which a form that is sent twice acts once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_token())
