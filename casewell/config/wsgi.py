"""The application as a WSGI server loads it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

from casewell.lib.garbage import settle
from casewell.tenancy.roles import refuse_powerful_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casewell.config.settings")

application = get_wsgi_application()
refuse_powerful_role(connection)
connection.close()

settle()
