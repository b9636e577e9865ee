from __future__ import annotations

from django.apps import AppConfig


class RecallsConfig(AppConfig):
    name = "casewell.recalls"
