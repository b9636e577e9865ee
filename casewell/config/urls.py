"""All addresses."""

from __future__ import annotations

from casewell.web import urls

urlpatterns = urls.urlpatterns
handler400 = "casewell.web.views.errors.bad_request"
handler403 = "casewell.web.views.errors.permission_denied"
handler404 = "casewell.web.views.errors.not_found"
handler500 = "casewell.web.views.errors.server_error"
