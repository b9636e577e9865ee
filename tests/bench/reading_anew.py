"""Settings of a site that reads anew whatever it is asked, as the limit does beside it."""

from casewell.config.settings import *  # noqa: F403
from casewell.config.settings import CACHES as SHIPPED

CACHES = SHIPPED | {"moment": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
