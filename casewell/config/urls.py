"""All addresses."""

from __future__ import annotations

from casewell.api import reference
from casewell.web import urls
from casewell.web.routes import public

urlpatterns = [
    public("docs/api", reference.home, name="api-reference"),
    public("docs/api/<slug:resource>", reference.of_resource, name="api-reference-of"),
    *urls.urlpatterns,
]
handler400 = "casewell.web.views.errors.bad_request"
handler403 = "casewell.web.views.errors.permission_denied"
handler404 = "casewell.web.views.errors.not_found"
handler500 = "casewell.web.views.errors.server_error"
