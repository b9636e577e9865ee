"""The application as a WSGI server loads it."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

from casewell.tenancy.roles import refuse_powerful_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casewell.config.settings")

application = get_wsgi_application()
refuse_powerful_role(connection)
connection.close()

# What is loaded by now stays. Left out of the search for garbage, it does not slow the answers
# that make many objects.
gc.collect()
gc.freeze()
