from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "casewell.web"

    def ready(self) -> None:
        from casewell.web.papers import statement

        statement.register()
