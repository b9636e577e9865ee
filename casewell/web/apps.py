from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "casewell.web"

    def ready(self) -> None:
        # Here and not on import: what papers say comes from models.
        from casewell.web.papers import invoice, statement

        invoice.register()
        statement.register()
