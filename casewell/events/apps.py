from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "casewell.events"

    def ready(self) -> None:
        from casewell.audit.hearing import let_hear
        from casewell.events.outbox import Outbox

        let_hear(Outbox())
