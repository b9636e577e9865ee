"""Addresses of the operator's pages."""

from __future__ import annotations

from casewell.web.routes import operator
from casewell.web.views import operator as pages

OPERATOR_PAGES = [
    operator("operator", pages.home, name="operator"),
    operator("operator/apps", pages.apps, name="operator-apps"),
    operator("operator/apps/new", pages.new, name="operator-app-new"),
    operator("operator/apps/<int:pk>", pages.app, name="operator-app"),
    operator("operator/apps/<int:pk>/edit", pages.edit, name="operator-app-edit"),
    operator("operator/apps/<int:pk>/approval", pages.approve, name="operator-app-approve"),
    operator("operator/apps/<int:pk>/suspension", pages.suspend, name="operator-app-suspend"),
]
