from __future__ import annotations

from django.apps import AppConfig


class WaitingConfig(AppConfig):
    name = "casewell.waiting"
