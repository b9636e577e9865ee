"""Settings: reminders of appointments, with a look at what they say to a made-up patient."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect

from casewell.reminders.fields import FIELDS, filled, filled_line, sample_of
from casewell.reminders.forms import ReminderTermsForm
from casewell.reminders.gateways import chosen_gateway
from casewell.reminders.models import ReminderTerms
from casewell.web.letter_fields import PREVIEWED
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

SECTION = "settings-reminders"
SHOWN_TEXTS = ("subject", "email_text", "text_message", "last_visit_text")


def reminders(request: PracticeRequest) -> HttpResponse:
    """The form; sent to be looked at, it is drawn again and saves nothing."""
    looking = "look" in request.POST
    terms = ReminderTerms.of(request.account)
    if request.method == "POST" and not looking:
        terms = ReminderTerms.objects.select_for_update(no_key=True).get(pk=terms.pk)
    terms.account = request.account
    form = ReminderTermsForm(request.POST or None, instance=terms)
    if not looking and form.is_valid():
        form.save(by=request.actor)
        messages.success(request, "The settings of reminders are saved.")
        return redirect(SECTION, request.account.slug)
    for name in SHOWN_TEXTS:
        form.fields[name].widget.attrs |= PREVIEWED | {"hx-post": request.path}
    context = {
        "form": form,
        "groups": [(group, list(some)) for group, some in groupby(FIELDS, lambda f: f.group)],
        "look": _look(request, form),
        "mail_is_set_up": settings.MAIL_IS_SET_UP,
        "texts_are_set_up": chosen_gateway() is not None,
    }
    status = 422 if form.is_bound and not looking else 200
    return page_of_settings(request, "settings/reminders.html", SECTION, context, status)


def _look(request: PracticeRequest, form: ReminderTermsForm) -> dict[str, Any]:
    """What the texts say, as they are typed now, on the last visit of a case."""
    terms = form.sketch()
    business = request.account.businesses.live().order_by("id").first()
    values = sample_of(request.account, business, terms)
    return {
        "subject": filled_line(terms.subject, values),
        "email": filled(terms.email_text, values),
        "text": filled_line(terms.text_message, values),
    }
