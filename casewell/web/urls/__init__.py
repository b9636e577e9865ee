"""The pages' addresses, each with who may go there."""

from __future__ import annotations

from django.urls import include, path

from casewell.web.routes import signed_in
from casewell.web.urls import converters  # noqa: F401 - dates in addresses
from casewell.web.urls.appointments import APPOINTMENTS
from casewell.web.urls.away import AWAY
from casewell.web.urls.bookings import BOOKINGS
from casewell.web.urls.calendar import CALENDAR
from casewell.web.urls.cases import CASES
from casewell.web.urls.claims import CLAIMS
from casewell.web.urls.connections import CONNECTIONS
from casewell.web.urls.files import FILES
from casewell.web.urls.help import HELP
from casewell.web.urls.invoicing import INVOICING
from casewell.web.urls.letters import LETTERS
from casewell.web.urls.merging import MERGING
from casewell.web.urls.my_info import CALENDAR_FEEDS, MY_INFO
from casewell.web.urls.operator import OPERATOR_PAGES
from casewell.web.urls.people import CONTACTS, PATIENTS
from casewell.web.urls.recalls import RECALLS
from casewell.web.urls.reminders import REMINDERS, VISIT_LINKS
from casewell.web.urls.search import SEARCH
from casewell.web.urls.settings import SETTINGS
from casewell.web.urls.sign_in import SIGN_IN
from casewell.web.urls.till import TILL
from casewell.web.urls.today import TODAY
from casewell.web.urls.waiting import WAITING
from casewell.web.urls.webhooks import WEBHOOKS
from casewell.web.views import practices

INSIDE = [
    *TODAY,
    *CALENDAR,
    *APPOINTMENTS,
    *TILL,
    *AWAY,
    *WAITING,
    *BOOKINGS,
    *PATIENTS,
    *MERGING,
    *CASES,
    *CLAIMS,
    *INVOICING,
    *FILES,
    *LETTERS,
    *REMINDERS,
    *RECALLS,
    *CONTACTS,
    *SEARCH,
    *HELP,
    *MY_INFO,
    *SETTINGS,
    *WEBHOOKS,
]

urlpatterns = [
    signed_in("", practices.practices, name="practices"),
    *SIGN_IN,
    *CONNECTIONS,
    *VISIT_LINKS,
    *OPERATOR_PAGES,
    *CALENDAR_FEEDS,
    path("<slug:practice>/", include(INSIDE)),
]
