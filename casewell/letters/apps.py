from __future__ import annotations

from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "casewell.letters"

    def ready(self) -> None:
        from casewell.letters.enclosing import register

        register()
