from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "casewell.tenancy"

    def ready(self) -> None:
        from casewell.tenancy import checks  # noqa: F401 - registers them
