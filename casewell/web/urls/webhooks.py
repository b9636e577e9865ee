"""Addresses of webhooks, in settings."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views.settings import webhooks as views

HERE, MAY = "settings/webhooks", May.EDIT_SETTINGS
ONE = f"{HERE}/<int:pk>"

WEBHOOKS = [
    page(HERE, views.webhooks, may=MAY, name="settings-webhooks"),
    page(f"{HERE}/new", views.new, may=MAY, name="settings-webhook-new"),
    page(ONE, views.webhook, may=MAY, name="settings-webhook"),
    page(f"{ONE}/edit", views.edit, may=MAY, name="webhook-edit"),
    page(f"{ONE}/secret", views.secret, may=MAY, name="webhook-secret"),
    page(f"{ONE}/removal", views.removal, may=MAY, name="webhook-remove"),
    page(f"{ONE}/switch", views.switch, may=MAY, name="webhook-switch"),
    page(f"{ONE}/trial", views.trial, may=MAY, name="webhook-trial"),
    page(f"{ONE}/failed", views.send_failed_again, may=MAY, name="webhook-send-failed"),
    page(
        "settings/webhook-deliveries/<int:pk>/repeat",
        views.send_again,
        may=MAY,
        name="webhook-delivery-repeat",
    ),
]
